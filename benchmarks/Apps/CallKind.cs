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
}
