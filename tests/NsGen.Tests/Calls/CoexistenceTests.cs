using System.Diagnostics;

namespace NsGen.Tests;

/// <summary>Beside Process.Start, whose handling of SIGCHLD must neither take our children nor miss its own.</summary>
public sealed class CoexistenceTests
{
    [KernelFact]
    public async Task Process_Start_and_NsGen_learn_how_their_own_children_end()
    {
        Task<int>[] processes = [.. Enumerable.Range(0, 50).Select(static async i =>
        {
            using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"exit {i}"]))!;
            await process.WaitForExitAsync();
            return process.ExitCode;
        })];
        Task<int>[] isolated = [.. Enumerable.Range(50, 50).Select(static async i =>
        {
            using IsolatedProcess process = await IsolatedProcess.StartAsync("/bin/sh", ["-c", $"exit {i}"]);
            return (await process.WaitForExitAsync()).ExitCode;
        })];
        Assert.Equal(Enumerable.Range(0, 50), await Task.WhenAll(processes));
        Assert.Equal(Enumerable.Range(50, 50), await Task.WhenAll(isolated));
    }

    /// <summary>As PID 1 of a container .NET reaps children that it does not know.</summary>
    [KernelTheory(Requires.Isolation | Requires.PidFdExitInfo), AsCaller]
    public void As_PID_1_both_work_as_well(Namespaces with)
    {
        Finished app = Shell.RunProgram(new() { Namespaces = Pid | Mount | with }, DotNetCli.Path, TestApp.Dll, "pid1");
        Assert.Equal(("pid 1, 0 wrong, 0 unknown", "exit code 0"), (app.Output + app.Error, app.Status.ToString()));
    }
}
