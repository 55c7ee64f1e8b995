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
    Loopback,
    HostName,
    DomainName,
    Credentials,
    WorkingDirectory,
    NewSession,
    ParentDeath,
    NoNewPrivileges,
    Descriptors,
    Signals,
    Exec,
}
