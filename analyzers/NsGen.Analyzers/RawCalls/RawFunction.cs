namespace NsGen.Analyzers.RawCalls;

/// <summary>The role of an argument in libc's prototype; a P/Invoke may name its parameters as it likes, but not reorder them.</summary>
internal enum RawParameter
{
    Args,
    Argument,
    Buffer,
    ChildTid,
    Count,
    Data,
    DirectoryFd,
    Environment,
    Fd,
    FileSystemType,
    Flags,
    Function,
    Id,
    IdType,
    Info,
    Length,
    Mode,
    NsType,
    Offset,
    Options,
    ParentTid,
    Path,
    Pid,
    Protection,
    ResourceUsage,
    Size,
    Source,
    Stack,
    Status,
    Target,
    Tls,
}

/// <summary>A libc function that some rule reads.</summary>
internal sealed class RawFunction
{
    private static readonly Dictionary<string, RawFunction> s_byName = new(StringComparer.Ordinal);

    public static readonly RawFunction Clone = new(
        "clone",
        RawParameter.Function,
        RawParameter.Stack,
        RawParameter.Flags,
        RawParameter.Argument,
        RawParameter.ParentTid,
        RawParameter.Tls,
        RawParameter.ChildTid);

    // glibc exports no clone3: it is reached through a wrapper around syscall(2) that the user names, which may take the flags themselves.
    public static readonly RawFunction Clone3 = new("clone3", RawParameter.Args, RawParameter.Size, RawParameter.Flags);
    public static readonly RawFunction Unshare = new("unshare", RawParameter.Flags);
    public static readonly RawFunction Setns = new("setns", RawParameter.Fd, RawParameter.NsType);
    public static readonly RawFunction Fork = new("fork");
    public static readonly RawFunction Vfork = new("vfork");

    public static readonly RawFunction Mount = new(
        "mount", RawParameter.Source, RawParameter.Target, RawParameter.FileSystemType, RawParameter.Flags, RawParameter.Data);

    public static readonly RawFunction Umount = new("umount", RawParameter.Target);
    public static readonly RawFunction Umount2 = new("umount2", RawParameter.Target, RawParameter.Flags);

    public static readonly RawFunction Open = new("open", RawParameter.Path, RawParameter.Flags, RawParameter.Mode);
    public static readonly RawFunction Open64 = new("open64", RawParameter.Path, RawParameter.Flags, RawParameter.Mode);
    public static readonly RawFunction Openat = new("openat", RawParameter.DirectoryFd, RawParameter.Path, RawParameter.Flags, RawParameter.Mode);
    public static readonly RawFunction PidfdOpen = new("pidfd_open", RawParameter.Pid, RawParameter.Flags);
    public static readonly RawFunction Write = new("write", RawParameter.Fd, RawParameter.Buffer, RawParameter.Count);
    public static readonly RawFunction Close = new("close", RawParameter.Fd);
    public static readonly RawFunction Readlink = new("readlink", RawParameter.Path, RawParameter.Buffer, RawParameter.Size);

    public static readonly RawFunction Wait = new("wait", RawParameter.Status);
    public static readonly RawFunction Wait3 = new("wait3", RawParameter.Status, RawParameter.Options, RawParameter.ResourceUsage);
    public static readonly RawFunction Wait4 = new("wait4", RawParameter.Pid, RawParameter.Status, RawParameter.Options, RawParameter.ResourceUsage);
    public static readonly RawFunction Waitpid = new("waitpid", RawParameter.Pid, RawParameter.Status, RawParameter.Options);
    public static readonly RawFunction Waitid = new("waitid", RawParameter.IdType, RawParameter.Id, RawParameter.Info, RawParameter.Options);

    public static readonly RawFunction Getpid = new("getpid");
    public static readonly RawFunction Getppid = new("getppid");
    public static readonly RawFunction Gettid = new("gettid");
    public static readonly RawFunction Execve = new("execve", RawParameter.Path, RawParameter.Argument, RawParameter.Environment);

    public static readonly RawFunction Malloc = new("malloc", RawParameter.Size);
    public static readonly RawFunction Calloc = new("calloc", RawParameter.Count, RawParameter.Size);

    public static readonly RawFunction Mmap = new(
        "mmap",
        RawParameter.Target,
        RawParameter.Length,
        RawParameter.Protection,
        RawParameter.Flags,
        RawParameter.Fd,
        RawParameter.Offset);

    public static readonly RawFunction Mmap64 = new(
        "mmap64",
        RawParameter.Target,
        RawParameter.Length,
        RawParameter.Protection,
        RawParameter.Flags,
        RawParameter.Fd,
        RawParameter.Offset);

    private readonly RawParameter[] _parameters;

    private RawFunction(string name, params RawParameter[] parameters)
    {
        Name = name;
        _parameters = parameters;
        s_byName.Add(name, this);
    }

    public string Name { get; }

    /// <summary>The prototype.</summary>
    public IReadOnlyList<RawParameter> Parameters => _parameters;

    /// <summary>Man page, for messages: clone(2).</summary>
    public string ManPage => Name is "malloc" or "calloc" ? Name + "(3)" : Name + "(2)";

    public static bool TryGet(string name, out RawFunction function) => s_byName.TryGetValue(name, out function!);

    public static bool IsKnown(string name) => s_byName.ContainsKey(name);

    /// <summary>Position of <paramref name="parameter"/> in the prototype, or -1.</summary>
    public int IndexOf(RawParameter parameter) => Array.IndexOf(_parameters, parameter);

    public override string ToString() => Name;
}
