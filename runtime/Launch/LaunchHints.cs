using System.Globalization;
using NsGen.Calls;
using NsGen.Confinement;
using NsGen.Handles;
using NsGen.Native;

namespace NsGen.Launch;

/// <summary>
/// The likely cause of a failed step, read from this system, and the remedy. Each sentence names what it saw; where nothing is known
/// there is no hint.
/// </summary>
internal static class LaunchHints
{
    public const string DescriptorLimit = "This process has as many descriptors open as RLIMIT_NOFILE allows: raise it (ulimit -n) or close some.";

    public static string? For(LaunchStep step, int errno, LaunchPlan? plan) => (step, errno) switch
    {
        (_, Errno.EMFILE) => DescriptorLimit,
        (LaunchStep.Clone, Errno.EPERM) => CloneNotPermitted(plan!),
        (LaunchStep.Clone, Errno.ENOSPC) => NamespaceLimit(plan!),
        (LaunchStep.Clone, Errno.EUSERS) => "User namespaces are nested 32 deep, the kernel's limit (user_namespaces(7)).",
        (LaunchStep.Clone, Errno.EAGAIN) => ProcessLimit(),
        (LaunchStep.Clone, Errno.ENOMEM) => PidNamespaceGone(plan!),
        (LaunchStep.Clone, Errno.EINVAL) => NotInThisKernel(plan!),
        (LaunchStep.Clone, Errno.ENOSYS) => "A seccomp filter, such as a container's, forbids clone(2) with these flags.",
        (LaunchStep.Join, Errno.ESRCH) =>
            "The target has ended. To join what it was in, take handles while it lives (NamespaceHandle.Of, NamespaceTarget.FromHandles).",
        (LaunchStep.Join, Errno.EPERM) => JoinNotPermitted(plan!),
        (LaunchStep.Join, Errno.EINVAL) => "The target is in the caller's own user namespace, or in a PID namespace that is not below the caller's (setns(2)).",
        (LaunchStep.SetGroups or LaunchStep.UidMap or LaunchStep.GidMap, Errno.EACCES or Errno.EPERM) => IdMapNotPermitted(step, plan!),
        (LaunchStep.SetGroups, Errno.ENOENT) => "/proc is not mounted here, and the id maps are written through it.",
        (LaunchStep.UidMap or LaunchStep.GidMap, Errno.EINVAL) => "A line of the map overlaps another or names an id that does not exist in the caller's namespace.",
        (LaunchStep.Time, Errno.EPERM) => Missing(Capability.SysAdmin, "CAP_SYS_ADMIN", plan!),
        (LaunchStep.Time, Errno.EINVAL) => "This kernel has no time namespaces: they need Linux 5.6 and CONFIG_TIME_NS.",
        (LaunchStep.Time, Errno.ENOSPC) => LimitOf("max_time_namespaces"),
        (LaunchStep.Time, Errno.ERANGE) => "The offset would make a clock negative or overflow it (time_namespaces(7)).",
        (LaunchStep.MountProc, Errno.EPERM) => ProcMasked(),
        (LaunchStep.MountProc or LaunchStep.MountPropagation, Errno.EACCES) => "A security module (AppArmor, SELinux) forbids mounting here.",
        (LaunchStep.MountPropagation, Errno.EINVAL) => "/ is not a mount point here (a chroot?): pivot_root(2) or a bind mount would make it one.",
        (LaunchStep.Loopback, Errno.EPERM) => Missing(Capability.NetAdmin, "CAP_NET_ADMIN", plan!),
        (LaunchStep.HostName or LaunchStep.DomainName, Errno.EPERM) => Missing(Capability.SysAdmin, "CAP_SYS_ADMIN", plan!),
        (LaunchStep.Credentials, Errno.EINVAL) => "The id is not mapped in the user namespace: add it to UidMap or GidMap.",
        (LaunchStep.Credentials, Errno.EPERM) => "Becoming another user needs CAP_SETUID and CAP_SETGID; in a user namespace, setgroups needs SetGroups = true.",
        (LaunchStep.WorkingDirectory, Errno.ENOENT) => "The directory does not exist, as seen from inside.",
        (LaunchStep.WorkingDirectory, Errno.ENOTDIR) => "It is not a directory.",
        (LaunchStep.WorkingDirectory, Errno.EACCES) => "The child's user may not enter it.",
        (LaunchStep.Descriptors, Errno.ENOSYS) => "close_range(2) needs Linux 5.9.",
        (LaunchStep.Exec, _) => ExecFailed(errno, plan!),
        _ => ConfinementHints.For(step, errno, plan),
    };

    private static string? CloneNotPermitted(LaunchPlan plan)
    {
        if (plan.Namespaces.HasFlag(Namespaces.User))
        {
            if (ProcFile.Read("/proc/sys/kernel/unprivileged_userns_clone") == "0")
            {
                return "User namespaces are switched off for unprivileged users: sysctl kernel.unprivileged_userns_clone is 0. Set it to 1.";
            }

            return AppArmorRestricts() ?? Seccomp() ??
                "The caller is in a chroot, or its own user or group is not mapped in its user namespace (user_namespaces(7)).";
        }

        return Missing(Capability.SysAdmin, "CAP_SYS_ADMIN", plan);
    }

    internal static string? Missing(Capability capability, string name, LaunchPlan plan)
    {
        if (plan.Namespaces.HasFlag(Namespaces.User))
        {
            return Seccomp();
        }

        return Capabilities.Has(capability)
            ? HeldElsewhere(name)
            : plan.IsThread
                ? $"The caller lacks {name}, and a thread cannot have a user namespace. Use IsolationMode.Process with Namespaces.User, or run as root."
                : $"The caller lacks {name}. Add Namespaces.User: in a user namespace of its own the child has it without any privilege outside. Or run as root.";
    }

    private static string JoinNotPermitted(LaunchPlan plan) => Capabilities.Has(Capability.SysAdmin)
        ? plan.Target!.MayBeLookedAt
            ? "The target's namespaces belong to a user namespace over which the caller has no CAP_SYS_ADMIN (an outer container's, for example)."
            : HandleHints.PTrace
        : plan.Join.HasFlag(Namespaces.User)
            ? "The target's user namespace was made by another user: only its owner and root may join it."
            : "The caller lacks CAP_SYS_ADMIN. Where the namespaces belong to a user namespace that the caller made, join that as well: User in Join, "
                + "or its handle (NamespaceHandle.GetOwningUser).";

    /// <summary>For a caller that has the capability, and is refused all the same.</summary>
    public static string HeldElsewhere(string name)
        => Seccomp() ?? $"The caller has {name} here, but not over the user namespace that owns its namespaces: an outer container keeps it.";

    private static string? Seccomp() => ProcFile.Field("/proc/thread-self/status", "Seccomp:") == "2"
        ? "A seccomp filter is in force (a container's default profile forbids new namespaces): allow clone, unshare and mount there, or give the container CAP_SYS_ADMIN."
        : null;

    private static string? AppArmorRestricts() => ProcFile.Read("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") == "1"
        ? "AppArmor restricts unprivileged user namespaces: sysctl kernel.apparmor_restrict_unprivileged_userns is 1 (Ubuntu 23.10 and later). "
            + "Give the program a profile with \"userns,\" or set the sysctl to 0."
        : null;

    private static string IdMapNotPermitted(LaunchStep step, LaunchPlan plan)
    {
        if (AppArmorRestricts() is { } restricted)
        {
            return restricted;
        }

        return plan.MapsNeedParent
            ? "Only root, or newuidmap(1) and newgidmap(1) within /etc/subuid and /etc/subgid, may map more than the caller's own id."
            : step == LaunchStep.SetGroups
                ? "This process is not dumpable, so its /proc/self belongs to root: it was started from a file it may not read, or changed its user."
                : "Another writer has mapped the ids already, or the caller's own id is not mapped in its user namespace.";
    }

    private static string NamespaceLimit(LaunchPlan plan)
    {
        foreach ((Namespaces flag, _, _, string limit) in NamespaceNames.All)
        {
            if (plan.Namespaces.HasFlag(flag) && ProcFile.Read($"/proc/sys/user/{limit}") == "0")
            {
                return LimitOf(limit);
            }
        }

        string limits = string.Join(
            ", ",
            from entry in NamespaceNames.All
            where plan.Namespaces.HasFlag(entry.Namespace)
            select $"user.{entry.Limit} = {ProcFile.Read($"/proc/sys/user/{entry.Limit}")}");
        return $"The limit on namespaces is reached ({limits}), here or in an outer user namespace, or they are nested 32 deep. Raise it with sysctl.";
    }

    private static string LimitOf(string limit)
        => $"sysctl user.{limit} is {ProcFile.Read($"/proc/sys/user/{limit}")}: no more namespaces of this kind may be made. Raise it.";

    private static string ProcessLimit()
    {
        string? line = ProcFile.Field("/proc/self/limits", "Max processes");
        string soft = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0] ?? "unknown";
        return $"No more processes may be made: RLIMIT_NPROC is {soft} for this user (ulimit -u), or pids.max of the cgroup is reached.";
    }

    private static string? PidNamespaceGone(LaunchPlan plan) => plan.Join.HasFlag(Namespaces.Pid)
        ? "The PID 1 of the PID namespace to be joined has ended, and no process can be born there any more (pid_namespaces(7)): leave Pid out."
        : SameLink("/proc/thread-self/ns/pid", "/proc/thread-self/ns/pid_for_children")
            ? null
            : "This thread's children belong to a PID namespace whose PID 1 has ended: no process can be born there any more (pid_namespaces(7)).";

    private static string? NotInThisKernel(LaunchPlan plan)
    {
        string[] missing = [.. NamespaceNames.All
            .Where(entry => plan.Namespaces.HasFlag(entry.Namespace) && !File.Exists($"/proc/self/ns/{entry.Link}"))
            .Select(static entry => entry.Namespace.ToString())];
        return missing.Length == 0 ? null : $"This kernel was built without these namespaces: {string.Join(", ", missing)}.";
    }

    private static bool SameLink(string a, string b)
        => File.ResolveLinkTarget(a, returnFinalTarget: false)?.Name == File.ResolveLinkTarget(b, returnFinalTarget: false)?.Name;

    /// <summary>mount_too_revealing() in fs/namespace.c: a fresh proc may not show what the old one hides.</summary>
    private static string? ProcMasked()
    {
        string[] masks = [.. (ProcFile.Read("/proc/self/mounts") ?? "").Split('\n')
            .Select(static line => line.Split(' '))
            .Where(static fields => fields.Length > 1 && fields[1].StartsWith("/proc/", StringComparison.Ordinal))
            .Select(static fields => fields[1])];
        return masks.Length == 0
            ? Seccomp()
            : $"An outer container masks parts of /proc ({string.Join(", ", masks.Take(3))}), and the kernel allows no fresh proc that would show them "
                + "(\"Mount too revealing\"). Unmask it there (docker: --security-opt systempaths=unconfined), or set MountProc = false.";
    }

    private static string? ExecFailed(int errno, LaunchPlan plan)
    {
        string file = plan.FileName;
        if (plan.RootDirectory is not null)
        {
            return ConfinementHints.ForExec(errno, plan);
        }

        switch (errno)
        {
            case Errno.ENOENT when !file.Contains('/', StringComparison.Ordinal):
                return $"No directory of PATH has a program of the name {file}.";
            case Errno.ENOENT when file == SelfProgram.FileName && plan.Join.HasFlag(Namespaces.Mount):
                return "A managed body is started by way of /proc/self/exe, and the /proc of the mount namespace to be joined does not show the child: "
                    + "it is missing, or that of another PID namespace. Join Pid as well, or create Mount instead of joining it.";
            case Errno.ENOENT when File.Exists(file):
                return Interpreter(file) is { } interpreter
                    ? File.Exists(interpreter)
                        ? $"The file and its interpreter {interpreter} exist here, but one of them does not as seen from inside."
                        : $"The file exists, but its interpreter {interpreter} does not."
                    : "The file exists, but its dynamic loader does not: it was built for another C library or architecture.";
            case Errno.ENOENT:
                return "The file does not exist.";
            case Errno.ENOTDIR:
                return "A part of the path is not a directory.";
            case Errno.EACCES when Directory.Exists(file):
                return "It is a directory.";
            case Errno.EACCES when File.Exists(file) && (File.GetUnixFileMode(file) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) == 0:
                return "The file is not executable: chmod +x.";
            case Errno.EACCES:
                return "The child's user may not execute it, may not enter a directory above it, or its file system is mounted noexec.";
            case Errno.ENOEXEC:
                return "The file is neither a program of this architecture nor a script with #! on its first line.";
            case Errno.ETXTBSY:
                return "The file is open for writing.";
            case 7: // E2BIG
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"Arguments and environment have {plan.Arguments.Sum(static a => a.Length + 9) + plan.Environment.Text.Length + (8 * plan.Environment.Starts.Length)} characters with their pointers: "
                    + $"the kernel takes a quarter of the stack limit, and at most 131072 for one of them.");
            default:
                return null;
        }
    }

    private static string? Interpreter(string file)
    {
        try
        {
            using StreamReader reader = new(file);
            var start = new char[256];
            int length = reader.Read(start);
            var line = new string(start, 0, length).Split('\n')[0];
            return line.StartsWith("#!", StringComparison.Ordinal) ? line[2..].Trim().Split(' ')[0] : null;
        }
        catch (IOException)
        {
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
    }
}
