using System.Text.RegularExpressions;

namespace NsGen.Docs.Tests;

/// <summary>Every command in the documents runs, and prints what the text block below it shows.</summary>
public sealed partial class CommandTests
{
    /// <summary>Commands that another test runs, and which.</summary>
    private static readonly Dictionary<string, string> s_elsewhere = new()
    {
        ["dotnet test NsGen.sln"] = ".ci/run: the gate runs this very line, and these tests with it",
        ["dotnet build samples/Misuse"] = "tests/NsGen.Samples.Tests/MisuseTests.cs",
        ["dotnet pack"] = "tests/NsGen.Package.Tests/PackedFeed.cs",
    };

    public static TheoryData<string, int> Blocks { get; } = Document.In(
        "sh",
        // That page is followed in a new folder, with the package: tests/NsGen.Package.Tests/GettingStartedTests.cs.
        static path => !path.StartsWith("docs/rules/", StringComparison.Ordinal) && path != "docs/guide/getting-started.md");

    [KernelFact]
    public void Documents_have_commands() => Assert.NotEmpty(Blocks);

    [KernelTheory]
    [MemberData(nameof(Blocks))]
    public void Runs_and_prints_what_is_shown(string document, int line)
    {
        Block block = Document.At(document, line);
        if (s_elsewhere.TryGetValue(block.Text.Trim(), out string? where))
        {
            string file = where.Split(':')[0];
            Assert.True(File.Exists(Path.Combine(Repository.Root, file)), $"{file} is said to run {block.Text}");
            return;
        }

        // The samples are built already, as anybody who reads along would find at the second time; other tests are running them.
        string script = block.Text
            .Replace("dotnet run --project", "dotnet run --no-build --project", StringComparison.Ordinal)
            .Replace("dotnet build samples/", "test -d samples/", StringComparison.Ordinal)
            .Replace("dotnet test samples", "dotnet test --no-build samples", StringComparison.Ordinal);
        // In namespaces of its own, since what a command leaves in the background would go on for ever.
        var options = new IsolationOptions
        {
            Namespaces = Namespaces.Pid | Namespaces.Mount,
            UserIfNeeded = true,
            WorkingDirectory = Repository.Root,
            StandardInput = Redirection.Null,
            Timeout = TimeSpan.FromSeconds(200),
        };
        options.Environment["PATH"] = $"{Path.GetDirectoryName(DotNetCli.Path)}:{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin";
        Finished finished = Shell.Run(options, $"set -e\n{script}");

        Assert.True(finished.Status.IsSuccess, $"{document}({line}): {finished.Status}\n{finished.Output}\n{finished.Error}");
        if (block.Output is not null)
        {
            Assert.Contains(Anonymous(block.Output), Anonymous(finished.Output));
        }
    }

    /// <summary>What differs from run to run and machine to machine: numbers of several digits, the machine's name, temporary names, trailing spaces.</summary>
    private static string Anonymous(string text)
        => TrailingSpace().Replace(HostName().Replace(Number().Replace(TemporaryName().Replace(text.TrimEnd(), "/tmp/X"), "N"), "host name HOST"), "");

    [GeneratedRegex(@"\d\d+")]
    private static partial Regex Number();

    [GeneratedRegex(@"host name (?!container\b)\S+?(?=[\s,]|$)")]
    private static partial Regex HostName();

    [GeneratedRegex(@"/tmp/\w+-\w{6}\b")]
    private static partial Regex TemporaryName();

    [GeneratedRegex("[ \t]+$", RegexOptions.Multiline)]
    private static partial Regex TrailingSpace();
}
