using System.Text.RegularExpressions;

namespace NsGen.Docs.Tests;

/// <summary>Links between documents lead to a file, and to a heading where they name one.</summary>
public sealed partial class LinkTests
{
    public static TheoryData<string> Documents { get; } = [.. Document.All];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Lead_somewhere(string document)
    {
        foreach (Match link in Link().Matches(File.ReadAllText(Path.Combine(Repository.Root, document))))
        {
            string[] parts = link.Groups[1].Value.Split('#');
            if (parts[0].Contains("://", StringComparison.Ordinal))
            {
                continue;
            }

            string target = parts[0].Length == 0
                ? Path.Combine(Repository.Root, document)
                : Path.GetFullPath(Path.Combine(Repository.Root, Path.GetDirectoryName(document)!, parts[0]));
            Assert.True(Path.Exists(target), $"{document}: {link.Groups[1].Value} leads nowhere");
            if (parts.Length > 1)
            {
                Assert.True(Anchors(target).Contains(parts[1]), $"{document}: no heading #{parts[1]} in {parts[0]}");
            }
        }
    }

    [Fact]
    public void Every_document_of_the_guide_is_in_the_index()
    {
        string index = File.ReadAllText(Path.Combine(Repository.Root, "docs/README.md"));
        Assert.All(
            Document.All.Where(static path => path.StartsWith("docs/guide/", StringComparison.Ordinal)),
            path => Assert.Contains($"]({path["docs/".Length..]})", index));
    }

    /// <summary>As the hosting site makes them of headings.</summary>
    private static IEnumerable<string> Anchors(string path)
        => File.ReadLines(path)
            .Where(static line => line.StartsWith('#'))
            .Select(static line => NoAnchor().Replace(line.TrimStart('#', ' ').ToLowerInvariant(), "").Replace(' ', '-'));

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NoAnchor();
}
