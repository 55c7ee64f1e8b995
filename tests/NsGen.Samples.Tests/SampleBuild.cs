using System.Text.Json;
using System.Text.RegularExpressions;

namespace NsGen.Samples.Tests;

/// <summary>What the compiler has to say at a line of a sample.</summary>
/// <param name="Level">note, warning or error.</param>
internal sealed record Reported(string File, int Line, string Id, string Level, string Message)
{
    public override string ToString() => $"{File}({Line}): {Id}: {Message}";
}

/// <summary>
/// Builds a copy of a sample and reads the compiler's own log. A copy, since the solution may be built at the same time, and since the
/// compiler says nothing where the sample is up to date.
/// </summary>
internal static partial class SampleBuild
{
    // What samples/Directory.Build.props gives a sample, from where it is built.
    private static readonly string s_props =
        $"""
        <Project>
          <Import Project="{Repository.Root}/Directory.Build.props" />
          <PropertyGroup>
            <TargetFramework>net{Environment.Version.ToString(2)}</TargetFramework>
            <OutputType>Exe</OutputType>
            <UseAppHost>false</UseAppHost>
          </PropertyGroup>
          <ItemGroup>
            <Reference Include="{Path.Combine(AppContext.BaseDirectory, "NsGen.dll")}" />
            <Analyzer Include="{Built("generator", "NsGen.Generator")}" />
            <Analyzer Include="{Built("analyzers/NsGen.Analyzers", "NsGen.Analyzers")}" />
          </ItemGroup>
        </Project>
        """;

    /// <summary>Builds a sample that has to build.</summary>
    /// <param name="name">Its folder in samples/.</param>
    /// <param name="arguments">More of dotnet build's command line.</param>
    /// <returns>What dotnet build prints, and what NsGen's rules report, by file and line.</returns>
    public static (string Output, IReadOnlyList<Reported> Reported) Run(string name, params string[] arguments)
    {
        using var folder = new TemporaryDirectory();
        folder.Write("Directory.Build.props", s_props);
        foreach (string shared in Directory.EnumerateFiles(Path.Combine(Repository.Root, "samples")).Where(static f => !f.EndsWith("Directory.Build.props", StringComparison.Ordinal)))
        {
            File.Copy(shared, Path.Combine(folder.Path, Path.GetFileName(shared)));
        }

        string copy = Directory.CreateDirectory(Path.Combine(folder.Path, name)).FullName;
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "samples", name)))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        string log = Path.Combine(folder.Path, "log.sarif");
        Finished finished = DotNetCli.Run(Repository.Root, ["build", copy, "-nologo", "-v", "quiet", $"-p:ErrorLog={log}%2Cversion=2.1", .. arguments]);
        Assert.True(finished.Status.IsSuccess, $"dotnet build {name}: {finished.Status}\n{finished.Output}\n{finished.Error}");
        return (finished.Output, Read(log));
    }

    /// <summary>Compares with the file that the sample's folder holds.</summary>
    public static void Verify(string name, IEnumerable<Reported> reported)
    {
        string file = $"samples/{name}/{name}.expected.txt";
        string path = Path.Combine(Repository.Root, file);
        string expected = File.Exists(path) ? File.ReadAllText(path) : "";
        string actual = string.Concat(reported.Select(static r => $"{r}\n"));
        if (actual != expected)
        {
            string received = Path.Combine(Path.GetTempPath(), $"{name}.received.txt");
            File.WriteAllText(received, actual);
            Assert.Fail($"The rules say something else about {name}:\n{Difference('-', expected, actual)}{Difference('+', actual, expected)}To accept it: cp {received} {file}");
        }
    }

    /// <summary>The comments of a sample that begin with a rule's ID and a colon, with their lines.</summary>
    public static IEnumerable<(string File, int Line, string Id)> Announced(string name)
        => from path in Directory.EnumerateFiles(Path.Combine(Repository.Root, "samples", name), "*.cs")
           from line in File.ReadLines(path).Index()
           let comment = Announcement().Match(line.Item)
           where comment.Success
           select (Path.GetFileName(path), line.Index + 1, comment.Groups[1].Value);

    [GeneratedRegex(@"^\s*// (NSG\d+):")]
    private static partial Regex Announcement();

    private static string Difference(char mark, string of, string without)
        => string.Concat(of.Split('\n').Except(without.Split('\n')).Select(line => $"  {mark} {line}\n"));

    private static List<Reported> Read(string log)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(log));
        var reported = new List<Reported>();
        foreach (JsonElement result in document.RootElement.GetProperty("runs")[0].GetProperty("results").EnumerateArray())
        {
            JsonElement place = result.GetProperty("locations")[0].GetProperty("physicalLocation");
            reported.Add(new Reported(
                Path.GetFileName(place.GetProperty("artifactLocation").GetProperty("uri").GetString()!),
                place.GetProperty("region").GetProperty("startLine").GetInt32(),
                result.GetProperty("ruleId").GetString()!,
                result.GetProperty("level").GetString()!,
                result.GetProperty("message").GetProperty("text").GetString()!));
        }

        return [.. reported
            .Where(static r => r.Id.StartsWith("NSG", StringComparison.Ordinal))
            .OrderBy(static r => r.File, StringComparer.Ordinal).ThenBy(static r => r.Line).ThenBy(static r => r.Id, StringComparer.Ordinal)];
    }

    private static string Built(string project, string assembly)
        // .../bin/Debug/net10.0 of these tests: the configuration is theirs as well.
        => Path.Combine(
            Repository.Root, project, "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "netstandard2.0", $"{assembly}.dll");
}
