using NsGen.Calls;

#pragma warning disable CA1050 // The runtime looks for this very name in the global namespace.

/// <summary>Run by the runtime before Main in a child that was started for an isolated method.</summary>
internal static class StartupHook
{
    public static void Initialize() => ChildMain.RunFromStartupHook();
}
