using System.Collections.Immutable;
using Basic.Reference.Assemblies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace NsGen.Analyzers.Tests.Harness;

/// <summary>The world a test program lives in: .NET, NsGen, the stub of Tmds.LibC, a file of global usings.</summary>
internal static class TestCompilation
{
    public const string Folder = "/test";
    public const string FileName = "Test.cs";

    public const string GlobalUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.ComponentModel;
        global using System.IO;
        global using System.Linq;
        global using System.Runtime.CompilerServices;
        global using System.Runtime.InteropServices;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static readonly Lazy<MetadataReference> s_tmds = new(CompileTmds);

    private static readonly Lazy<MetadataReference> s_nsGen = new(() => MetadataReference.CreateFromFile(
        Path.Combine(AppContext.BaseDirectory, "NsGen.dll")));

    public static CSharpParseOptions ParseOptions { get; } = new(LanguageVersion.Latest);

    public static ImmutableArray<MetadataReference> References(bool tmds = true, bool nsGen = true)
    {
        ImmutableArray<MetadataReference>.Builder references = ImmutableArray.CreateBuilder<MetadataReference>();
        references.AddRange(Net80.References.All);
        if (tmds)
        {
            references.Add(s_tmds.Value);
        }

        if (nsGen)
        {
            references.Add(s_nsGen.Value);
        }

        return references.ToImmutable();
    }

    public static CSharpCompilationOptions Options(string code) => new(
        HasTopLevelStatements(code) ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary,
        allowUnsafe: true,
        nullableContextOptions: NullableContextOptions.Enable);

    public static CSharpCompilation Create(string code, ImmutableArray<MetadataReference> references, SyntaxTreeOptionsProvider? treeOptions = null)
    {
        CSharpCompilation compilation = CSharpCompilation.Create(
            "Test",
            [Parse(code, FileName), Parse(GlobalUsings, "GlobalUsings.cs")],
            references,
            Options(code).WithSyntaxTreeOptionsProvider(treeOptions));
        return RunGenerators(compilation, code);
    }

    /// <summary>What the analyzers report, ordered; a crash of an analyzer is a failure, never a diagnostic.</summary>
    public static async Task<ImmutableArray<Diagnostic>> AnalyzeAsync(
        Compilation compilation, AnalyzerOptions? options, params DiagnosticAnalyzer[] analyzers)
    {
        List<string> crashes = [];
        CompilationWithAnalyzers run = compilation.WithAnalyzers(
            [.. analyzers],
            new CompilationWithAnalyzersOptions(
                options ?? new AnalyzerOptions([]),
                onAnalyzerException: (exception, analyzer, _) =>
                {
                    lock (crashes)
                    {
                        crashes.Add($"{analyzer.GetType().Name} crashed: {exception}");
                    }
                },
                concurrentAnalysis: true,
                logAnalyzerExecutionTime: false));
        ImmutableArray<Diagnostic> diagnostics = await run.GetAnalyzerDiagnosticsAsync();
        if (crashes.Count > 0)
        {
            throw new AnalyzerCrashException(string.Join("\n", crashes) + "\n\nanalyzing:\n" + compilation.SyntaxTrees.First());
        }

        return [.. diagnostics.OrderBy(d => d.Location.SourceSpan.Start).ThenBy(d => d.Location.SourceSpan.Length).ThenBy(d => d.Id)];
    }

    private static SyntaxTree Parse(string code, string file) =>
        CSharpSyntaxTree.ParseText(SourceText.From(code, System.Text.Encoding.UTF8), ParseOptions, Folder + "/" + file);

    private static bool HasTopLevelStatements(string code) =>
        CSharpSyntaxTree.ParseText(code, ParseOptions).GetCompilationUnitRoot().Members.Any(m => m is GlobalStatementSyntax);

    // Isolated methods have no body until NsGen's generator writes it; other programs need not pay for it.
    private static CSharpCompilation RunGenerators(CSharpCompilation compilation, string code)
    {
        ISourceGenerator[] generators = code.Contains("Isolated", StringComparison.Ordinal) ? TestAssemblies.Generators() : [];
        if (generators.Length == 0)
        {
            return compilation;
        }

        CSharpGeneratorDriver.Create(generators, parseOptions: ParseOptions)
            .RunGeneratorsAndUpdateCompilation(compilation, out Compilation generated, out _);
        return (CSharpCompilation)generated;
    }

    private static PortableExecutableReference CompileTmds()
    {
        CSharpCompilation compilation = CSharpCompilation.Create(
            "Tmds.LibC",
            [CSharpSyntaxTree.ParseText(TestAssemblies.ReadResource("Tmds.LibC.cs"), ParseOptions)],
            Net80.References.All,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
        using MemoryStream image = new();
        Microsoft.CodeAnalysis.Emit.EmitResult result = compilation.Emit(image);
        return result.Success
            ? MetadataReference.CreateFromImage(image.ToArray())
            : throw new InvalidOperationException(string.Join("\n", result.Diagnostics));
    }
}

/// <summary>An analyzer threw: the user would see AD0001.</summary>
internal sealed class AnalyzerCrashException(string message) : Exception(message);
