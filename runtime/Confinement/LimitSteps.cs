using NsGen.Launch;
using NsGen.Native;

namespace NsGen.Confinement;

/// <summary>
/// The steps that set <see cref="LaunchPlan.ResourceLimits"/>. Late, for a limit would bind the steps after it as well (descriptors beyond
/// RLIMIT_NOFILE could not be put in place); but before capabilities are dropped, since raising a hard limit needs one.
/// </summary>
internal static unsafe class LimitSteps
{
    public static void Add(ChildScript script, LaunchPlan plan)
    {
        foreach ((ResourceLimit resource, ResourceLimitValue limit) in plan.ResourceLimits)
        {
            ulong* values = (ulong*)script.Allocate(2 * sizeof(ulong)); // struct rlimit64
            values[0] = limit.Soft;
            values[1] = limit.Hard;
            script.Add(LaunchStep.ResourceLimits, $"set the limit {resource} to {limit}", SyscallNumbers.PrLimit64, 0, (nint)resource, (nint)values);
        }
    }
}
