namespace NsGen;

/// <summary>
/// What a new mount namespace does with the propagation of its mounts, recursively from /, before anything else is mounted; see
/// mount_namespaces(7), "Shared subtrees".
/// </summary>
public enum MountPropagation
{
    /// <summary>MS_PRIVATE: mounts made inside stay inside, mounts made outside later are not seen. The default.</summary>
    Private,

    /// <summary>MS_SLAVE: mounts made inside stay inside, mounts made outside later appear inside.</summary>
    Slave,

    /// <summary>MS_SHARED: mounts made inside form a peer group of their own, or stay in the one they were copied from.</summary>
    Shared,

    /// <summary>
    /// As copied from the parent. systemd makes / shared, so a mount made inside then <b>appears on the host as well</b>.
    /// </summary>
    Unchanged,
}
