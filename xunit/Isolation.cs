namespace NsGen.Xunit;

/// <summary>What both attributes say.</summary>
internal interface IIsolation
{
    Namespaces Namespaces { get; }

    string? HostName { get; }

    bool LoopbackUp { get; }

    long MonotonicOffsetSeconds { get; }

    long BoottimeOffsetSeconds { get; }
}

internal static class Isolation
{
    /// <summary>Why there is none here; null on Linux.</summary>
    public static string? Unavailable => OperatingSystem.IsLinux() ? null : "Namespaces are Linux's: this test runs on Linux only.";

    /// <summary>Options for a launch by this process.</summary>
    /// <param name="attribute">What the test asks for.</param>
    /// <param name="timeoutMilliseconds">The test's timeout, 0 for none.</param>
    public static IsolationOptions Options(IIsolation attribute, int timeoutMilliseconds) => new()
    {
        Namespaces = attribute.Namespaces,
        UserIfNeeded = true,
        HostName = attribute.HostName,
        LoopbackUp = attribute.LoopbackUp,
        MonotonicOffsetSeconds = attribute.MonotonicOffsetSeconds,
        BoottimeOffsetSeconds = attribute.BoottimeOffsetSeconds,
        Timeout = timeoutMilliseconds > 0 ? TimeSpan.FromMilliseconds(timeoutMilliseconds) : null,
    };
}
