namespace NsGen;

/// <summary>
/// The kinds of Linux namespace, see namespaces(7). The values are the kernel's CLONE_NEW* flags, so that they can be compared with
/// raw calls.
/// </summary>
/// <remarks>Write <c>using static NsGen.Namespaces;</c> and combine them: <c>[Isolated(Uts | Pid)]</c>.</remarks>
[Flags]
public enum Namespaces
{
    /// <summary>No namespace of its own: a plain child process.</summary>
    None = 0,

    /// <summary>
    /// Offsets of CLOCK_MONOTONIC and CLOCK_BOOTTIME, see time_namespaces(7). The wall clock is never affected. Linux 5.6; that execve(2)
    /// moves the child into it needs Linux 6.3.
    /// </summary>
    Time = 0x80,

    /// <summary>The tree of mounts, see mount_namespaces(7).</summary>
    Mount = 0x20000,

    /// <summary>The root of the view of cgroups, see cgroup_namespaces(7). Linux 4.6.</summary>
    Cgroup = 0x2000000,

    /// <summary>Host name and NIS domain name, see uts_namespaces(7).</summary>
    Uts = 0x4000000,

    /// <summary>System V IPC objects and POSIX message queues, see ipc_namespaces(7).</summary>
    Ipc = 0x8000000,

    /// <summary>
    /// User and group ids, and capabilities, see user_namespaces(7). The only one that needs no privilege, and with it neither do the
    /// others.
    /// </summary>
    User = 0x10000000,

    /// <summary>Process ids: the child is PID 1, and all that is in the namespace dies with it, see pid_namespaces(7).</summary>
    Pid = 0x20000000,

    /// <summary>Network devices, addresses, routes, ports, abstract Unix sockets, see network_namespaces(7).</summary>
    Net = 0x40000000,

    /// <summary>All eight.</summary>
    All = Time | Mount | Cgroup | Uts | Ipc | User | Pid | Net,
}
