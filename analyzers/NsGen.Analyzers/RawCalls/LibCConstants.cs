using NsGen.Launch;

namespace NsGen.Analyzers.RawCalls;

/// <summary>
/// Values of Tmds.Linux.LibC's constants. There they are static properties (CLONE_NEWUTS => 0x04000000), because some differ
/// between architectures, so the compiler knows no constant value. Those below are the same on every architecture .NET runs on.
/// </summary>
internal static class LibCConstants
{
    public const ulong SigChld = 17;
    public const ulong MsRec = 0x4000;
    public const ulong MsUnbindable = 1UL << 17;
    public const ulong MsPrivate = 1UL << 18;
    public const ulong MsSlave = 1UL << 19;
    public const ulong MsShared = 1UL << 20;

    /// <summary>Wait for children whatever their exit signal is (wait(2)).</summary>
    public const ulong WaitAll = 0x40000000;

    /// <summary>Wait only for children whose exit signal is not SIGCHLD (wait(2)).</summary>
    public const ulong WaitClone = 0x80000000;

    private static readonly Dictionary<string, ulong> s_values = new(StringComparer.Ordinal)
    {
        ["CSIGNAL"] = CloneFlagRules.ExitSignalMask,
        ["CLONE_NEWTIME"] = CloneFlagRules.NewTime,
        ["CLONE_VM"] = CloneFlagRules.Vm,
        ["CLONE_FS"] = CloneFlagRules.Fs,
        ["CLONE_FILES"] = CloneFlagRules.Files,
        ["CLONE_SIGHAND"] = CloneFlagRules.SigHand,
        ["CLONE_PIDFD"] = CloneFlagRules.PidFd,
        ["CLONE_PTRACE"] = CloneFlagRules.Ptrace,
        ["CLONE_VFORK"] = CloneFlagRules.Vfork,
        ["CLONE_PARENT"] = CloneFlagRules.Parent,
        ["CLONE_THREAD"] = CloneFlagRules.Thread,
        ["CLONE_NEWNS"] = CloneFlagRules.NewNs,
        ["CLONE_SYSVSEM"] = CloneFlagRules.SysVSem,
        ["CLONE_SETTLS"] = CloneFlagRules.SetTls,
        ["CLONE_PARENT_SETTID"] = CloneFlagRules.ParentSetTid,
        ["CLONE_CHILD_CLEARTID"] = CloneFlagRules.ChildClearTid,
        ["CLONE_DETACHED"] = CloneFlagRules.Detached,
        ["CLONE_UNTRACED"] = CloneFlagRules.Untraced,
        ["CLONE_CHILD_SETTID"] = CloneFlagRules.ChildSetTid,
        ["CLONE_NEWCGROUP"] = CloneFlagRules.NewCgroup,
        ["CLONE_NEWUTS"] = CloneFlagRules.NewUts,
        ["CLONE_NEWIPC"] = CloneFlagRules.NewIpc,
        ["CLONE_NEWUSER"] = CloneFlagRules.NewUser,
        ["CLONE_NEWPID"] = CloneFlagRules.NewPid,
        ["CLONE_NEWNET"] = CloneFlagRules.NewNet,
        ["CLONE_IO"] = CloneFlagRules.Io,

        ["SIGHUP"] = 1,
        ["SIGINT"] = 2,
        ["SIGQUIT"] = 3,
        ["SIGKILL"] = 9,
        ["SIGUSR1"] = 10,
        ["SIGUSR2"] = 12,
        ["SIGPIPE"] = 13,
        ["SIGALRM"] = 14,
        ["SIGTERM"] = 15,
        ["SIGCHLD"] = SigChld,
        ["SIGCONT"] = 18,
        ["SIGSTOP"] = 19,

        ["MS_RDONLY"] = 1,
        ["MS_NOSUID"] = 2,
        ["MS_NODEV"] = 4,
        ["MS_NOEXEC"] = 8,
        ["MS_SYNCHRONOUS"] = 16,
        ["MS_REMOUNT"] = 32,
        ["MS_MANDLOCK"] = 64,
        ["MS_DIRSYNC"] = 128,
        ["MS_NOATIME"] = 1024,
        ["MS_NODIRATIME"] = 2048,
        ["MS_BIND"] = 4096,
        ["MS_MOVE"] = 8192,
        ["MS_REC"] = MsRec,
        ["MS_SILENT"] = 32768,
        ["MS_POSIXACL"] = 1UL << 16,
        ["MS_UNBINDABLE"] = MsUnbindable,
        ["MS_PRIVATE"] = MsPrivate,
        ["MS_SLAVE"] = MsSlave,
        ["MS_SHARED"] = MsShared,
        ["MS_RELATIME"] = 1UL << 21,
        ["MS_STRICTATIME"] = 1UL << 24,

        ["O_RDONLY"] = 0,
        ["O_WRONLY"] = 1,
        ["O_RDWR"] = 2,
        ["O_CLOEXEC"] = 0x80000,

        ["AT_FDCWD"] = unchecked((ulong)-100L),

        ["WNOHANG"] = 1,
        ["WUNTRACED"] = 2,
        ["WCONTINUED"] = 8,
        ["__WALL"] = WaitAll,
        ["__WCLONE"] = WaitClone,

        ["P_ALL"] = 0,
        ["P_PID"] = 1,
        ["P_PGID"] = 2,
        ["P_PIDFD"] = 3,
    };

    public static bool TryGet(string name, out ulong value) => s_values.TryGetValue(name, out value);
}
