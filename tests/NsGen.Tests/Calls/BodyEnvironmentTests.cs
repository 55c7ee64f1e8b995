using System.Diagnostics;

namespace NsGen.Tests;

/// <summary>What a body finds around it: the caller's environment, streams, and nothing of the call's own machinery.</summary>
public sealed class BodyEnvironmentTests
{
    [KernelFact]
    public void Neither_the_body_nor_its_children_see_the_variables_of_the_call()
    {
        string variables = CallMethods.Variables(new());
        Assert.Contains("PATH", variables, StringComparison.Ordinal);
        Assert.DoesNotContain("NSGEN_CALL", variables, StringComparison.Ordinal);
        Assert.DoesNotContain("DOTNET_STARTUP_HOOKS", variables, StringComparison.Ordinal);
        Assert.Equal(Environment.GetEnvironmentVariable("DOTNET_EnableDiagnostics") is not null, variables.Contains("DOTNET_EnableDiagnostics", StringComparison.Ordinal));
    }

    [KernelFact]
    public void Options_reach_the_body()
    {
        var options = new IsolationOptions();
        options.Environment["NSGEN_TEST_OF_BODY"] = "ü";
        Assert.Contains("NSGEN_TEST_OF_BODY=ü", CallMethods.Variables(options), StringComparison.Ordinal);
    }

    [KernelFact]
    public void The_programs_own_hooks_and_settings_are_as_they_were()
    {
        string hook = Path.Combine(AppContext.BaseDirectory, "NsGen.TestLibrary.dll");
        var start = new ProcessStartInfo(DotNetCli.Path, [TestApp.Dll, "body", "environment"]);
        start.Environment["DOTNET_STARTUP_HOOKS"] = hook;
        start.Environment["DOTNET_EnableDiagnostics"] = "1";
        start.Environment["DOTNET_TieredPGO"] = "0";
        Finished app = TestApp.Run(start);
        Assert.Equal($"hook ran, call , hooks {hook}, diagnostics 1, pgo 0", app.Output);
    }

    [KernelTheory, AsCaller]
    public void A_body_may_call_isolated_methods_itself(Namespaces with)
    {
        // Privilege for the levels below, where the caller has none.
        Assert.Equal(2, CallMethods.Depth(2, new() { Namespaces = Uts | with }));
    }

    [KernelFact]
    public void The_streams_of_a_body_can_be_redirected()
    {
        var options = new IsolationOptions { StandardInput = Redirection.Pipe, StandardOutput = Redirection.Pipe, StandardError = Redirection.Pipe };
        using IsolatedProcess process = CallMethods.Speak(options);
        process.StandardInput.WriteLine("ümlaut");
        Assert.Equal("heard ümlaut\n", process.StandardOutput.ReadToEnd());
        Assert.Equal("warned\n", process.StandardError.ReadToEnd());
        Assert.True(process.WaitForExit().IsSuccess);
    }

    [KernelFact]
    public void A_pipe_nobody_could_read_is_refused()
        => Assert.Contains(
            "IsolatedProcess",
            Assert.Throws<ArgumentException>(static () => CallMethods.Variables(new() { StandardOutput = Redirection.Pipe })).Message,
            StringComparison.Ordinal);
}
