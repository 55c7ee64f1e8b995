namespace NsGen.Launch;

/// <summary>
/// Which flag sets the kernel refuses with EINVAL whatever the caller's privileges are, and why. One source file, compiled into the
/// runtime, the generator and the analyzers. CloneFlagRulesTests compares the clone table with the running kernel over every
/// combination of the flags it names.
/// </summary>
internal static class CloneFlagRules
{
    // include/uapi/linux/sched.h
    public const ulong ExitSignalMask = 0xFF; // CSIGNAL
    public const ulong NewTime = 0x80;
    public const ulong Vm = 0x100;
    public const ulong Fs = 0x200;
    public const ulong Files = 0x400;
    public const ulong SigHand = 0x800;
    public const ulong PidFd = 0x1000;
    public const ulong Ptrace = 0x2000;
    public const ulong Vfork = 0x4000;
    public const ulong Parent = 0x8000;
    public const ulong Thread = 0x10000;
    public const ulong NewNs = 0x20000;
    public const ulong SysVSem = 0x40000;
    public const ulong SetTls = 0x80000;
    public const ulong ParentSetTid = 0x100000;
    public const ulong ChildClearTid = 0x200000;
    public const ulong Detached = 0x400000;
    public const ulong Untraced = 0x800000;
    public const ulong ChildSetTid = 0x1000000;
    public const ulong NewCgroup = 0x2000000;
    public const ulong NewUts = 0x4000000;
    public const ulong NewIpc = 0x8000000;
    public const ulong NewUser = 0x10000000;
    public const ulong NewPid = 0x20000000;
    public const ulong NewNet = 0x40000000;
    public const ulong Io = 0x80000000;

    // clone3(2) only.
    public const ulong ClearSigHand = 0x100000000;

    /// <summary>Bits that clone(2) reads and clone3(2) keeps free for another meaning; the exit signal has a field of its own.</summary>
    public const ulong Clone3ForeignMask = Detached | (ExitSignalMask & ~NewTime);

    /// <summary>The flags that open a new namespace.</summary>
    public const ulong NamespaceMask = NewTime | NewNs | NewCgroup | NewUts | NewIpc | NewUser | NewPid | NewNet;

    /// <summary>What unshare(2) accepts (check_unshare_flags in kernel/fork.c); any other bit is EINVAL.</summary>
    public const ulong UnshareMask = NamespaceMask | Thread | Fs | SigHand | Vm | Files | SysVSem;

    /// <summary>A refused set: every bit of <paramref name="set"/> present and every bit of <paramref name="clear"/> absent.</summary>
    internal readonly struct Rule(ulong set, ulong clear, string reason)
    {
        public ulong Set { get; } = set;

        public ulong Clear { get; } = clear;

        public string Reason { get; } = reason;

        public bool Refuses(ulong flags) => Refuses(flags, ~flags);

        /// <summary>For flags of which only part is known: the bits in <paramref name="set"/> are set, those in <paramref name="clear"/> clear.</summary>
        public bool Refuses(ulong set, ulong clear) => (set & Set) == Set && (clear & Clear) == Clear;
    }

    /// <summary>clone(2): copy_process() and copy_namespaces() in kernel/fork.c and kernel/nsproxy.c.</summary>
    public static readonly Rule[] Clone =
    [
        new(NewNs | Fs, 0, "CLONE_FS shares the root and working directory, which a new mount namespace must not"),
        new(NewUser | Fs, 0, "CLONE_FS shares the root directory, and a new user namespace could then escape a chroot"),
        new(Thread, SigHand, "threads of one process share their signal handlers: CLONE_THREAD needs CLONE_SIGHAND"),
        new(SigHand, Vm, "signal handlers are addresses in shared memory: CLONE_SIGHAND needs CLONE_VM"),
        new(Thread | NewUser, 0, "all threads of a process live in one user namespace"),
        new(Thread | NewPid, 0, "all threads of a process live in one PID namespace"),
        new(PidFd | Detached, 0, "CLONE_DETACHED is reserved together with CLONE_PIDFD"),
        new(PidFd | ParentSetTid, 0, "CLONE_PIDFD and CLONE_PARENT_SETTID of clone(2) write through the same pointer"),
        new(NewIpc | SysVSem, 0, "semaphore undo lists cannot be shared across IPC namespaces"),
    ];

    /// <summary>
    /// clone3(2): clone3_args_valid() in kernel/fork.c, then the rules of clone(2), but for CLONE_PIDFD with CLONE_PARENT_SETTID, which have a
    /// pointer each. <see cref="Clone3ForeignMask"/> is refused besides.
    /// </summary>
    public static readonly Rule[] Clone3 =
    [
        .. Array.FindAll(Clone, static rule => (rule.Set & (ParentSetTid | Detached)) == 0),
        new(SigHand | ClearSigHand, 0, "signal handlers are either shared or reset"),
    ];

    /// <summary>
    /// unshare(2) in a process with several threads, as every .NET process is: check_unshare_flags() in kernel/fork.c and
    /// create_user_ns(). Bits outside <see cref="UnshareMask"/> are refused besides.
    /// </summary>
    public static readonly Rule[] Unshare =
    [
        new(Thread, 0, "CLONE_THREAD can only be unshared by a process with one thread, and a .NET process has several"),
        new(SigHand, 0, "CLONE_SIGHAND can only be unshared by a process with one thread, and a .NET process has several"),
        new(Vm, 0, "CLONE_VM can only be unshared by a process with one thread, and a .NET process has several"),
        new(NewUser, 0, "CLONE_NEWUSER implies CLONE_THREAD, which only a process with one thread can unshare, and a .NET process has several"),
    ];

    /// <summary>The first rule of clone(2) that <paramref name="flags"/> breaks.</summary>
    public static bool TryFindRefusal(ulong flags, out Rule rule)
    {
        foreach (Rule candidate in Clone)
        {
            if (candidate.Refuses(flags))
            {
                rule = candidate;
                return true;
            }
        }

        rule = default;
        return false;
    }
}
