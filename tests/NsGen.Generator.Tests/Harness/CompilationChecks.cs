using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace NsGen.Generator.Tests.Harness;

internal static class CompilationChecks
{
    /// <summary>The program of the test itself has no mistake but what the generator will mend.</summary>
    public static void CompilesBefore(Compilation input, ImmutableHashSet<string> expected)
        => Demand(nameof(CompilesBefore), input, input.GetDiagnostics().Where(diagnostic => !expected.Contains(diagnostic.Id)));

    /// <summary>The program with its generated code compiles without any warning; only the errors that the test means remain.</summary>
    public static void CompilesAfter(
        Compilation output, GeneratorDriverRunResult result, ImmutableHashSet<string> expected, bool errorsSpread)
    {
        bool IsExpected(Diagnostic diagnostic) => expected.Contains(diagnostic.Id)
            && (errorsSpread || !result.GeneratedTrees.Any(tree => tree == diagnostic.Location.SourceTree));

        Demand(nameof(CompilesAfter), output, output.GetDiagnostics().Where(diagnostic => !IsExpected(diagnostic)));
    }

    private static void Demand(string check, Compilation compilation, IEnumerable<Diagnostic> diagnostics)
    {
        Diagnostic[] found =
        [
            .. diagnostics
                .Where(static diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning)
                .Where(static diagnostic => !IsMissingComment(diagnostic)),
        ];
        if (found.Length > 0)
        {
            IEnumerable<string> files = found
                .Select(static diagnostic => diagnostic.Location.SourceTree)
                .OfType<SyntaxTree>()
                .Distinct()
                .Select(static tree => $"--- {tree.FilePath}\n{tree}");
            throw new HarnessException(check, $"{compilation.AssemblyName}\n{string.Join("\n", found.AsEnumerable())}\n{string.Join("\n", files)}");
        }
    }

    /// <summary>CS1591 about the program of the test; generated code has to be documented.</summary>
    private static bool IsMissingComment(Diagnostic diagnostic)
        => diagnostic.Id == "CS1591"
            && diagnostic.Location.SourceTree?.FilePath.EndsWith(".g.cs", StringComparison.Ordinal) != true;
}
