namespace NsGen.Docs.Tests;

/// <summary>A fenced block of a document.</summary>
/// <param name="Line">Line of its fence, from 1.</param>
/// <param name="Language">What stands after the fence.</param>
/// <param name="Text">Its lines.</param>
/// <param name="Heading">The heading it stands under.</param>
/// <param name="Given">What a comment <c>&lt;!-- given: … --&gt;</c> above it declares (Reading.Of).</param>
/// <param name="Reports">The rule that a comment <c>&lt;!-- reports: … --&gt;</c> above it says it breaks.</param>
/// <param name="Output">The text block that directly follows, if one does.</param>
internal sealed record Block(int Line, string Language, string Text, string Heading, string? Given, string? Reports, string? Output);

/// <summary>The documents of the repository.</summary>
internal static class Document
{
    private const string GivenMark = "<!-- given:";
    private const string ReportsMark = "<!-- reports:";

    /// <summary>Every document, by its path from the root.</summary>
    public static IEnumerable<string> All { get; } = [.. new[] { "docs", "samples", "benchmarks", "xunit" }
        .SelectMany(static folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.md", SearchOption.AllDirectories))
        .Concat(Directory.EnumerateFiles(Repository.Root, "*.md"))
        .Select(static path => Path.GetRelativePath(Repository.Root, path))
        .Where(static path => !path.Split('/').Any(static part => part is "bin" or "obj"))
        .Order(StringComparer.Ordinal)];

    /// <summary>The blocks of a document, in their order.</summary>
    public static IReadOnlyList<Block> Blocks(string path)
    {
        string[] lines = File.ReadAllLines(Path.Combine(Repository.Root, path));
        var blocks = new List<Block>();
        string heading = "";
        string? given = null;
        string? reports = null;
        int previousEnd = -1;
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i].StartsWith('#'))
            {
                heading = lines[i].TrimStart('#', ' ');
            }
            else if (lines[i].StartsWith(GivenMark, StringComparison.Ordinal))
            {
                given = lines[i][GivenMark.Length..].Replace("-->", "", StringComparison.Ordinal).Trim();
            }
            else if (lines[i].StartsWith(ReportsMark, StringComparison.Ordinal))
            {
                reports = lines[i][ReportsMark.Length..].Replace("-->", "", StringComparison.Ordinal).Trim();
            }
            else if (lines[i].StartsWith("```", StringComparison.Ordinal))
            {
                int end = Array.FindIndex(lines, i + 1, static line => line.StartsWith("```", StringComparison.Ordinal));
                Assert.True(end > 0, $"{path}({i + 1}): a fence that is never closed");
                var block = new Block(i + 1, lines[i][3..].Trim(), string.Join('\n', lines[(i + 1)..end]), heading, given, reports, null);
                if (block.Language == "text" && blocks.Count > 0 && lines[(previousEnd + 1)..i].All(string.IsNullOrWhiteSpace))
                {
                    blocks[^1] = blocks[^1] with { Output = block.Text };
                }

                blocks.Add(block);
                (given, reports, previousEnd, i) = (null, null, end, end);
            }
        }

        return blocks;
    }

    /// <summary>A block by the line of its fence.</summary>
    public static Block At(string path, int line) => Blocks(path).Single(block => block.Line == line);

    /// <summary>The blocks in a language, as rows of a theory.</summary>
    public static TheoryData<string, int> In(string language, Func<string, bool> documents)
    {
        var rows = new TheoryData<string, int>();
        foreach (string path in All.Where(documents))
        {
            foreach (Block block in Blocks(path).Where(block => block.Language == language))
            {
                rows.Add(path, block.Line);
            }
        }

        return rows;
    }
}
