using System.Diagnostics;

namespace NsGen.Tests;

/// <summary>Where isolated methods work. That they do in xunit's test host is what most other tests show.</summary>
public sealed class HostTests(PublishedHosts hosts) : IClassFixture<PublishedHosts>
{
    [KernelFact(Requires.Isolation)]
    public void A_program_run_by_dotnet()
        => Assert.Equal("inside 1 from inside", Run(DotNetCli.Path, [TestApp.Dll, "body", "hostname", "inside"]));

    [KernelFact(Requires.Isolation)]
    public void A_program_run_by_dotnet_exec_with_options_before_it()
        => Assert.Equal(
            "inside 1 from inside",
            Run(DotNetCli.Path, ["exec", "--runtimeconfig", Path.ChangeExtension(TestApp.Dll, "runtimeconfig.json"), TestApp.Dll, "body", "hostname", "inside"]));

    [KernelFact(Requires.Isolation)]
    public void A_program_run_by_its_apphost()
        => Assert.Equal("inside 1 from inside", Run(TestApp.AppHost, ["body", "hostname", "inside"]));

    [KernelTheory]
    [InlineData("NsGen.TestApp.dll")]
    [InlineData("./NsGen.TestApp.dll")]
    public void A_relative_path_whose_body_starts_elsewhere(string dll)
        => Assert.Equal("/proc", Run(DotNetCli.Path, [dll, "body", "working-directory", "/proc"], AppContext.BaseDirectory));

    [KernelFact(Requires.Isolation)]
    public void A_relative_apphost_whose_body_starts_elsewhere()
        => Assert.Equal(
            "/proc",
            TestApp.Run(WithRoot(new("/bin/sh", ["-c", "cd \"$0\" && exec ./NsGen.TestApp body working-directory /proc", AppContext.BaseDirectory]))).Output);

    [KernelFact(Requires.Isolation)]
    public void A_program_found_by_PATH()
    {
        var start = WithRoot(new("/bin/sh", ["-c", "exec NsGen.TestApp body hostname inside"]));
        start.Environment["PATH"] = $"{AppContext.BaseDirectory}:{Environment.GetEnvironmentVariable("PATH")}";
        Assert.Equal("inside 1 from inside", TestApp.Run(start).Output);
    }

    [KernelFact(Requires.Isolation)]
    public void An_isolated_method_in_a_library()
        => Assert.Equal("library", Run(DotNetCli.Path, [TestApp.Dll, "body", "library"]));

    [KernelFact(Requires.Isolation)]
    public void A_single_file_program()
        => Expect(hosts.Publish("single-file", "-p:HostFramework=net10.0", "-p:PublishSingleFile=true", "-p:SelfContained=false"));

    [KernelFact(Requires.Isolation)]
    public void A_self_contained_single_file_program()
        => Expect(hosts.Publish("self-contained", "-p:HostFramework=net9.0", "-p:PublishSingleFile=true", "-p:SelfContained=true"));

    [KernelFact(Requires.Isolation)]
    public void A_native_program()
    {
        string? compiler = new[] { "clang", "gcc" }.FirstOrDefault(static tool => Requirements.FindTool(tool) is not null);
        if (compiler is null)
        {
            throw new SkippedException("needs clang or gcc in PATH");
        }

        Expect(hosts.Publish("native", "-p:HostFramework=net9.0", "-p:PublishAot=true", $"-p:CppCompilerAndLinker={compiler}"));
    }

    private static void Expect(string program)
    {
        string[] expected =
        [
            "hello world from container, pid 1",
            "System.InvalidOperationException: no such ship",
            "exit code 7",
            "orphan reaped",
            "warm 42, served 1",
            "arguments 'of its' own",
        ];
        string[] arguments = ["arguments", "'of its'", "own"];
        Finished own = Shell.RunProgram(Root(), program, arguments);
        Assert.Equal(expected, (own.Output + own.Error).Split('\n'));
        if (Requirements.IsRoot && Requirements.Missing(Requires.UserNamespaces, null) is null)
        {
            IsolationOptions nobody = Root();
            nobody.UserId = 65534;
            nobody.GroupId = 65534;
            nobody.WorkingDirectory = "/";
            Finished unprivileged = Shell.RunProgram(nobody, program, arguments);
            Assert.Equal(expected, (unprivileged.Output + unprivileged.Error).Split('\n'));
        }
    }

    [KernelTheory(Requires.Nothing)]
    [InlineData("NsGen.TestApp")]
    [InlineData("NsGen.TestApp.dll")]
    [InlineData("NsGen.dll")]
    public void A_program_whose_files_are_gone_says_which(string file)
    {
        using var copy = new TestAppCopy(needed: true);
        string program = Path.ChangeExtension(copy.Dll, null);

        Finished app = TestApp.Run(WithRoot(new(program, ["without", file])));

        Assert.Equal(1, app.Status.ExitCode);
        Assert.Contains($"{Path.Combine(Path.GetDirectoryName(copy.Dll)!, file)} has been deleted", app.Output, StringComparison.Ordinal);
    }

    private static string Run(string program, string[] arguments, string? directory = null)
    {
        Finished app = TestApp.Run(WithRoot(new(program, arguments) { WorkingDirectory = directory ?? "/" }));
        return app.Output + app.Error;
    }

    private static ProcessStartInfo WithRoot(ProcessStartInfo start)
    {
        start.Environment["DOTNET_ROOT"] = Path.GetDirectoryName(DotNetCli.Path);
        return start;
    }

    private static IsolationOptions Root()
    {
        var options = new IsolationOptions();
        options.Environment["DOTNET_ROOT"] = Path.GetDirectoryName(DotNetCli.Path);
        return options;
    }
}
