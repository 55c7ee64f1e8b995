namespace NsGen.Benchmarks;

/// <summary>What <see cref="CompileWorker"/> is asked for.</summary>
internal enum CompileKind
{
    /// <summary>Compiles, without any analyzer.</summary>
    Emit,

    /// <summary>Analyzes by <see cref="IdleAnalyzer"/>.</summary>
    Idle,

    /// <summary>Analyzes by NsGen's analyzers.</summary>
    NsGen,

    /// <summary>Analyzes by the SDK's analyzers.</summary>
    NetAnalyzers,

    /// <summary>Analyzes by both.</summary>
    Both,

    /// <summary>A keystroke, and a driver without generators.</summary>
    Keystroke,

    /// <summary>A keystroke, and NsGen's generator.</summary>
    KeystrokeNsGen,

    /// <summary>A keystroke, and System.Text.Json's generator.</summary>
    KeystrokeJson,
}
