using System.Globalization;

namespace NsGen.Tests;

/// <summary>The ranges that /etc/subuid and /etc/subgid give to the user who runs the tests.</summary>
internal static class SubordinateIds
{
    /// <summary>Why they cannot be used; null where they can.</summary>
    public static string? Missing
        => Requirements.FindTool("newuidmap") is null || Requirements.FindTool("newgidmap") is null ? "needs newuidmap and newgidmap (package uidmap)"
            : First("/etc/subuid") is null || First("/etc/subgid") is null ? $"needs ranges for {Environment.UserName} in /etc/subuid and /etc/subgid"
            : null;

    public static (uint Start, uint Count)? Users => First("/etc/subuid");

    public static (uint Start, uint Count)? Groups => First("/etc/subgid");

    private static (uint Start, uint Count)? First(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        string own = NsGen.Native.LibC.GetEffectiveUserId().ToString(CultureInfo.InvariantCulture);
        string[]? fields = File.ReadLines(path)
            .Select(static line => line.Split(':'))
            .FirstOrDefault(fields => fields.Length == 3 && (fields[0] == own || fields[0] == Environment.UserName));
        return fields is null
            ? null
            : (uint.Parse(fields[1], CultureInfo.InvariantCulture), uint.Parse(fields[2], CultureInfo.InvariantCulture));
    }
}
