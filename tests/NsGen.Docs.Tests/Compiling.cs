extern alias NsGenAnalyzers;
extern alias NsGenGenerator;

using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace NsGen.Docs.Tests;

/// <summary>Compiles a piece of C# as a user's project would: implicit usings, nullable, the generator, the analyzers.</summary>
internal static class Compiling
{
    private const string Project = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using NsGen;
        global using static NsGen.Namespaces;

        [assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
        """;

    // What a block that repeats a using of the project's would be told, and what belongs to whole programs only.
    private static readonly string[] s_notOfABlock = ["CS8019", "CS8933", "CS0105", "CS1701", "CS1702"];

    private static readonly CSharpParseOptions s_parse = new(LanguageVersion.Latest, DocumentationMode.None);

    private static readonly ImmutableArray<MetadataReference> s_references = [..
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(':')
            .Where(static path => !Path.GetFileName(path).StartsWith("NsGen.", StringComparison.Ordinal) || Path.GetFileName(path) is "NsGen.dll" or "NsGen.Xunit.dll")
            .Select(static path => MetadataReference.CreateFromFile(path))];

    private static readonly ImmutableArray<DiagnosticAnalyzer> s_analyzers = [..
        typeof(NsGenAnalyzers::NsGen.Analyzers.RuleDescriptors).Assembly.GetTypes()
            .Where(static type => !type.IsAbstract && type.IsSubclassOf(typeof(DiagnosticAnalyzer)))
            .Select(static type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!)];

    /// <summary>What the compiler, the generator and the analyzers say of a file.</summary>
    /// <param name="code">The file.</param>
    /// <param name="isProgram">Whether it has a Main.</param>
    /// <param name="context">Another file, which the first may use.</param>
    /// <param name="least">What is said at least that loud.</param>
    public static async Task<IReadOnlyList<Diagnostic>> Diagnose(
        string code, bool isProgram, string context = "", DiagnosticSeverity least = DiagnosticSeverity.Warning)
    {
        Compilation compilation = CSharpCompilation.Create(
            "document",
            [
                CSharpSyntaxTree.ParseText(Project, s_parse, "Project.cs"),
                CSharpSyntaxTree.ParseText(context, s_parse, "Context.cs"),
                CSharpSyntaxTree.ParseText(code, s_parse, "Block.cs"),
            ],
            s_references,
            new CSharpCompilationOptions(
                isProgram ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary,
                nullableContextOptions: NullableContextOptions.Enable,
                allowUnsafe: true));
        CSharpGeneratorDriver
            .Create([new NsGenGenerator::NsGen.Generator.IsolatedGenerator().AsSourceGenerator()], parseOptions: s_parse)
            .RunGeneratorsAndUpdateCompilation(compilation, out compilation, out ImmutableArray<Diagnostic> generated);
        IEnumerable<Diagnostic> found = await compilation.WithAnalyzers(s_analyzers).GetAllDiagnosticsAsync();
        return [.. generated.Concat(found).Where(diagnostic => diagnostic.Severity >= least && !s_notOfABlock.Contains(diagnostic.Id))];
    }
}
