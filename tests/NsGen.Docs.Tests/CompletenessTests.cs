using System.Text.RegularExpressions;

namespace NsGen.Docs.Tests;

/// <summary>What a document says it lists, it lists; what it names exists.</summary>
public sealed partial class CompletenessTests
{
    [Fact]
    public void Every_option_is_in_the_list_of_options()
    {
        string page = Read("docs/guide/options.md");

        Assert.All(
            typeof(IsolationOptions).GetProperties().Concat(typeof(IsolatedAttribute).GetProperties())
                .Where(static property => property.DeclaringType != typeof(Attribute))
                .Select(static property => property.Name)
                .Distinct(),
            name => Assert.Contains($"`{name}`", page));
    }

    [Fact]
    public void Every_option_in_the_list_exists()
    {
        string[] names = [.. typeof(IsolationOptions).GetProperties().Concat(typeof(IsolatedAttribute).GetProperties()).Select(static property => property.Name)];

        foreach (string row in Read("docs/guide/options.md").Split('\n').Where(static line => line.StartsWith("| `", StringComparison.Ordinal)))
        {
            Assert.All(Code().Matches(row.Split('|')[1]), name => Assert.Contains(name.Groups[1].Value, names));
        }
    }

    [Fact]
    public void Every_exception_is_in_the_list_of_errors()
    {
        string page = Read("docs/guide/errors.md");

        Assert.All(
            typeof(NamespaceException).Assembly.GetExportedTypes().Where(static type => type.IsSubclassOf(typeof(Exception))),
            type => Assert.Contains($"| `{type.Name}` |", page));
    }

    [Theory]
    [InlineData("CONTRIBUTING.md", 30)]
    [InlineData("docs/design.md", 15)]
    public void Every_file_that_is_named_exists(string document, int atLeast)
    {
        MatchCollection paths = FilePath().Matches(Read(document));

        Assert.True(paths.Count > atLeast);
        Assert.All(paths, static path => Assert.True(Path.Exists(Path.Combine(Repository.Root, path.Groups[1].Value)), $"{path.Groups[1].Value} does not exist"));
    }

    [Fact]
    public void Every_sample_is_in_the_list_of_samples_and_has_a_page()
    {
        string list = Read("samples/README.md");

        Assert.All(
            Directory.EnumerateFiles(Path.Combine(Repository.Root, "samples"), "*.csproj", SearchOption.AllDirectories).Select(Path.GetFileNameWithoutExtension),
            name => Assert.Contains($"[{name}]({name}/README.md)", list));
    }

    [Fact]
    public void The_workflow_runs_the_gate()
        => Assert.Contains("bash .ci/run\n", Read(".github/workflows/ci.yml"));

    private static string Read(string path) => File.ReadAllText(Path.Combine(Repository.Root, path));

    [GeneratedRegex("`([A-Za-z]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"`((?:tests|runtime|generator|analyzers|samples|docs|xunit|benchmarks)/[\w.\-/]*|[\w\-]+\.md)`")]
    private static partial Regex FilePath();
}
