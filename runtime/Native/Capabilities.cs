using System.Globalization;

namespace NsGen.Native;

/// <summary>What the calling process may do.</summary>
internal static class Capabilities
{
    /// <summary>Whether the capability is in the effective set.</summary>
    public static bool Has(Capability capability) => (Set("CapEff:") & (1UL << (int)capability)) != 0;

    /// <summary>The permitted set of the calling thread.</summary>
    public static ulong Permitted => Set("CapPrm:");

    /// <summary>The highest capability this kernel knows; PR_CAPBSET_DROP of one above it is EINVAL.</summary>
    public static int Last { get; } = int.Parse(
        ProcFile.Read("/proc/sys/kernel/cap_last_cap") ?? Max(Enum.GetValues<Capability>()), NumberStyles.None, CultureInfo.InvariantCulture);

    private static ulong Set(string name)
        => ulong.Parse(ProcFile.Field("/proc/thread-self/status", name) ?? "0", NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static string Max(Capability[] known) => ((int)known.Max()).ToString(CultureInfo.InvariantCulture);
}
