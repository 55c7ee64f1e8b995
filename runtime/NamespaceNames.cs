namespace NsGen;

/// <summary>What the kernel calls each namespace.</summary>
internal static class NamespaceNames
{
    /// <summary>Flag, name of the link in /proc/PID/ns, name of the flag, name of the limit in /proc/sys/user.</summary>
    public static readonly (Namespaces Namespace, string Link, string CloneFlag, string Limit)[] All =
    [
        (Namespaces.Cgroup, "cgroup", "CLONE_NEWCGROUP", "max_cgroup_namespaces"),
        (Namespaces.Ipc, "ipc", "CLONE_NEWIPC", "max_ipc_namespaces"),
        (Namespaces.Mount, "mnt", "CLONE_NEWNS", "max_mnt_namespaces"),
        (Namespaces.Net, "net", "CLONE_NEWNET", "max_net_namespaces"),
        (Namespaces.Pid, "pid", "CLONE_NEWPID", "max_pid_namespaces"),
        (Namespaces.Time, "time", "CLONE_NEWTIME", "max_time_namespaces"),
        (Namespaces.User, "user", "CLONE_NEWUSER", "max_user_namespaces"),
        (Namespaces.Uts, "uts", "CLONE_NEWUTS", "max_uts_namespaces"),
    ];

    public static IEnumerable<string> CloneFlags(Namespaces namespaces)
        => All.Where(entry => namespaces.HasFlag(entry.Namespace)).Select(static entry => entry.CloneFlag);
}
