namespace NsGen;

/// <summary>What <see cref="IsolationOptions.ResourceLimits"/> bounds, numbered as RLIMIT_* in getrlimit(2).</summary>
public enum ResourceLimit
{
    /// <summary>RLIMIT_CPU: seconds of processor time, after which SIGXCPU comes and at the hard limit SIGKILL.</summary>
    Cpu = 0,

    /// <summary>RLIMIT_FSIZE: bytes of a file it writes; beyond them SIGXFSZ and EFBIG.</summary>
    FileSize = 1,

    /// <summary>RLIMIT_DATA: bytes of data segment: initialised and uninitialised data, heap, private writable mappings.</summary>
    Data = 2,

    /// <summary>RLIMIT_STACK: bytes of the main thread's stack; a quarter of them bounds arguments and environment.</summary>
    Stack = 3,

    /// <summary>RLIMIT_CORE: bytes of a core dump; 0 for none.</summary>
    Core = 4,

    /// <summary>RLIMIT_RSS: bytes in memory; without effect since Linux 2.4.30.</summary>
    ResidentSet = 5,

    /// <summary>RLIMIT_NPROC: processes and threads of the same real user, in the same user namespace and outside; beyond them fork(2) fails with EAGAIN. Does not bind root.</summary>
    Processes = 6,

    /// <summary>RLIMIT_NOFILE: one more than the highest descriptor; beyond it EMFILE.</summary>
    OpenFiles = 7,

    /// <summary>RLIMIT_MEMLOCK: bytes locked in memory.</summary>
    LockedMemory = 8,

    /// <summary>RLIMIT_AS: bytes of virtual memory; beyond them ENOMEM. A .NET program reserves hundreds of gigabytes: use a cgroup's memory.max for one.</summary>
    AddressSpace = 9,

    /// <summary>RLIMIT_LOCKS: file locks; without effect since Linux 2.4.25.</summary>
    FileLocks = 10,

    /// <summary>RLIMIT_SIGPENDING: signals queued for the real user.</summary>
    PendingSignals = 11,

    /// <summary>RLIMIT_MSGQUEUE: bytes of POSIX message queues of the real user.</summary>
    MessageQueues = 12,

    /// <summary>RLIMIT_NICE: ceiling of the nice value, as 20 - nice: 1 to 40.</summary>
    Nice = 13,

    /// <summary>RLIMIT_RTPRIO: ceiling of the real-time priority: 0 to 99.</summary>
    RealTimePriority = 14,

    /// <summary>RLIMIT_RTTIME: microseconds of processor time that a real-time process may use without blocking.</summary>
    RealTimeTime = 15,
}

/// <summary>The two values of a resource limit, see getrlimit(2).</summary>
/// <param name="Soft">What the kernel enforces. The program may raise it up to <paramref name="Hard"/>.</param>
/// <param name="Hard">
/// The ceiling, which the program may only lower. More than this process's own hard limit needs CAP_SYS_RESOURCE outside of any user
/// namespace.
/// </param>
public readonly record struct ResourceLimitValue(ulong Soft, ulong Hard)
{
    /// <summary>RLIM_INFINITY: no limit.</summary>
    public const ulong Unlimited = ulong.MaxValue;

    /// <summary>The same value for both.</summary>
    /// <param name="value">The limit, in the unit of the resource.</param>
    public static implicit operator ResourceLimitValue(ulong value) => FromUInt64(value);

    /// <inheritdoc cref="op_Implicit(ulong)"/>
    public static ResourceLimitValue FromUInt64(ulong value) => new(value, value);

    /// <summary>For example <c>64:1024</c> or <c>unlimited</c>.</summary>
    public override string ToString() => Soft == Hard ? Text(Soft) : $"{Text(Soft)}:{Text(Hard)}";

    private static string Text(ulong value) => value == Unlimited ? "unlimited" : value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
