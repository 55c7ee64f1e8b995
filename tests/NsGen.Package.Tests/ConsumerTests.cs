using System.Diagnostics;
using System.Runtime.InteropServices;

namespace NsGen.Package.Tests;

/// <summary>What a user of the package does, outside the repository.</summary>
[Collection(PackedFeedTests.Name)]
public sealed class ConsumerTests(PackedFeed feed)
{
    private const string Expected = "hello world from container, pid 1\n5";

    private static readonly string s_rid = $"linux-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";

    [KernelFact(Requires.Isolation)]
    public void A_program_builds_is_told_of_a_mistake_has_it_fixed_and_runs()
    {
        string folder = feed.Consumer("Console");

        string built = DotNetCli.Output(folder, "build");
        Assert.Contains("Program.cs(35,9): warning NSG106", built);
        Assert.Contains("docs/rules/NSG106.md", built);
        Assert.Contains("1 Warning(s)", built);

        DotNetCli.Output(folder, "format", "analyzers", "--diagnostics", "NSG106", "--no-restore");
        Assert.Contains("if (unshare(0x04000000) == -1)", File.ReadAllText(Path.Combine(folder, "Program.cs")));
        Assert.Contains("0 Warning(s)", DotNetCli.Output(folder, "build", "--no-restore"));

        Expect(Expected, Path.Combine(folder, "bin/Debug/net10.0"), "Console");
    }

    [KernelFact(Requires.Isolation)]
    public void A_library_isolates_for_a_program_that_does_not_name_the_package()
    {
        string folder = feed.Consumer("Library");

        Assert.Contains("0 Warning(s)", DotNetCli.Output(Path.Combine(folder, "App"), "build"));
        Expect("library", Path.Combine(folder, "App/bin/Debug/net10.0"), "App");
    }

    [KernelFact(Requires.Isolation)]
    public void A_test_project_with_the_package_for_tests_passes()
    {
        string said = DotNetCli.Output(feed.Consumer("XunitTests"), "test");

        Assert.Contains("Failed:     0, Passed:     2, Skipped:     0", said);
        Assert.DoesNotContain("warning", said);
    }

    [KernelFact]
    public void A_generator_that_fails_is_an_error()
    {
        string app = Path.Combine(feed.Consumer("BrokenGenerator"), "App");

        // Without the package it is a warning, which is why the package asks for more.
        Assert.Contains("warning CS8785", DotNetCli.Output(app, "build", "-p:WithNsGen=false"));
        Finished finished = DotNetCli.Run(app, "build");
        Assert.Equal(1, finished.Status.ExitCode);
        Assert.Contains("error CS8785", finished.Output);
    }

    [KernelTheory]
    [InlineData("net10.0", "-p:PublishSingleFile=true", "--no-self-contained")]
    [InlineData("net9.0", "-p:PublishSingleFile=true", "--self-contained")]
    [InlineData("net9.0", "-p:PublishTrimmed=true", "--self-contained")]
    public void A_published_program_runs(string framework, string property, string contained)
        => ExpectPublished(framework, property, contained);

    [KernelFact(Requires.Isolation)]
    public void A_native_program_runs()
    {
        // Not net10.0: the NativeAOT packages of .NET 10 are not in every feed yet.
        string compiler = new[] { "clang", "gcc" }.FirstOrDefault(static tool => Requirements.FindTool(tool) is not null)
            ?? throw new SkippedException("needs clang or gcc in PATH");
        ExpectPublished("net9.0", "-p:PublishAot=true", $"-p:CppCompilerAndLinker={compiler}");
    }

    private void ExpectPublished(string framework, params string[] how)
    {
        string folder = feed.Consumer("Console");
        string project = Path.Combine(folder, "Console.csproj");
        File.WriteAllText(project, File.ReadAllText(project).Replace("net10.0", framework, StringComparison.Ordinal));

        string said = DotNetCli.Output(folder, ["publish", "-r", s_rid, "-o", Path.Combine(folder, "out"), .. how]);

        // The one about start-up hooks is the framework's own.
        Assert.DoesNotContain(said.Split('\n'), static line => line.Contains("warning IL", StringComparison.Ordinal) && !line.Contains("StartupHookProvider", StringComparison.Ordinal));
        Expect(Expected, Path.Combine(folder, "out"), "Console");
    }

    /// <summary>Runs the program as the caller, and where that is root as user 65534.</summary>
    private static void Expect(string output, string folder, string program)
    {
        string path = Path.Combine(folder, program);
        Assert.Equal(output, Output(new ProcessStartInfo(path)));
        if (Requirements.IsRoot && Requirements.Missing(Requires.UserNamespaces, null) is null)
        {
            Shell.Output(new IsolationOptions(), $"chmod -R a+rX {folder} && while [ $PWD != / ]; do chmod a+x .; cd ..; done");
            Assert.Equal(output, Output(new ProcessStartInfo("setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", path])));
        }
    }

    private static string Output(ProcessStartInfo start)
    {
        start.Environment["DOTNET_BUNDLE_EXTRACT_BASE_DIR"] = Path.GetTempPath();
        Finished finished = TestApp.Run(start);
        Assert.True(finished.Status.IsSuccess, $"{finished.Status}\n{finished.Output}\n{finished.Error}");
        return finished.Output;
    }
}
