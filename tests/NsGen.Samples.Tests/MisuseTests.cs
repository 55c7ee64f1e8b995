namespace NsGen.Samples.Tests;

public sealed class MisuseTests
{
    private static readonly Lazy<IReadOnlyList<Reported>> s_alone = new(static () => SampleBuild.Run("Misuse").Reported);

    [KernelFact]
    public void Every_mistake_is_a_warning_where_the_sample_is_built_alone()
    {
        Assert.All(s_alone.Value, static reported => Assert.Equal("warning", reported.Level));
        SampleBuild.Verify("Misuse", s_alone.Value);
    }

    [KernelFact]
    public void There_is_a_mistake_for_every_rule()
        => Assert.Equal(
            Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs", "rules"), "NSG*.md").Select(Path.GetFileNameWithoutExtension).Order(),
            s_alone.Value.Select(static reported => reported.Id).Distinct().Order());

    [KernelFact]
    public void The_rule_reports_what_its_comment_is_about()
    {
        foreach ((string file, int line, string id) in SampleBuild.Announced("Misuse"))
        {
            Reported? next = s_alone.Value.FirstOrDefault(reported => reported.File == file && reported.Line > line);
            Assert.True(next?.Id == id, $"{file}({line}) announces {id}; what follows is {next}");
        }
    }

    [KernelFact]
    public void In_a_solution_the_sample_is_silent_even_where_warnings_are_errors()
    {
        (string output, IReadOnlyList<Reported> reported) = SampleBuild.Run("Misuse", "-warnaserror", "-p:SolutionDir=/nowhere/");
        Assert.DoesNotContain("NSG", output);
        Assert.All(reported, static r => Assert.Equal("note", r.Level));
        Assert.Equal(s_alone.Value.Select(static r => r.ToString()), reported.Select(static r => r.ToString()));
    }
}
