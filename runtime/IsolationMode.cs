namespace NsGen;

/// <summary>Where an isolated body runs.</summary>
public enum IsolationMode
{
    /// <summary>In a child process: every namespace, arguments and result are copied across. The default.</summary>
    Process,

    /// <summary>
    /// In this process, on a thread of its own after unshare(2) or setns(2): microseconds, any type, the original exception, but only
    /// <see cref="Namespaces.Uts"/>, <see cref="Namespaces.Ipc"/>, <see cref="Namespaces.Net"/>, <see cref="Namespaces.Mount"/> and
    /// <see cref="Namespaces.Cgroup"/>, and only with the privilege for them.
    /// </summary>
    Thread,
}
