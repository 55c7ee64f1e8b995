using System.Diagnostics;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using NsGen.Analyzers.RawCalls;
using NsGen.Analyzers.Tests.Harness;
using Xunit;
using Xunit.Abstractions;

namespace NsGen.Analyzers.Tests.Meta;

/// <summary>Code that has nothing to do with namespaces pays nearly nothing for the rules. benchmarks/ measures the time; this guards the memory.</summary>
public sealed class BailOutTests(ITestOutputHelper output)
{
    private const int Files = 200;
    private const int LinesPerFile = 500;

    // What one search costs: the set of names, and a buffer if the pool has none. A file costs nothing.
    private const long MaxBytes = 128 * 1024;

    [Fact]
    public void The_search_for_imports_allocates_nothing_per_file()
    {
        CSharpCompilation compilation = CreateLarge();
        ImportScan.Find(compilation, [], default);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Stopwatch watch = Stopwatch.StartNew();
        bool found = ImportScan.Find(compilation, [], default);
        TimeSpan elapsed = watch.Elapsed;
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        output.WriteLine($"{Files * LinesPerFile} lines: {elapsed.TotalMilliseconds:F2} ms, {allocated} bytes");
        Assert.False(found);
        Assert.True(allocated < MaxBytes, $"{allocated} bytes for {Files} files");
    }

    [Fact]
    public async Task No_raw_call_rule_registers_an_action()
    {
        CSharpCompilation compilation = TestCompilation.Create("class C { }", TestCompilation.References(tmds: false));
        DiagnosticAnalyzer[] analyzers = [.. TestAssemblies.AllAnalyzers().Where(a => a is RawCallAnalyzer)];
        Assert.NotEmpty(analyzers);
        CompilationWithAnalyzers run = compilation.WithAnalyzers([.. analyzers], new AnalyzerOptions([]));
        foreach (DiagnosticAnalyzer analyzer in analyzers)
        {
            Microsoft.CodeAnalysis.Diagnostics.Telemetry.AnalyzerTelemetryInfo actions = await run.GetAnalyzerTelemetryInfoAsync(analyzer, default);
            Assert.Equal(1, actions.CompilationStartActionsCount);
            Assert.Equal(0, actions.OperationActionsCount + actions.OperationBlockStartActionsCount + actions.OperationBlockActionsCount
                + actions.SyntaxNodeActionsCount + actions.SymbolActionsCount + actions.SyntaxTreeActionsCount + actions.SemanticModelActionsCount
                + actions.CompilationEndActionsCount + actions.CodeBlockActionsCount + actions.CodeBlockStartActionsCount + actions.SymbolStartActionsCount);
        }
    }

    private static CSharpCompilation CreateLarge()
    {
        SyntaxTree[] trees = [.. Enumerable.Range(0, Files).Select(i =>
        {
            StringBuilder code = new($"namespace N{i} {{ class C {{\n");
            for (int line = 0; line < LinesPerFile; line++)
            {
                code.Append($"    int M{line}(int a) => a + {line} * (a ^ {i}); // imports, externs and other words\n");
            }

            return CSharpSyntaxTree.ParseText(code.Append("}}").ToString());
        })];
        return CSharpCompilation.Create("large", trees, TestCompilation.References(tmds: false));
    }
}
