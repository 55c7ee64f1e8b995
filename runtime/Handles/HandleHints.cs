using System.Globalization;
using NsGen.Launch;
using NsGen.Native;

namespace NsGen.Handles;

/// <summary>
/// The likely cause of a failed call about a namespace, read from this system, and the remedy. <see cref="LaunchHints"/> does the same for
/// the steps of a launch.
/// </summary>
internal static class HandleHints
{
    public const string PTrace =
        "Its namespaces may be looked at by its own user, while it is dumpable, and with CAP_SYS_PTRACE (ptrace(2), "
            + "PTRACE_MODE_READ_FSCREDS).";

    public static string? ForOpen(string path, int errno) => errno switch
    {
        Errno.ENOENT or Errno.ENOTDIR => "There is no such file.",
        Errno.EACCES or Errno.EPERM when path.StartsWith("/proc/", StringComparison.Ordinal) => PTrace,
        Errno.EACCES => "The caller may not enter a directory above it, or it is a file nothing is mounted on: a namespace's own file "
            + "may be opened by everybody.",
        Errno.EMFILE => LaunchHints.DescriptorLimit,
        _ => null,
    };

    /// <summary>For a file that is open and no namespace's (ENOTTY).</summary>
    public static string NotANamespace(string path)
        => Directory.Exists(path)
            ? "It is a directory: namespaces are files, such as /proc/PID/ns/net."
            : IsPinFile(path)
            ? "It is a plain file with nothing mounted on it, in this mount namespace at least: a pin that was undone, or made in "
                + "another mount namespace."
            : "It is no namespace: those are /proc/PID/ns/*, and files they are bind-mounted on.";

    /// <summary>For the links of a process, by number or "thread-self".</summary>
    /// <param name="processId">Null for the calling thread.</param>
    /// <param name="link">The link, such as <c>uts</c>; null for all of them.</param>
    /// <param name="errno">What the kernel said.</param>
    public static string? ForProcess(int? processId, string? link, int errno)
    {
        switch (errno)
        {
            case Errno.ENOENT or Errno.ESRCH when !File.Exists("/proc/self/stat"):
                return "/proc is not mounted here, or it is that of another PID namespace.";
            case Errno.ENOENT when link is not null && !File.Exists($"/proc/self/ns/{link}"):
                return $"This kernel was built without {link} namespaces.";
            case Errno.ENOENT or Errno.ESRCH when processId is { } id:
                return Directory.Exists(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}"))
                    ? $"Process {id} has ended and waits to be reaped: it has left this namespace."
                    : $"There is no process {id}, as seen from this PID namespace, or it is hidden (hidepid in proc(5)).";
            case Errno.EACCES or Errno.EPERM:
                return PTrace;
            case Errno.EMFILE:
                return LaunchHints.DescriptorLimit;
            default:
                return null;
        }
    }

    /// <summary>For open_tree(2) of a namespace's file.</summary>
    public static string? ForBind(int errno) => errno switch
    {
        Errno.EPERM => MissingForMounting(),
        Errno.EMFILE => LaunchHints.DescriptorLimit,
        Errno.ENOSYS => "open_tree(2) needs Linux 5.2, or a seccomp filter forbids it.",
        _ => null,
    };

    /// <summary>For the file that a pin is made on.</summary>
    public static string? ForPinFile(string path, int errno) => errno switch
    {
        17 => "It exists, and a pin overwrites nothing: choose another name, or NamespaceHandle.Unpin it where it is a pin.", // EEXIST
        Errno.ENOENT when Path.GetDirectoryName(Path.GetFullPath(path)) is "/run/netns" or "/var/run/netns" =>
            "The directory does not exist: ip netns makes it with its first namespace; Directory.CreateDirectory does too.",
        Errno.ENOENT => "Its directory does not exist.",
        Errno.EACCES => "The caller may not write to its directory.",
        _ => null,
    };

    /// <summary>For move_mount(2) of a bind mount to its file.</summary>
    public static string? ForPinMount(Namespaces type, int errno) => errno switch
    {
        Errno.EPERM => MissingForMounting(),
        Errno.ELOOP when type == Namespaces.Mount =>
            "A mount namespace can only be pinned from one that is older than it, as mounts must not form a loop: not from inside itself. "
            + "(Linux 6.18 takes for its age a number that each processor deals out on its own: a younger one that another processor "
            + "made may be refused there.)",
        Errno.EINVAL when type == Namespaces.Mount =>
            "The directory's mount is shared, so the pin would appear inside the very namespace it pins: make it private "
                + "first (mount --make-private).",
        Errno.ENOSPC => $"The limit on mounts is reached: sysctl fs.mount-max is {ProcFile.Read("/proc/sys/fs/mount-max")}.",
        _ => null,
    };

    public static string? ForUnmount(int errno) => errno switch
    {
        Errno.EPERM => MissingForMounting(),
        Errno.EINVAL => "It is a namespace, but no mount point of this mount namespace: a link such as /proc/PID/ns/net is no pin, "
            + "and a pin inherited from an outer mount namespace of another user is locked (mount_namespaces(7)).",
        _ => null,
    };

    public static string? ForUnlink(int errno) => errno switch
    {
        Errno.EBUSY => "The pin is undone, but something else is mounted on the file: it was bound twice.",
        Errno.EACCES or Errno.EPERM => "The pin is undone, but the caller may not delete from its directory.",
        _ => null,
    };

    public static string? ForEnter(Namespaces type, int errno) => errno switch
    {
        Errno.EPERM when !Capabilities.Has(Capability.SysAdmin) =>
            "The caller lacks CAP_SYS_ADMIN. Where it made the user namespace that owns this one, a child can join both: "
                + "IsolationOptions.Join with User.",
        Errno.EPERM => $"The caller has CAP_SYS_ADMIN, but not over the user namespace that owns this {NamespaceNames.TryGetLink(type)} "
            + "namespace.",
        _ => null,
    };

    /// <summary>For setns(2) to where the thread is already; null where the way in would be closed as well.</summary>
    public static string? ForReturn(int errno) => errno == Errno.EPERM && Capabilities.Has(Capability.SysAdmin)
        ? "The thread could enter, but not come back: its present namespace belongs to an outer user namespace, over which the caller "
            + "has no CAP_SYS_ADMIN. Join in a child instead (IsolationOptions.Join), which need not come back."
        : null;

    private static string MissingForMounting() => Capabilities.Has(Capability.SysAdmin)
        ? LaunchHints.HeldElsewhere("CAP_SYS_ADMIN")
        : "The caller lacks CAP_SYS_ADMIN, which mounting needs: run as root, or in a child with Namespaces.User | Namespaces.Mount, "
            + "where the pin is seen by that child only.";

    /// <summary>As ip netns and <see cref="NamespaceHandle.Pin"/> make them.</summary>
    private static bool IsPinFile(string path)
    {
        try
        {
            return new FileInfo(path) is { Exists: true, Length: 0, UnixFileMode: UnixFileMode.None };
        }
        catch (IOException)
        {
            return false;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }
}
