using System.Collections.Immutable;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using SyntaxTree = Microsoft.CodeAnalysis.SyntaxTree;

namespace NsGen.Benchmarks;

/// <summary>
/// A compiler that has been running for a while, as the one is that dotnet build and editors use. It compiles on request; the answer is processor
/// time, since one part in a hundred is looked for, and a neighbour moves the clock on the wall by more than that.
/// </summary>
internal static class CompileWorker
{
    public const string Switch = "--compile";

    /// <param name="use">What the program has to do with NsGen.</param>
    /// <param name="files">How many files it has that have not.</param>
    public static void Run(NsGenUse use, int files)
    {
        SyntaxTree[] trees = Parse(use, files);
        Dictionary<CompileKind, ImmutableArray<DiagnosticAnalyzer>> analyzers = new()
        {
            [CompileKind.Idle] = [new IdleAnalyzer(looks: use == NsGenUse.InOneFile)],
            [CompileKind.NsGen] = [.. Toolbox.NsGenAnalyzers()],
            [CompileKind.NetAnalyzers] = [.. Toolbox.NetAnalyzers()],
            [CompileKind.Both] = [.. Toolbox.NetAnalyzers(), .. Toolbox.NsGenAnalyzers()],
        };
        RequestLoop.Run(
            request =>
            {
                // A new one each time: the answers of the last stay with the last.
                CSharpCompilation compilation = UnrelatedCode.Compile(trees, use != NsGenUse.None);
                if (analyzers.TryGetValue((CompileKind)request.Steps, out ImmutableArray<DiagnosticAnalyzer> some))
                {
                    Analyze(compilation, some, concurrent: true);
                }
                else
                {
                    Emit(compilation);
                }
            },
            prepare: static _ => GC.Collect(),
            clock: static () => Environment.CpuUsage.TotalTime);
    }

    /// <summary>The files of such a program, with what is generated for it.</summary>
    public static SyntaxTree[] Parse(NsGenUse use, int files)
    {
        SyntaxTree[] trees = UnrelatedCode.Parse(files);
        if (use != NsGenUse.InOneFile)
        {
            return trees;
        }

        CSharpGeneratorDriver.Create([Toolbox.NsGenGenerator()], parseOptions: UnrelatedCode.ParseOptions).RunGeneratorsAndUpdateCompilation(
            UnrelatedCode.Compile([.. trees, UnrelatedCode.Parse(UsingCode.Isolated(), "Isolated.cs")], referencesNsGen: true),
            out Microsoft.CodeAnalysis.Compilation generated,
            out _);
        return [.. generated.SyntaxTrees];
    }

    public static AnalysisResult Analyze(CSharpCompilation compilation, ImmutableArray<DiagnosticAnalyzer> analyzers, bool concurrent)
    {
        var options = new CompilationWithAnalyzersOptions(
            new AnalyzerOptions([]),
            static (e, analyzer, _) => throw new InvalidOperationException($"{analyzer} has failed.", e),
            concurrentAnalysis: concurrent,
            logAnalyzerExecutionTime: true);
        return new CompilationWithAnalyzers(compilation, analyzers, options).GetAnalysisResultAsync(default).GetAwaiter().GetResult();
    }

    private static void Emit(CSharpCompilation compilation)
    {
        if (!compilation.Emit(Stream.Null).Success)
        {
            throw new InvalidOperationException("The program that is to be compiled does not compile.");
        }
    }
}
