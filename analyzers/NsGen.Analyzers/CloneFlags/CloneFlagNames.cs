using System.Globalization;
using NsGen.Analyzers.RawCalls;
using NsGen.Launch;

namespace NsGen.Analyzers.CloneFlags;

/// <summary>Flags as sched.h names them.</summary>
internal static class CloneFlagNames
{
    private static readonly (ulong Flag, string Name)[] s_names =
    [
        (CloneFlagRules.NewTime, "CLONE_NEWTIME"),
        (CloneFlagRules.Vm, "CLONE_VM"),
        (CloneFlagRules.Fs, "CLONE_FS"),
        (CloneFlagRules.Files, "CLONE_FILES"),
        (CloneFlagRules.SigHand, "CLONE_SIGHAND"),
        (CloneFlagRules.PidFd, "CLONE_PIDFD"),
        (CloneFlagRules.Ptrace, "CLONE_PTRACE"),
        (CloneFlagRules.Vfork, "CLONE_VFORK"),
        (CloneFlagRules.Parent, "CLONE_PARENT"),
        (CloneFlagRules.Thread, "CLONE_THREAD"),
        (CloneFlagRules.NewNs, "CLONE_NEWNS"),
        (CloneFlagRules.SysVSem, "CLONE_SYSVSEM"),
        (CloneFlagRules.SetTls, "CLONE_SETTLS"),
        (CloneFlagRules.ParentSetTid, "CLONE_PARENT_SETTID"),
        (CloneFlagRules.ChildClearTid, "CLONE_CHILD_CLEARTID"),
        (CloneFlagRules.Detached, "CLONE_DETACHED"),
        (CloneFlagRules.Untraced, "CLONE_UNTRACED"),
        (CloneFlagRules.ChildSetTid, "CLONE_CHILD_SETTID"),
        (CloneFlagRules.NewCgroup, "CLONE_NEWCGROUP"),
        (CloneFlagRules.NewUts, "CLONE_NEWUTS"),
        (CloneFlagRules.NewIpc, "CLONE_NEWIPC"),
        (CloneFlagRules.NewUser, "CLONE_NEWUSER"),
        (CloneFlagRules.NewPid, "CLONE_NEWPID"),
        (CloneFlagRules.NewNet, "CLONE_NEWNET"),
        (CloneFlagRules.Io, "CLONE_IO"),
        (CloneFlagRules.ClearSigHand, "CLONE_CLEAR_SIGHAND"),
    ];

    /// <summary>The flags of <paramref name="flags"/>, the highest namespace first, so that a pair reads "CLONE_NEWNS with CLONE_FS".</summary>
    public static string Format(ulong flags, string separator)
    {
        List<string> names = [];
        ulong rest = flags;
        foreach ((ulong flag, string name) in s_names.OrderByDescending(static n => (n.Flag & CloneFlagRules.NamespaceMask) != 0))
        {
            if ((flags & flag) != 0)
            {
                names.Add(name);
                rest &= ~flag;
            }
        }

        // The exit signal is a number among the flags, and nearly always this one.
        if ((rest & CloneFlagRules.ExitSignalMask) == LibCConstants.SigChld)
        {
            names.Add("SIGCHLD");
            rest &= ~CloneFlagRules.ExitSignalMask;
        }

        if (rest != 0)
        {
            names.Add("0x" + rest.ToString("x", CultureInfo.InvariantCulture));
        }

        return string.Join(separator, names);
    }

    /// <summary>The name of a single flag; null if it has none.</summary>
    public static string? NameOf(ulong flag) => Array.Find(s_names, n => n.Flag == flag).Name;

    /// <summary>The flag of that name; null if there is none.</summary>
    public static ulong? ValueOf(string name) => Array.Find(s_names, n => n.Name == name) is { Name: not null } found ? found.Flag : null;
}
