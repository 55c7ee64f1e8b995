using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace NsGen.Analyzers.Tests.Harness;

/// <summary>
/// A program being typed is broken most of the time. All analyzers run over variants of the program that are cut off at a random place
/// or lack a random token; none may crash. The seed follows from the text, so a failure repeats.
/// </summary>
internal static class Mutations
{
    public static async Task CheckNoCrash(string code, VerifyOptions options, int count)
    {
        AnalyzerConfigText config = new(options.EditorConfig ?? "");
        foreach (string variant in Variants(code, count))
        {
            await TestCompilation.AnalyzeAsync(
                TestCompilation.Create(variant, TestCompilation.References(options.Tmds)), config.Options, TestAssemblies.AllAnalyzers());
        }
    }

    public static IEnumerable<string> Variants(string code, int count)
    {
        Random random = new(Seed(code));
        SyntaxToken[] tokens = [.. CSharpSyntaxTree.ParseText(code).GetRoot().DescendantTokens().Where(t => t.Span.Length > 0)];
        for (int i = 0; i < count && tokens.Length > 0; i++)
        {
            SyntaxToken token = tokens[random.Next(tokens.Length)];
            yield return i % 2 == 0 ? code[..token.SpanStart] : code.Remove(token.SpanStart, token.Span.Length);
        }
    }

    // string.GetHashCode differs from run to run.
    private static int Seed(string text) => text.Aggregate(17, (hash, c) => unchecked((hash * 31) + c));
}
