using NsGen.Launch;

namespace NsGen.Confinement;

/// <summary>What the options of confinement have to be, checked before anything is started.</summary>
internal static class ConfinementChecks
{
    private const int MaxMounts = 64;

    /// <exception cref="ArgumentException">An option is out of range, or needs a namespace that is not created.</exception>
    public static void Check(IsolationOptions options, Namespaces namespaces)
    {
        CheckRoot(options, namespaces);
        CheckLimits(options);
        CheckCgroup(options);
        foreach (Capability capability in options.Capabilities ?? [])
        {
            if (!Enum.IsDefined(capability))
            {
                throw new ArgumentException($"{(int)capability} is no capability: give members of {nameof(Capability)}.", nameof(options));
            }
        }
    }

    /// <summary>The mounts as they are made: the caller's, after the proc that comes by itself with a new root.</summary>
    public static IReadOnlyList<MountEntry> Mounts(IsolationOptions options, bool mountProc)
    {
        IReadOnlyList<MountEntry> mounts = [.. options.Mounts ?? []];
        return mountProc && options.RootDirectory is not null ? [MountEntry.Proc(masked: false), .. mounts] : mounts;
    }

    private static void CheckRoot(IsolationOptions options, Namespaces namespaces)
    {
        LaunchPlan.Require(namespaces, Namespaces.Mount, options.RootDirectory is not null, "RootDirectory");
        LaunchPlan.Require(namespaces, Namespaces.Mount, options.Mounts is { Count: > 0 }, "Mounts");
        LaunchPlan.Require(namespaces, Namespaces.Mount, options.ReadOnlyRoot == true, "ReadOnlyRoot");
        if (options.Mounts is { Count: > MaxMounts } many)
        {
            throw new ArgumentException($"Mounts has {many.Count} entries: give at most {MaxMounts}.", nameof(options));
        }

        if (options.Mounts?.Contains(null!) == true)
        {
            throw new ArgumentException("Mounts has an entry that is null.", nameof(options));
        }

        if (namespaces.HasFlag(Namespaces.User)
            && !namespaces.HasFlag(Namespaces.Pid)
            && options.Mounts?.Any(static mount => mount.Kind == MountKind.Proc) == true)
        {
            throw new ArgumentException(
                "MountEntry.Proc needs Pid beside User: a user namespace may show only the processes of its own PID namespace. Add Pid.", nameof(options));
        }

        if (options.RootDirectory is { } root)
        {
            ArgumentException.ThrowIfNullOrEmpty(root, nameof(options));
            LaunchPlan.CheckText(root, nameof(options));
        }

        if ((options.RootDirectory is not null || options.ReadOnlyRoot == true)
            && options.Propagation is MountPropagation.Shared or MountPropagation.Unchanged)
        {
            throw new ArgumentException(
                $"A new or read-only root does not go with Propagation = {options.Propagation}: pivot_root(2) refuses shared mounts, and the change would reach the host. "
                + "Use Private or Slave.",
                nameof(options));
        }
    }

    private static void CheckLimits(IsolationOptions options)
    {
        foreach ((ResourceLimit resource, ResourceLimitValue limit) in options.ResourceLimits ?? new Dictionary<ResourceLimit, ResourceLimitValue>())
        {
            if (!Enum.IsDefined(resource))
            {
                throw new ArgumentException($"{(int)resource} is no resource limit: give members of {nameof(ResourceLimit)}.", nameof(options));
            }

            if (limit.Soft > limit.Hard)
            {
                throw new ArgumentException($"The limit {resource} is {limit}: the soft value is above the hard one.", nameof(options));
            }
        }
    }

    private static void CheckCgroup(IsolationOptions options)
    {
        if (options.CgroupPath is { } group)
        {
            ArgumentException.ThrowIfNullOrEmpty(group, nameof(options));
            LaunchPlan.CheckText(group, nameof(options));
        }

        if (options.CgroupLimits is not { } limits)
        {
            return;
        }

        if (options.CgroupPath is null)
        {
            throw new ArgumentException("CgroupLimits are limits of a control group: set CgroupPath as well.", nameof(options));
        }

        if (limits.MemoryMax <= 0 || limits.PidsMax <= 0 || limits.CpuMax is < 0.01 or > 1_000_000 or double.NaN)
        {
            throw new ArgumentException(
                $"{limits} is out of range: MemoryMax and PidsMax are at least 1, CpuMax at least 0.01.", nameof(options));
        }
    }
}
