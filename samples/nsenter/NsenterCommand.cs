using System.CommandLine;

namespace NsGen.Samples.Nsenter;

/// <summary>The options of nsenter(1), and what they mean to NsGen.</summary>
internal sealed class NsenterCommand : RootCommand
{
    private readonly Option<int?> _target = Make.Value<int?>("--target, -t", "pid", "the process whose namespaces, root and working directory are meant");
    private readonly Option<bool> _all = Make.Flag("--all, -a", "enter all namespaces of the target that are not the caller's own");
    private readonly NamespaceOptions _namespaces = new(static kind => $"enter the {kind} namespace of the target, or that of the file");
    private readonly Option<bool> _userParent = Make.Flag(
        "--user-parent", "enter the user namespace around that of the target, or around the caller's own");
    private readonly Option<string?> _setUser = Make.Value<string?>(
        "--setuid, -S", "uid|name", "become this user, as seen inside; 0 by default with --user");

    private readonly Option<string?> _setGroup = Make.Value<string?>(
        "--setgid, -G", "gid|name", "become this group, as seen inside, and drop the others; 0 by default with --user");

    private readonly Option<bool> _preserve = Make.Flag("--preserve-credentials", "leave user and groups as they are");

    private readonly Option<string?> _root = Make.OptionalValue(
        "--root, -r", "directory", "the root directory: the target's, or this one, by pivot_root(2) in a mount namespace of its own");

    private readonly Option<string?> _directory = Make.OptionalValue(
        "--wd, -w", "directory", "the working directory: the target's, or this one of the caller's");
    private readonly Option<string?> _directoryInside = Make.Value<string?>("--wdns, -W", "directory", "the working directory, as seen inside");
    private readonly Option<bool> _noFork = Make.Flag("--no-fork, -F", "without effect: the program is a child in any case");

    public NsenterCommand()
        : base(
            "Run a program in namespaces that exist, as nsenter(1) does. It is a child, as a .NET process cannot become another program: signals are "
            + "passed on to it, it dies with nsenter, and nsenter ends as it does.")
    {
        foreach (Option option in (Option[])[
            _target, _all, .. _namespaces.All, _userParent, _setUser, _setGroup, _preserve, _root, _directory, _directoryInside, _noFork])
        {
            Options.Add(option);
        }

        Arguments.Add(Words);
    }

    /// <summary>The program and its arguments.</summary>
    public Argument<string[]> Words { get; } = Make.Words();

    /// <summary>Whose namespaces are entered, and which; null where none are.</summary>
    /// <exception cref="UsageException">A target is missing.</exception>
    /// <exception cref="NamespaceException">A process or a file does not exist, or may not be looked at.</exception>
    public (NamespaceTarget? Target, Namespaces Kinds) ReadTarget(ParseResult result)
    {
        Dictionary<Namespaces, string> files = _namespaces.Files(result).ToDictionary(static pair => pair.Kind, static pair => pair.File);
        Namespaces kinds = _namespaces.Given(result);
        if (result.GetValue(_all))
        {
            kinds |= OthersOf(Process(result));
        }

        // The target's root is one of its mount namespace.
        if (result.GetResult(_root) is not null && result.GetValue(_root) is null)
        {
            kinds |= OthersOf(Process(result)) & Namespaces.Mount;
        }

        bool userParent = result.GetValue(_userParent);
        if (userParent && kinds.HasFlag(Namespaces.User))
        {
            throw new UsageException("--user and --user-parent are mutually exclusive");
        }

        if (files.Count == 0 && !userParent)
        {
            return (kinds == Namespaces.None ? null : NamespaceTarget.FromProcess(Process(result)), kinds);
        }

        var handles = new List<NamespaceHandle>();
        try
        {
            foreach (Namespaces kind in Enum.GetValues<Namespaces>().Where(kind => kind is not (Namespaces.None or Namespaces.All) && kinds.HasFlag(kind)))
            {
                handles.Add(files.TryGetValue(kind, out string? file) ? NamespaceHandle.Open(file, kind) : NamespaceHandle.Of(Process(result), kind));
            }

            if (userParent)
            {
                handles.Add(ParentUser(result.GetValue(_target)));
                kinds |= Namespaces.User;
            }

            return (NamespaceTarget.FromHandles([.. handles]), kinds);
        }
        finally
        {
            handles.ForEach(static handle => handle.Dispose());
        }
    }

    /// <summary>All else that the command line asks for.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="kinds">What is entered.</param>
    /// <exception cref="UsageException">Options that cannot be, or not together.</exception>
    public IsolationOptions ReadOptions(ParseResult result, Namespaces kinds)
    {
        var options = new IsolationOptions
        {
            Join = kinds,
            UserId = result.GetValue(_setUser) is { } user ? Ids.Parse(user, Ids.Users) : null,
            GroupId = result.GetValue(_setGroup) is { } group ? Ids.Parse(group, Ids.Groups) : null,
            PreserveCredentials = result.GetValue(_preserve),
            WorkingDirectory = result.GetValue(_directoryInside),
        };
        if (result.GetResult(_root) is not null)
        {
            Places.SetRoot(options, result.GetValue(_root), () => Process(result));
        }

        if (result.GetResult(_directory) is not null)
        {
            Places.SetDirectory(options, result.GetValue(_directory), () => Process(result));
        }

        return options;
    }

    private int Process(ParseResult result)
        => result.GetValue(_target) ?? throw new UsageException("whose? Give a process with --target, or a file with each namespace");

    private static Namespaces OthersOf(int pid) => NamespaceSet.Current().Differences(NamespaceSet.Of(pid));

    private static NamespaceHandle ParentUser(int? pid)
    {
        using NamespaceHandle user = pid is { } id ? NamespaceHandle.Of(id, Namespaces.User) : NamespaceHandle.Current(Namespaces.User);
        return user.GetParent() ?? throw new UsageException($"{user} has no parent, or none that the caller may see");
    }
}
