using NsGen;
using static NsGen.Namespaces;

[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]

namespace Library;

/// <summary>A library that isolates, for a program that need not know.</summary>
public static partial class HostNames
{
    public static string Inside() => Environment.IsPrivilegedProcess ? AsRoot() : AsAnybody();

    [Isolated(Uts, HostName = "library", Body = nameof(Read))]
    private static partial string AsRoot();

    [Isolated(Uts | User, HostName = "library", Body = nameof(Read))]
    private static partial string AsAnybody();

    private static string Read() => Environment.MachineName;
}
