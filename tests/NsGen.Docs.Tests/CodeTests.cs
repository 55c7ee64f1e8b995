using Microsoft.CodeAnalysis;

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
        foreach (Reading reading in Reading.Of(block))
        {
            IReadOnlyList<Diagnostic> found = await Compiling.Diagnose(reading.Code, reading.IsProgram);
            if (block.Reports is { } rule)
            {
                found = found.Any(diagnostic => diagnostic.Id == rule) ? [.. found.Where(diagnostic => diagnostic.Id != rule)] : [MissingReport(rule)];
            }

            fewest = fewest is null || found.Count < fewest.Count ? found : fewest;
        }

        Assert.True(fewest!.Count == 0, $"{document}({line}):\n{string.Join('\n', fewest)}\n\n{block.Text}");
    }

    private static Diagnostic MissingReport(string rule)
        => Diagnostic.Create(rule, "Docs", "The document says that this is reported", DiagnosticSeverity.Error, DiagnosticSeverity.Error, true, 0);

    /// <summary>A block that uses something it does not declare must fail, or the test above could not.</summary>
    [Fact]
    public async Task An_unknown_name_is_found()
    {
        var block = new Block(1, "csharp", "Console.WriteLine(unknown);", "", null, null, null);

        foreach (Reading reading in Reading.Of(block))
        {
            Assert.NotEmpty(await Compiling.Diagnose(reading.Code, reading.IsProgram));
        }
    }
}
