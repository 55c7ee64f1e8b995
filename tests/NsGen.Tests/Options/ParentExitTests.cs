using System.Diagnostics;
using System.Globalization;

namespace NsGen.Tests;

/// <summary>KillOnParentExit: an app starts a child, tells its number, and is killed.</summary>
public sealed class ParentExitTests
{
    [KernelTheory]
    [InlineData("None", "true")]
    [InlineData("None", "false")]
    [InlineData("Pid", "true")]
    [InlineData("Pid", "false")]
    public async Task The_child_of_a_killed_parent_ends_unless_told_to_live(string namespaces, string kill)
    {
        var start = new ProcessStartInfo(DotNetCli.Path, [TestApp.Dll, "parent", namespaces, kill]) { RedirectStandardOutput = true };
        using var app = Process.Start(start)!;
        int child = int.Parse((await app.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
        Assert.NotNull(Proc.State(child));
        app.Kill();
        await app.WaitForExitAsync();
        if (kill == "true")
        {
            await Proc.Until(() => Proc.State(child) is null or 'Z', "the child is gone");
        }
        else
        {
            await Task.Delay(200);
            Assert.Equal('S', Proc.State(child));
            using var orphan = Process.GetProcessById(child);
            orphan.Kill();
        }
    }

    [KernelFact(Requires.Isolation)]
    public async Task The_thread_that_asks_for_a_launch_may_end_before_the_child()
    {
        // PR_SET_PDEATHSIG is tied to the thread that clones: it must be one that lives as long as the process.
        IsolatedProcess? child = null;
        var thread = new Thread(() => child = Shell.StartWaiting(new()));
        thread.Start();
        thread.Join();
        await Task.Delay(200);
        Assert.False(child!.HasExited);
        child.Kill();
        child.Dispose();
    }

    [KernelFact]
    public async Task The_signal_may_be_another()
    {
        IsolatedProcess? child = null;
        var thread = new Thread(() => child = IsolatedProcess.StartHere("/bin/sleep", ["1000"], new() { ParentExitSignal = 15 }));
        thread.Start();
        thread.Join();
        Assert.Equal("SIGTERM", (await child!.WaitForExitAsync()).SignalName);
        child.Dispose();
    }

    [KernelFact]
    public async Task Cloned_on_that_thread_itself_the_child_would_die_with_it()
    {
        // The twin of the above.
        IsolatedProcess? child = null;
        var thread = new Thread(() => child = IsolatedProcess.StartHere("/bin/sleep", ["1000"], new()));
        thread.Start();
        thread.Join();
        Assert.Equal("SIGKILL", (await child!.WaitForExitAsync()).SignalName);
        child.Dispose();
    }

    [KernelTheory]
    [InlineData("parent-of-body")]
    [InlineData("parent-of-warm")]
    public async Task A_body_whose_caller_is_killed_ends_too_and_so_does_a_child_that_waits_for_a_call(string command)
    {
        var start = new ProcessStartInfo(DotNetCli.Path, [TestApp.Dll, command]) { RedirectStandardOutput = true };
        using var app = Process.Start(start)!;
        int child = int.Parse((await app.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
        app.Kill();
        await app.WaitForExitAsync();
        await Proc.Until(() => Proc.State(child) is null or 'Z', "the body is gone");
    }
}
