namespace NsGen.Launch;

/// <summary>What a step of a launch is for; with the errno it decides the hint of a <see cref="LaunchException"/>.</summary>
internal enum LaunchStep
{
    /// <summary>Work in the parent: descriptors, memory.</summary>
    Prepare,
    Clone,
    Join,
    WaitForIdMaps,
    SetGroups,
    UidMap,
    GidMap,
    Time,
    MountPropagation,
    MountProc,
    RootDirectory,
    MountSource,
    MountPoint,
    MountAttributes,
    Mounts,
    PivotRoot,
    Cgroup,

    /// <summary>Work in the parent on the control group's files.</summary>
    CgroupLimits,
    Loopback,
    HostName,
    DomainName,
    Credentials,
    WorkingDirectory,
    NewSession,
    ParentDeath,
    NoNewPrivileges,
    Descriptors,
    ResourceLimits,
    Capabilities,
    Signals,
    Init,
    Exec,
}
