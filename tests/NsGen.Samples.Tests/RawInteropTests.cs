using System.Text.RegularExpressions;

namespace NsGen.Samples.Tests;

public sealed partial class RawInteropTests
{
    private static readonly Lazy<IReadOnlyList<Reported>> s_reported = new(static () => SampleBuild.Run("RawInterop").Reported);

    private static readonly string s_readme = File.ReadAllText(Path.Combine(Repository.Root, "samples", "RawInterop", "README.md"));

    [KernelTheory]
    [Callers]
    public void Prints_what_the_readme_shows(Caller caller)
        => Assert.Equal(Transcript().Match(s_readme).Groups[1].Value, Sample.Output(caller, "RawInterop"));

    [KernelFact]
    public void The_raw_halves_are_reported_as_expected() => SampleBuild.Verify("RawInterop", s_reported.Value);

    [KernelFact]
    public void The_comments_announce_what_is_reported_and_nothing_else()
        => Assert.Equal(s_reported.Value.Select(static r => (r.File, r.Id)).Order(), SampleBuild.Announced("RawInterop").Select(static a => (a.File, a.Id)).Order());

    [KernelFact]
    public void The_readme_lists_what_is_reported()
    {
        var listed = new List<(string, string)>();
        string file = "";
        foreach (Match row in Row().Matches(s_readme))
        {
            file = row.Groups[1].Success ? row.Groups[1].Value : file;
            listed.Add((file, row.Groups[2].Value));
        }

        Assert.Equal(s_reported.Value.Select(static r => (r.File, r.Id)).Order(), listed.Order());
    }

    [GeneratedRegex("```text\n(.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex Transcript();

    [GeneratedRegex(@"^\| (?:\[(\w+\.cs)\].*?)?\|.*?\| (NSG\d+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
