#pragma warning disable CA1050 // The runtime looks for this very name in the global namespace.

/// <summary>A start-up hook that does nothing: what the runtime itself needs to get to one.</summary>
internal static class StartupHook
{
    public static void Initialize()
    {
    }
}
