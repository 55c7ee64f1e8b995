namespace NsGen;

/// <summary>
/// Limits written to the control group of <see cref="IsolationOptions.CgroupPath"/> before the child enters it, for everything that runs in
/// it. Each needs its controller to be offered there: listed in cgroup.subtree_control of the group above. See
/// Documentation/admin-guide/cgroup-v2.rst of the kernel.
/// </summary>
public sealed record CgroupLimits
{
    /// <summary>memory.max: bytes of memory, beyond which the kernel reclaims and then kills (SIGKILL). Linux rounds down to pages.</summary>
    public long? MemoryMax { get; init; }

    /// <summary>pids.max: processes and threads, beyond which fork(2) fails with EAGAIN.</summary>
    public int? PidsMax { get; init; }

    /// <summary>cpu.max: how many processors' time may be used, such as 0.5 or 2; measured over periods of 100 ms. At least 0.01.</summary>
    public double? CpuMax { get; init; }
}
