#pragma warning disable CA1050 // The runtime looks for this very name in the global namespace.

/// <summary>A start-up hook of a program's own, as a profiler has one.</summary>
internal static class StartupHook
{
    public static void Initialize() => AppContext.SetData("NsGen.TestLibrary.Hook", "ran");
}
