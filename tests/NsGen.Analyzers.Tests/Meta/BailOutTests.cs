using System.Collections.Immutable;
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
    public void The_search_for_isolated_methods_allocates_nothing_per_file()
    {
        CSharpCompilation compilation = CreateLarge();
        TextSearch.FilesWith(compilation, ["Isolated"], default);

        long before = GC.GetAllocatedBytesForCurrentThread();
        List<SyntaxTree> found = TextSearch.FilesWith(compilation, ["Isolated"], default);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Empty(found);
        Assert.True(allocated < MaxBytes, $"{allocated} bytes for {Files} files");
    }

    [Fact]
    public async Task No_rule_registers_an_action_where_nothing_is_called_and_nothing_isolated()
        => Assert.All(await ActionsAsync("class C { }"), static actions => Assert.Equal(0, actions.Count));

    [Fact]
    public async Task Every_rule_registers_an_action_where_something_is()
        => Assert.All(
            await ActionsAsync(
                """
                static class C
                {
                    [System.Runtime.InteropServices.DllImport("libc")] static extern int unshare(int flags);
                    [NsGen.Isolated] static void M() { }
                }
                """),
            static actions => Assert.True(actions.Count > 0, $"{actions.Analyzer} registers nothing"));

    [Fact]
    public async Task An_alias_for_all_files_is_followed()
    {
        CSharpCompilation compilation = TestCompilation.Create("static class C { [Alone] public static void M() { } }", TestCompilation.References())
            .AddSyntaxTrees(CSharpSyntaxTree.ParseText("global using Alone = NsGen.IsolatedAttribute;", TestCompilation.ParseOptions));
        ImmutableArray<Diagnostic> found = await TestCompilation.AnalyzeAsync(compilation, null, TestAssemblies.AllAnalyzers());
        Assert.Contains(found, static diagnostic => diagnostic.Id == RuleIds.IsolatedMethodShape);
    }

    /// <summary>What each analyzer registers, beside its look at the compilation.</summary>
    private static async Task<List<(DiagnosticAnalyzer Analyzer, int Count)>> ActionsAsync(string code)
    {
        CSharpCompilation compilation = TestCompilation.Create(code, TestCompilation.References(tmds: false));
        Assert.NotNull(compilation.GetTypeByMetadataName("NsGen.IsolatedAttribute"));
        DiagnosticAnalyzer[] analyzers = TestAssemblies.AllAnalyzers();
        CompilationWithAnalyzers run = compilation.WithAnalyzers([.. analyzers], new AnalyzerOptions([]));
        List<(DiagnosticAnalyzer, int)> found = [];
        foreach (DiagnosticAnalyzer analyzer in analyzers)
        {
            Microsoft.CodeAnalysis.Diagnostics.Telemetry.AnalyzerTelemetryInfo actions = await run.GetAnalyzerTelemetryInfoAsync(analyzer, default);
            Assert.Equal(1, actions.CompilationStartActionsCount);
            found.Add((analyzer, actions.OperationActionsCount + actions.OperationBlockStartActionsCount + actions.OperationBlockActionsCount
                + actions.SyntaxNodeActionsCount + actions.SymbolActionsCount + actions.SyntaxTreeActionsCount + actions.SemanticModelActionsCount
                + actions.CompilationEndActionsCount + actions.CodeBlockActionsCount + actions.CodeBlockStartActionsCount + actions.SymbolStartActionsCount));
        }

        return found;
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
