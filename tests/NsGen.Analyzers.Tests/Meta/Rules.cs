using Microsoft.CodeAnalysis;
using NsGen.Analyzers.Tests.Harness;

namespace NsGen.Analyzers.Tests.Meta;

internal static class Rules
{
    /// <summary>The descriptors of all analyzers, by ID.</summary>
    public static Dictionary<string, DiagnosticDescriptor> Descriptors() => TestAssemblies.AllAnalyzers()
        .SelectMany(a => a.SupportedDiagnostics)
        .GroupBy(d => d.Id)
        .ToDictionary(g => g.Key, g => g.First());
}
