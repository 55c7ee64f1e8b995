using NsGen.Launch;
using NsGen.Native;

namespace NsGen.Confinement;

/// <summary>The part of <see cref="LaunchHints"/> that is about confinement.</summary>
internal static class ConfinementHints
{
    public const string MemoryNotExecutable =
        "Memory files may not be executed here (sysctl vm.memfd_noexec, or a security module), and init is one. Allow it, or leave Init out.";

    private const string NewMountCalls =
        "open_tree, fsopen, move_mount and openat2 need Linux 5.6; a seccomp filter of an outer container may forbid them as well.";

    public static string? For(LaunchStep step, int errno, LaunchPlan? plan) => (step, errno) switch
    {
        (LaunchStep.RootDirectory or LaunchStep.MountSource or LaunchStep.MountPoint or LaunchStep.Mounts, Errno.ENOSYS) => NewMountCalls,
        (LaunchStep.RootDirectory, Errno.ENOENT) => "RootDirectory does not exist.",
        (LaunchStep.RootDirectory or LaunchStep.PivotRoot, Errno.ENOTDIR) => "RootDirectory is not a directory.",
        (LaunchStep.RootDirectory or LaunchStep.MountSource, Errno.EACCES) => "The child's user may not enter a directory above it.",
        (LaunchStep.RootDirectory or LaunchStep.MountSource or LaunchStep.Mounts or LaunchStep.PivotRoot, Errno.EPERM)
            => LaunchHints.Missing(Capability.SysAdmin, "CAP_SYS_ADMIN", plan!),
        (LaunchStep.RootDirectory or LaunchStep.MountSource, Errno.EINVAL)
            => "It is, or is below, a mount that may not be copied: one that is unbindable or of another mount namespace (a file of /proc/PID/ns).",
        (LaunchStep.PivotRoot, Errno.EINVAL)
            => "The caller's root is not a mount (a chroot?), or is the initial RAM file system, which pivot_root(2) cannot leave.",
        (LaunchStep.MountSource, Errno.ENOENT) => "The source does not exist, as the caller sees it.",
        (LaunchStep.MountPoint, Errno.ENOENT) => plan!.RootDirectory is null
            ? "The mount point is missing; without RootDirectory none is made. Make it, or mount a tmpfs above it first."
            : "The mount point is missing and could not be made: the root is read-only, the child's user may not write there, or a link leads nowhere.",
        (LaunchStep.MountPoint, Errno.ENOTDIR) => "A part of the mount point's path is no directory.",
        (LaunchStep.MountPoint, Errno.ELOOP) => "The mount point's path has too many links.",
        (LaunchStep.Mounts, Errno.EINVAL or Errno.ENOTDIR) => "A directory can be mounted on a directory only, and a file on a file.",
        (LaunchStep.MountAttributes, Errno.ENOSYS) => "Read-only mounts need mount_setattr(2): Linux 5.12.",
        (LaunchStep.ResourceLimits, Errno.EPERM) =>
            "A hard limit above the caller's own needs CAP_SYS_RESOURCE outside of any user namespace; RLIMIT_NOFILE also ends at the sysctl fs.nr_open.",
        (LaunchStep.Capabilities, Errno.EPERM) => LaunchHints.Missing(Capability.SetPCap, "CAP_SETPCAP", plan!),
        (LaunchStep.Cgroup or LaunchStep.CgroupLimits, Errno.EACCES or Errno.EPERM) =>
            "The caller needs write permission to the group's files, and to cgroup.procs of the nearest group above both that group and its own (cgroups(7), "
            + "\"Delegation\").",
        (LaunchStep.Cgroup, Errno.EBUSY) =>
            "The group passes controllers on to groups below it (cgroup.subtree_control), and then may hold no processes itself: give one of those.",
        (LaunchStep.Cgroup, Errno.EOPNOTSUPP) => "The group is threaded, or of a threaded tree that is not valid (cgroup.type).",
        (LaunchStep.CgroupLimits, Errno.ENOENT) => ControllerNotOffered(plan!.CgroupPath!),
        (LaunchStep.CgroupLimits, Errno.EINVAL or Errno.ERANGE) => "The kernel does not take this value.",
        (LaunchStep.Init, Errno.EACCES or Errno.EPERM) => MemoryNotExecutable,
        _ => null,
    };

    /// <summary>Nothing of the root is opened for it: what lies there belongs to somebody else.</summary>
    public static string? ForExec(int errno, LaunchPlan plan)
    {
        string file = plan.FileName;
        return errno switch
        {
            Errno.ENOENT when plan.Candidates.Count > 0 && !RootPath.Exists(plan.RootDirectory!, file) =>
                $"No directory of PATH has a program of the name {file[(file.LastIndexOf('/') + 1)..]} inside the root.",
            Errno.ENOENT when RootPath.Exists(plan.RootDirectory!, file) =>
                "The file exists in the root, but its interpreter or dynamic loader does not: mount the directories that hold it and its libraries as well.",
            Errno.ENOENT => "The file does not exist inside the root.",
            Errno.EACCES => "It is no executable file, the child's user may not execute it or enter a directory above it, or its file system is mounted noexec.",
            Errno.ENOEXEC => "The file is neither a program of this architecture nor a script with #! on its first line.",
            _ => null,
        };
    }

    private static string ControllerNotOffered(string group)
    {
        string above = Path.GetDirectoryName(group) ?? group;
        string offered = ProcFile.Read(Path.Combine(group, "cgroup.controllers")) is { Length: > 0 } some ? some : "none";
        string available = ProcFile.Read(Path.Combine(above, "cgroup.controllers")) is { Length: > 0 } there ? there : "none";
        return $"The group does not have the controller: it offers {offered}, and the group above has {available}. Enable it there, for example "
            + $"with \"+memory\" written to {Path.Combine(above, "cgroup.subtree_control")}; a controller that a version 1 hierarchy uses is not to be had.";
    }
}
