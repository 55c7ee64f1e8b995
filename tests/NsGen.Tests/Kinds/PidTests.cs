using System.Globalization;

namespace NsGen.Tests;

public sealed class PidTests
{
    [KernelTheory, AsCaller]
    public void The_child_is_PID_1_and_its_parent_is_outside(Namespaces with)
        => Assert.Equal("1 0", Shell.In(Pid | with, "echo $$ $PPID"));

    [KernelFact]
    public void Without_the_namespace_the_child_knows_its_number_and_ours()
    {
        var options = new IsolationOptions { StandardOutput = Redirection.Pipe };
        using var child = IsolatedProcess.Start("/bin/sh", ["-c", "echo $$ $PPID"], options);
        Assert.Equal($"{child.Id} {Environment.ProcessId}", child.StandardOutput.ReadToEnd().TrimEnd());
        child.WaitForExit();
    }

    [KernelTheory, AsCaller]
    public void With_a_mount_namespace_proc_shows_the_inside_only(Namespaces with)
    {
        Assert.Equal("1", Shell.In(Pid | Mount | with, "cd /proc && set -- [0-9]* && echo $1"));
        Assert.Equal("1", Shell.In(Pid | Mount | with, "readlink /proc/self | grep -c ."));
    }

    [KernelTheory, AsCaller]
    public void The_hosts_proc_works_while_and_after_the_child_mounts_its_own(Namespaces with)
    {
        using IsolatedProcess child = Shell.StartWaiting(new() { Namespaces = Pid | Mount | with });
        Assert.Equal(Environment.ProcessId.ToString(CultureInfo.InvariantCulture), Proc.Target("/proc/self"));
        Assert.NotNull(Proc.State(child.Id));
        child.Kill();
        child.WaitForExit();
        Assert.Equal(Environment.ProcessId.ToString(CultureInfo.InvariantCulture), Proc.Target("/proc/self"));
        Assert.Null(Proc.State(child.Id));
    }

    [KernelTheory, AsCaller]
    public void MountProc_false_leaves_the_hosts_proc_in_place(Namespaces with)
    {
        var options = new IsolationOptions { Namespaces = Pid | Mount | with, MountProc = false };
        Assert.Equal("there", Shell.Output(options, $"test -d /proc/{Environment.ProcessId} && echo there"));
    }

    [KernelTheory, AsCaller]
    public void Proc_is_mounted_nosuid_nodev_noexec(Namespaces with)
    {
        string mounts = Shell.In(Pid | Mount | with, "grep ' /proc proc ' /proc/self/mounts | tail -1");
        Assert.Contains("nosuid,nodev,noexec", mounts, StringComparison.Ordinal);
    }

    [KernelTheory, AsCaller]
    public async Task Everything_inside_dies_with_PID_1(Namespaces with)
    {
        using var directory = new TemporaryDirectory();
        var options = new IsolationOptions { Namespaces = Pid | with, StandardOutput = Redirection.Pipe, StandardInput = Redirection.Pipe };

        // Two generations, the second in a session of its own; both hold the pipe open.
        using var child = IsolatedProcess.Start("/bin/sh", ["-c", "(sleep 1000 & exec sleep 1000) & echo ready; cat"], options);
        Assert.Equal("ready", await child.StandardOutput.ReadLineAsync());
        child.Kill();
        Assert.Equal("SIGKILL", (await child.WaitForExitAsync()).SignalName);

        // The end of the pipe comes when the last of them is gone.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        Assert.Equal("", await child.StandardOutput.ReadToEndAsync(patience.Token));
    }

    [KernelTheory, AsCaller]
    public void PID_1_ignores_a_signal_it_has_no_handler_for(Namespaces with)
    {
        using IsolatedProcess child = Shell.StartWaiting(new() { Namespaces = Pid | with });
        child.Kill(10); // SIGUSR1 is pending or dropped; the shell-less cat has no handler
        child.StandardInput.Dispose();
        Assert.Equal(0, child.WaitForExit().ExitCode);
    }
}
