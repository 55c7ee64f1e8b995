// What csc does with a package's analyzers folder, with the Roslyn that this program is built against: loads every assembly in it, runs the
// generators, compiles, runs the analyzers. Prints what a test compares.

using System.Collections.Immutable;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

Console.WriteLine($"Roslyn {typeof(Compilation).Assembly.GetName().Version!.ToString(2)}");
string library = Path.Combine(AppContext.BaseDirectory, "NsGen.dll");
var parse = new CSharpParseOptions(LanguageVersion.Latest);
Compilation compilation = CSharpCompilation.Create(
    "user",
    [CSharpSyntaxTree.ParseText(File.ReadAllText(args[1]), parse, args[1])],
    ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(':')
        .Where(path => !Path.GetFileName(path).StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal) && path != library)
        .Append(library)
        .Select(path => MetadataReference.CreateFromFile(path)),
    new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));

var generators = new List<ISourceGenerator>();
var analyzers = new List<DiagnosticAnalyzer>();
foreach (string path in Directory.EnumerateFiles(args[0], "*.dll").Order(StringComparer.Ordinal))
{
    var reference = new AnalyzerFileReference(path, new Loader());
    reference.AnalyzerLoadFailed += (_, failure) => Console.WriteLine($"{failure.ErrorCode}: {Path.GetFileName(path)}: {failure.Message}");
    generators.AddRange(reference.GetGenerators(LanguageNames.CSharp));
    analyzers.AddRange(reference.GetAnalyzers(LanguageNames.CSharp));
}

CSharpGeneratorDriver.Create(generators, parseOptions: parse).RunGeneratorsAndUpdateCompilation(compilation, out compilation, out ImmutableArray<Diagnostic> generated);
IEnumerable<Diagnostic> found = await compilation.WithAnalyzers([.. analyzers]).GetAllDiagnosticsAsync();
foreach (Diagnostic diagnostic in generated.Concat(found).Where(d => d.Severity >= DiagnosticSeverity.Warning).OrderBy(d => d.Location.SourceSpan.Start))
{
    Console.WriteLine($"{diagnostic.Severity} {diagnostic.Id} line {diagnostic.Location.GetLineSpan().StartLinePosition.Line + 1}");
}

Console.WriteLine($"{generators.Count} generator, {compilation.SyntaxTrees.Count() - 1} files, {(analyzers.Count > 20 ? "analyzers" : "no analyzers")}");
using var assembly = new MemoryStream();
Console.WriteLine(compilation.Emit(assembly).Success ? "compiles" : "does not compile");

internal sealed class Loader : IAnalyzerAssemblyLoader
{
    public void AddDependencyLocation(string fullPath)
    {
        // The components have none.
    }

    public Assembly LoadFromPath(string fullPath) => Assembly.LoadFrom(fullPath);
}
