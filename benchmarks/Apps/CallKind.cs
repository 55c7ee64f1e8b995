namespace NsGen.Benchmarks;

/// <summary>What the calling program does for one request.</summary>
internal enum CallKind
{
    /// <summary>A managed call.</summary>
    Call,

    /// <summary>An empty .NET program, started as anybody would.</summary>
    Empty,

    /// <summary>The same without the runtime's diagnostics, which a managed call also leaves out.</summary>
    EmptyWithoutDiagnostics,

    /// <summary>That with a start-up hook that does nothing: what the way into a managed call costs before NsGen has run.</summary>
    EmptyWithHook,

    /// <summary>A managed call that finds a warm child.</summary>
    Warm,
}
