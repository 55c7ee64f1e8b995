namespace NsGen.Calls;

/// <summary>The one wording for a timeout that has passed.</summary>
internal static class Timeouts
{
    public static TimeoutException Passed(string what, TimeSpan? timeout)
        => new($"{what} has not ended within {timeout}, and was killed. Allow more time (TimeoutMilliseconds, IsolationOptions.Timeout).");
}
