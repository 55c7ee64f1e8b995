using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NsGen.Analyzers.Tests.Harness;
using Xunit;

namespace NsGen.Analyzers.Tests.Meta;

/// <summary>Correct programs, in each style of calling libc. No rule has anything to say about them.</summary>
public sealed class CorpusTests
{
    public static TheoryData<string> Programs() =>
        [.. Directory.EnumerateFiles(Path.Combine(TestAssemblies.Root, "tests", "NsGen.Analyzers.Tests", "Corpus"), "*.cs", SearchOption.AllDirectories)
            .Select(f => Path.GetFileName(f))
            .Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Nothing_is_reported(string program)
    {
        CSharpCompilation compilation = TestCompilation.Create(TestAssemblies.ReadResource(program), TestCompilation.References());
        Assert.Empty(compilation.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error));
        ImmutableArray<Diagnostic> found = await TestCompilation.AnalyzeAsync(compilation, null, TestAssemblies.AllAnalyzers());
        Assert.True(found.IsEmpty, string.Join("\n", found));
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public Task No_analyzer_crashes_over_broken_variants(string program) =>
        Mutations.CheckNoCrash(TestAssemblies.ReadResource(program), VerifyOptions.Default, count: 40);
}
