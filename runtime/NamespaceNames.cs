using System.Runtime.CompilerServices;

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

    /// <summary>The link in /proc/PID/ns of exactly one kind.</summary>
    /// <exception cref="ArgumentException">None, several, or no namespace at all.</exception>
    public static string Link(Namespaces one, [CallerArgumentExpression(nameof(one))] string? parameter = null)
        => TryGetLink(one) ?? throw new ArgumentException(
            $"Name exactly one kind of namespace, such as Namespaces.Uts; this is {one}.", parameter);

    /// <inheritdoc cref="Link"/>
    /// <returns>Null where it is not exactly one kind.</returns>
    public static string? TryGetLink(Namespaces one)
    {
        foreach ((Namespaces kind, string link, _, _) in All)
        {
            if (kind == one)
            {
                return link;
            }
        }

        return null;
    }

    public static IEnumerable<string> CloneFlags(Namespaces namespaces)
        => All.Where(entry => namespaces.HasFlag(entry.Namespace)).Select(static entry => entry.CloneFlag);
}
