using Microsoft.CodeAnalysis;

namespace NsGen.Docs.Tests;

/// <summary>What a rule's page shows as wrong is reported by that rule, and what it shows as right is not.</summary>
public sealed class RulePageTests
{
    private static readonly string s_context = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "RawCalls.cs.txt"));

    public static TheoryData<string> Pages { get; } =
        [.. Document.All.Where(static path => path.StartsWith("docs/rules/NSG", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Wrong_is_reported_and_right_is_not(string page)
    {
        string id = Path.GetFileNameWithoutExtension(page);
        IReadOnlyList<Block> blocks = Document.Blocks(page);

        Block[] wrong = [.. blocks.Where(static block => block.Heading == "Wrong" && block.Language == "csharp")];
        Block[] right = [.. blocks.Where(static block => block.Heading == "Right" && block.Language == "csharp")];
        Assert.NotEmpty(wrong);
        Assert.NotEmpty(right);
        foreach (Block block in wrong)
        {
            IReadOnlyList<Diagnostic> found = await Nearest(block, id);
            Assert.True(found.Any(diagnostic => diagnostic.Id == id) && !found.Any(static diagnostic => diagnostic.Id is "CS0103" or "CS0246"), Show(page, block, found));
        }

        foreach (Block block in right)
        {
            IReadOnlyList<Diagnostic> found = await Nearest(block, id);
            Assert.True(!found.Any(IsError) && !found.Any(diagnostic => diagnostic.Id == id), Show(page, block, found));
        }
    }

    /// <summary>The diagnostics of the reading in which C# itself objects least.</summary>
    private static async Task<IReadOnlyList<Diagnostic>> Nearest(Block block, string id)
    {
        var all = new List<IReadOnlyList<Diagnostic>>();
        foreach (Reading reading in Reading.Of(block))
        {
            all.Add(await Compiling.Diagnose($"using static RawCalls;\n{reading.Code}", reading.IsProgram, s_context, DiagnosticSeverity.Info));
        }

        return all.OrderBy(static found => found.Count(IsError)).ThenBy(found => found.Any(diagnostic => diagnostic.Id == id) ? 0 : 1).First();
    }

    private static bool IsError(Diagnostic diagnostic) => diagnostic.Severity == DiagnosticSeverity.Error && !diagnostic.Id.StartsWith("NSG", StringComparison.Ordinal);

    private static string Show(string page, Block block, IReadOnlyList<Diagnostic> found) => $"{page}({block.Line}):\n{string.Join('\n', found)}\n\n{block.Text}";
}
