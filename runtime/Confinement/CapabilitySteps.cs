using NsGen.Launch;
using NsGen.Native;

namespace NsGen.Confinement;

/// <summary>
/// The steps that leave a child no more than <see cref="LaunchPlan.Capabilities"/>, and make the rest ambient. Two groups, in two places: the bounding
/// set is cut down while the child still has CAP_SETPCAP, before it becomes another user; its own sets go last, when no step needs them any more.
/// </summary>
internal static unsafe class CapabilitySteps
{
    // prctl(2)
    private const nint DropFromBoundingSet = 24;
    private const nint Ambient = 47;
    private const nint AmbientRaise = 2;
    private const nint AmbientClearAll = 4;
    private const nint SetKeepCapabilities = 8;

    private const uint Version3 = 0x20080522; // _LINUX_CAPABILITY_VERSION_3, capset(2)

    /// <summary>Cuts the bounding set, which limits what execve(2) can give, and clears the ambient set, which survives it.</summary>
    public static void AddBoundingSet(ChildScript script, LaunchPlan plan)
    {
        if (plan.AmbientCapabilities)
        {
            // Else the permitted set is emptied when root becomes another user.
            script.Add(LaunchStep.Capabilities, "prctl(PR_SET_KEEPCAPS)", SyscallNumbers.Prctl, SetKeepCapabilities, 1);
        }

        if (plan.Capabilities is not { } kept)
        {
            return;
        }

        for (int capability = 0; capability <= NsGen.Native.Capabilities.Last; capability++)
        {
            if ((kept & (1UL << capability)) == 0)
            {
                script.Add(
                    LaunchStep.Capabilities,
                    $"drop {(Capability)capability} from the bounding set",
                    SyscallNumbers.Prctl,
                    DropFromBoundingSet,
                    capability);
            }
        }

        script.Add(LaunchStep.Capabilities, "clear the ambient capabilities", SyscallNumbers.Prctl, Ambient, AmbientClearAll);
    }

    /// <summary>
    /// Sets permitted and effective to what is kept and the child has, and empties the inheritable set, which would pass capabilities on to
    /// programs whose files ask for them (CVE-2022-24769); but where they are to be ambient, the kernel wants them inheritable too.
    /// </summary>
    public static void AddOwnSets(ChildScript script, LaunchPlan plan)
    {
        if (plan.Capabilities is null && !plan.AmbientCapabilities)
        {
            return;
        }

        ulong sets = (plan.Capabilities ?? ulong.MaxValue) & Held(plan);
        ulong inheritable = plan.AmbientCapabilities ? sets : 0;
        uint* header = (uint*)script.Allocate(2 * sizeof(uint)); // struct __user_cap_header_struct: version, pid
        header[0] = Version3;
        uint* data = (uint*)script.Allocate(6 * sizeof(uint)); // two struct __user_cap_data_struct: effective, permitted, inheritable
        data[0] = data[1] = (uint)sets;
        data[2] = (uint)inheritable;
        data[3] = data[4] = (uint)(sets >> 32);
        data[5] = (uint)(inheritable >> 32);
        script.Add(LaunchStep.Capabilities, "capset", SyscallNumbers.CapSet, (nint)header, (nint)data);
        for (int capability = 0; capability <= NsGen.Native.Capabilities.Last; capability++)
        {
            if ((inheritable & (1UL << capability)) != 0)
            {
                script.Add(LaunchStep.Capabilities, $"make {(Capability)capability} ambient", SyscallNumbers.Prctl, Ambient, AmbientRaise, capability);
            }
        }
    }

    /// <summary>What the child has by then; more than that capset(2) would refuse.</summary>
    private static ulong Held(LaunchPlan plan)
    {
        // Whoever enters a user namespace, as its first process or later, has all of them there.
        ulong before = (plan.Namespaces | plan.Join).HasFlag(Namespaces.User) ? ulong.MaxValue >> (63 - NsGen.Native.Capabilities.Last) : NsGen.Native.Capabilities.Permitted;

        // capabilities(7), "Effect of user ID changes on capabilities": root that becomes somebody else loses them.
        uint own = LibC.GetEffectiveUserId();
        bool wasRoot = plan.UidMap.Count == 0 ? own == 0 : plan.UidMap.Any(line => line.Inside == 0 && line.Outside == own);
        return wasRoot && plan.UserId is not (null or 0) && !plan.AmbientCapabilities ? 0 : before;
    }
}
