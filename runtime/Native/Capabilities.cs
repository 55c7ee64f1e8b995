using System.Globalization;

namespace NsGen.Native;

/// <summary>Capabilities the runtime asks about, numbered as in capabilities(7).</summary>
internal enum Capability
{
    SetGid = 6,
    SetUid = 7,
    NetAdmin = 12,
    SysAdmin = 21,
    SysTime = 25,
}

/// <summary>What the calling process may do.</summary>
internal static class Capabilities
{
    /// <summary>Whether the capability is in the effective set.</summary>
    public static bool Has(Capability capability) => (Effective() & (1UL << (int)capability)) != 0;

    private static ulong Effective()
        => ulong.Parse(ProcFile.Field("/proc/thread-self/status", "CapEff:") ?? "0", NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
