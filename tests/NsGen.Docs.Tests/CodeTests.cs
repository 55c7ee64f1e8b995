using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NsGen.Docs.Tests;

/// <summary>
/// Every piece of C# in the documents compiles without a warning, alone: as a program, as members of a class, or as the body of a method
/// whose parameters a comment above it declares. What the rules' pages show is right and wrong on purpose (RulePageTests).
/// </summary>
public sealed class CodeTests
{
    public static TheoryData<string, int> Blocks { get; } = Document.In("csharp", static path => !path.StartsWith("docs/rules/", StringComparison.Ordinal));

    [Fact]
    public void Documents_have_code() => Assert.NotEmpty(Blocks);

    [Theory]
    [MemberData(nameof(Blocks))]
    public async Task Compiles_without_a_warning(string document, int line)
    {
        Block block = Document.At(document, line);

        // Diagnostics of the reading that comes nearest are the ones worth showing.
        IReadOnlyList<Diagnostic>? fewest = null;
        foreach ((string code, bool isProgram) in Readings(block))
        {
            IReadOnlyList<Diagnostic> found = await Compiling.Diagnose(code, isProgram);
            fewest = fewest is null || found.Count < fewest.Count ? found : fewest;
        }

        Assert.True(fewest!.Count == 0, $"{document}({line}):\n{string.Join('\n', fewest)}\n\n{block.Text}");
    }

    /// <summary>A block that uses something it does not declare must fail, or the test above could not.</summary>
    [Fact]
    public async Task An_unknown_name_is_found()
    {
        var block = new Block(1, "csharp", "Console.WriteLine(unknown);", "", null, null);

        foreach ((string code, bool isProgram) in Readings(block))
        {
            Assert.NotEmpty(await Compiling.Diagnose(code, isProgram));
        }
    }

    private static IEnumerable<(string Code, bool IsProgram)> Readings(Block block)
    {
        SyntaxList<UsingDirectiveSyntax> usings = SyntaxFactory.ParseCompilationUnit(block.Text).Usings;
        string rest = block.Text[usings.FullSpan.End..];
        if (block.Given is null)
        {
            yield return (block.Text, true);
            yield return (block.Text, false);
            yield return ($"{usings.ToFullString()}\ninternal static partial class Example\n{{\n{rest}\n}}", false);
        }

        yield return (
            $"{usings.ToFullString()}\ninternal static partial class Example\n{{\npublic static async Task Run({block.Given})\n{{\n{rest}\nawait Task.Yield();\n}}\n}}",
            false);
    }
}
