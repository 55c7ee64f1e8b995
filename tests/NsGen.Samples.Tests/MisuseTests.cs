using System.Text.RegularExpressions;

namespace NsGen.Samples.Tests;

public sealed partial class MisuseTests
{
    private static readonly Lazy<IReadOnlyList<Reported>> s_alone = new(static () => SampleBuild.Run("Misuse").Reported);

    [Fact]
    public void Every_mistake_is_a_warning_where_the_sample_is_built_alone()
    {
        Assert.All(s_alone.Value, static reported => Assert.Equal("warning", reported.Level));
        SampleBuild.Verify("Misuse", s_alone.Value);
    }

    [Fact]
    public void There_is_a_mistake_for_every_rule()
        => Assert.Equal(
            Directory.EnumerateFiles(Path.Combine(Sample.Root, "docs", "rules"), "NSG*.md").Select(Path.GetFileNameWithoutExtension).Order(),
            s_alone.Value.Select(static reported => reported.Id).Distinct().Order());

    [Fact]
    public void The_rule_reports_what_its_comment_is_about()
    {
        foreach (string path in Directory.EnumerateFiles(Path.Combine(Sample.Root, "samples", "Misuse"), "*.cs"))
        {
            Reported[] inFile = [.. s_alone.Value.Where(reported => reported.File == Path.GetFileName(path))];
            foreach ((int index, string line) in File.ReadLines(path).Index())
            {
                if (Comment().Match(line) is { Success: true } comment)
                {
                    Reported? next = inFile.FirstOrDefault(reported => reported.Line > index);
                    Assert.True(next?.Id == comment.Groups[1].Value, $"{Path.GetFileName(path)}({index + 1}) announces {comment.Groups[1]}; what follows is {next}");
                }
            }
        }
    }

    [Fact]
    public void In_a_solution_the_sample_is_silent_even_where_warnings_are_errors()
    {
        (string output, IReadOnlyList<Reported> reported) = SampleBuild.Run("Misuse", "-warnaserror", "-p:SolutionDir=/nowhere/");
        Assert.DoesNotContain("NSG", output);
        Assert.All(reported, static r => Assert.Equal("note", r.Level));
        Assert.Equal(s_alone.Value.Select(static r => r.ToString()), reported.Select(static r => r.ToString()));
    }

    [GeneratedRegex(@"^\s*// (NSG\d+):")]
    private static partial Regex Comment();
}
