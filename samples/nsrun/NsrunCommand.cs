using System.CommandLine;

namespace NsGen.Samples.Nsrun;

/// <summary>The options of unshare(1), and what they mean to NsGen.</summary>
internal sealed class NsrunCommand : RootCommand
{
    private readonly Option<bool> _fork = Make.Flag("--fork, -f", "ignore SIGINT and SIGTERM meanwhile, and let the program live on when nsrun is killed");
    private readonly Option<string?> _mapUser = Make.Value<string?>("--map-user", "uid|name", "be this user inside (implies --user)");
    private readonly Option<string?> _mapGroup = Make.Value<string?>("--map-group", "gid|name", "be this group inside (implies --user)");
    private readonly Option<bool> _mapRoot = Make.Flag("--map-root-user, -r", "be root inside (implies --user)");
    private readonly Option<bool> _mapCurrent = Make.Flag("--map-current-user, -c", "be the same user and group inside (implies --user)");
    private readonly Option<bool> _mapAuto = Make.Flag("--map-auto", "map the ranges of /etc/subuid and /etc/subgid (implies --user)");

    private readonly Option<string[]> _mapUsers = Make.Value<string[]>(
        "--map-users", "range", "map users: outer,inner,count, inner:outer:count or auto, the range of /etc/subuid, from 0 on (implies --user)");

    private readonly Option<string[]> _mapGroups = Make.Value<string[]>("--map-groups", "range", "map groups likewise (implies --user)");

    private readonly Option<string?> _killChild = Make.OptionalValue(
        "--kill-child", "signal", "send the program this signal when nsrun ends, SIGKILL by default (implies --fork)");

    private readonly Option<string?> _mountProc = Make.OptionalValue(
        "--mount-proc", "directory", "mount a fresh proc, on /proc by default (implies --mount)");

    private readonly Option<string?> _propagation = Make.Value<string?>(
        "--propagation", "kind", "private, slave, shared or unchanged: of mounts in the new mount namespace; private by default");

    private readonly Option<string?> _setGroups = Make.Value<string?>("--setgroups", "allow|deny", "setgroups(2) in the new user namespace");

    private readonly Option<bool> _keepCapabilities = Make.Flag(
        "--keep-caps", "capabilities of the user namespace are the program's also where it is not root in there");

    private readonly Option<string?> _root = Make.Value<string?>(
        "--root, -R", "directory", "the program's root directory, by pivot_root(2) and not chroot(2) (implies --mount)");

    private readonly Option<string?> _directory = Make.Value<string?>("--wd, -w", "directory", "the program's working directory");
    private readonly Option<string?> _setUser = Make.Value<string?>("--setuid, -S", "uid|name", "become this user, as seen inside");
    private readonly Option<string?> _setGroup = Make.Value<string?>("--setgid, -G", "gid|name", "become this group, as seen inside, and drop the others");
    private readonly Option<long> _monotonic = Make.Value<long>("--monotonic", "seconds", "offset of CLOCK_MONOTONIC with --time");
    private readonly Option<long> _boottime = Make.Value<long>("--boottime", "seconds", "offset of CLOCK_BOOTTIME with --time");
    private readonly Option<string?> _hostName = Make.Value<string?>("--hostname", "name", "host name inside (implies --uts; not in unshare(1))");
    private readonly Option<bool> _init = Make.Flag("--init", "a minimal init as PID 1, the program as its child (implies --pid; not in unshare(1))");
    private readonly Option<bool> _loopback = Make.Flag("--loopback", "bring lo up with --net (not in unshare(1))");

    public NsrunCommand()
        : base(
            "Run a program in namespaces of its own, as unshare(1) does. It is always a child, as a .NET process cannot become another program. "
            + "Without --fork that is hidden: signals are passed on to it, it dies with nsrun, and nsrun ends as it does.")
    {
        foreach (Option option in Namespaces.All)
        {
            Options.Add(option);
        }

        foreach (Option option in (Option[])[
            _fork, _mapUser, _mapGroup, _mapRoot, _mapCurrent, _mapAuto, _mapUsers, _mapGroups, _killChild, _mountProc, _propagation, _setGroups,
            _keepCapabilities, _root, _directory, _setUser, _setGroup, _monotonic, _boottime, _hostName, _init, _loopback])
        {
            Options.Add(option);
        }

        _propagation.AcceptOnlyFromAmong("private", "slave", "shared", "unchanged");
        _setGroups.AcceptOnlyFromAmong("allow", "deny");
        Arguments.Add(Words);
    }

    public NamespaceOptions Namespaces { get; } = new(static kind => $"a new {kind} namespace, kept in the file after its end");

    /// <summary>The program and its arguments.</summary>
    public Argument<string[]> Words { get; } = Make.Words();

    /// <summary>Whether the program is more than a stand-in for this process.</summary>
    public bool Forks(ParseResult result) => result.GetValue(_fork) || result.GetResult(_killChild) is not null;

    /// <summary>What the command line asks for.</summary>
    /// <exception cref="UsageException">Options that cannot be, or not together.</exception>
    public IsolationOptions ReadOptions(ParseResult result)
    {
        IdMaps maps = ReadMaps(result);
        bool mountProc = result.GetResult(_mountProc) is not null;
        string? root = result.GetValue(_root);
        Namespaces namespaces = Namespaces.Given(result)
            | When(maps.Any, NsGen.Namespaces.User)
            | When(mountProc || root is not null, NsGen.Namespaces.Mount)
            | When(result.GetValue(_hostName) is not null, NsGen.Namespaces.Uts)
            | When(result.GetValue(_init), NsGen.Namespaces.Pid);
        if (mountProc && (namespaces & (NsGen.Namespaces.User | NsGen.Namespaces.Pid)) == NsGen.Namespaces.User)
        {
            throw new UsageException("--mount-proc with a user namespace needs --pid: the processes of another PID namespace are not its to show");
        }

        if (!namespaces.HasFlag(NsGen.Namespaces.Time) && (result.GetResult(_monotonic) ?? result.GetResult(_boottime)) is not null)
        {
            throw new UsageException("--monotonic and --boottime need --time");
        }

        return new IsolationOptions
        {
            Namespaces = namespaces,
            UidMap = maps.Users,
            GidMap = maps.Groups,
            SetGroups = maps.AllowSetGroups,
            AmbientCapabilities = result.GetValue(_keepCapabilities),
            PreserveCredentials = true,
            UserId = result.GetValue(_setUser) is { } user ? Ids.Parse(user, Ids.Users) : null,
            GroupId = result.GetValue(_setGroup) is { } group ? Ids.Parse(group, Ids.Groups) : null,
            Propagation = result.GetValue(_propagation) is { } propagation ? Enum.Parse<MountPropagation>(propagation, ignoreCase: true) : null,
            MountProc = false,
            Mounts = mountProc ? [MountEntry.Proc(ProcDirectory(result.GetValue(_mountProc), root), masked: false)] : null,
            RootDirectory = root,
            WorkingDirectory = result.GetValue(_directory),
            MonotonicOffsetSeconds = result.GetValue(_monotonic),
            BoottimeOffsetSeconds = result.GetValue(_boottime),
            HostName = result.GetValue(_hostName),
            Init = result.GetValue(_init),
            LoopbackUp = result.GetValue(_loopback),
            KillOnParentExit = result.GetResult(_killChild) is not null || !result.GetValue(_fork),
            ParentExitSignal = result.GetValue(_killChild) is { } signal ? ParseSignal(signal) : null,
        };
    }

    private static Namespaces When(bool condition, Namespaces namespaces) => condition ? namespaces : NsGen.Namespaces.None;

    private static string ProcDirectory(string? given, string? root)
        => given is null ? "/proc" : root is null ? Path.GetFullPath(given) : Path.GetFullPath(given, "/");

    private IdMaps ReadMaps(ParseResult result)
    {
        bool root = result.GetValue(_mapRoot);
        bool current = result.GetValue(_mapCurrent);
        if (root && current)
        {
            throw new UsageException("--map-root-user and --map-current-user are mutually exclusive");
        }

        string[] auto = result.GetValue(_mapAuto) ? ["auto"] : [];
        return IdMaps.Create(
            Single(result.GetValue(_mapUser), Ids.Users, Native.GetEffectiveUserId()),
            Single(result.GetValue(_mapGroup), Ids.Groups, Native.GetEffectiveGroupId()),
            [.. result.GetValue(_mapUsers) ?? [], .. auto],
            [.. result.GetValue(_mapGroups) ?? [], .. auto],
            result.GetValue(_setGroups),
            isAsked: Namespaces.Given(result).HasFlag(NsGen.Namespaces.User));

        uint? Single(string? given, string database, uint own)
            => given is not null ? Ids.Parse(given, database) : root ? 0 : current ? own : null;
    }

    private static int ParseSignal(string text)
    {
        string name = text.StartsWith("SIG", StringComparison.OrdinalIgnoreCase) ? text[3..] : text;
        int signal = Enum.TryParse(name, ignoreCase: true, out KillSignal known) ? (int)known : 0;
        string names = string.Join(", ", Enum.GetNames<KillSignal>()).ToUpperInvariant();
        return signal is >= 1 and <= 64 ? signal : throw new UsageException($"unknown signal '{text}': give its number, or one of {names}");
    }

    /// <summary>The signals by which programs are asked to end, or to do something, see signal(7); Enum.Parse reads numbers as well.</summary>
    private enum KillSignal
    {
        Hup = 1,
        Int = 2,
        Quit = 3,
        Abrt = 6,
        Kill = 9,
        Usr1 = 10,
        Usr2 = 12,
        Alrm = 14,
        Term = 15,
        Stop = 19,
    }
}
