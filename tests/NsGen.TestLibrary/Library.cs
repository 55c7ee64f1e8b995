using System.Runtime.Versioning;

[assembly: SupportedOSPlatform("linux")]

namespace NsGen.TestLibrary;

/// <summary>An isolated method that lives in a library, not in the program that calls it.</summary>
public static partial class Library
{
    /// <summary>Gives the child's host name.</summary>
    [Isolated(Namespaces.Uts, HostName = "library")]
    public static partial string HostName(IsolationOptions options);

    private static string HostNameCore() => Environment.MachineName;
}
