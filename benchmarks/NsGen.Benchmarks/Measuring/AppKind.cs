namespace NsGen.Benchmarks;

/// <summary>How a program of benchmarks/Apps is published.</summary>
internal enum AppKind
{
    /// <summary>As `dotnet build` leaves it: `dotnet app.dll`, compiled by the JIT when it runs.</summary>
    Jit,

    /// <summary>With PublishReadyToRun: the same, compiled ahead of time, NsGen included.</summary>
    ReadyToRun,

    /// <summary>With PublishAot: a native program.</summary>
    Native,
}
