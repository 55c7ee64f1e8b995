namespace NsGen.Tests;

public sealed class ExitStatusTests
{
    [KernelTheory, AsCaller]
    public void Exit_codes_from_0_to_255_come_back(Namespaces with)
    {
        foreach (int code in (int[])[0, 1, 2, 126, 127, 128, 200, 255])
        {
            ExitStatus status = Shell.Run(new() { Namespaces = with }, $"exit {code}").Status;
            Assert.Equal((code, 0, code == 0), (status.ExitCode, status.Signal, status.IsSuccess));
            Assert.Equal($"exit code {code}", status.ToString());
        }
    }

    [KernelTheory]
    [InlineData(1, "SIGHUP")]
    [InlineData(9, "SIGKILL")]
    [InlineData(11, "SIGSEGV")]
    [InlineData(15, "SIGTERM")]
    [InlineData(31, "SIGSYS")]
    [InlineData(64, "signal 64")]
    public void A_signal_comes_back_by_number_and_name(int signal, string name)
    {
        ExitStatus status = Shell.Run(new(), $"ulimit -c 0; kill -{signal} $$").Status;
        Assert.Equal((128 + signal, signal, name), (status.ExitCode, status.Signal, status.SignalName));
        Assert.False(status.IsSuccess);
        Assert.False(status.CoreDumped);
    }

    [KernelFact]
    public void A_core_dump_is_told()
    {
        string pattern = File.ReadAllText("/proc/sys/kernel/core_pattern").Trim();
        if (pattern.StartsWith('|') || pattern.StartsWith('/') || pattern.Length == 0)
        {
            throw new SkippedException($"cores go to \"{pattern}\", not to the working directory");
        }

        using var directory = new TemporaryDirectory();
        ExitStatus status = Shell.Run(new() { WorkingDirectory = directory.Path }, "ulimit -c unlimited 2>/dev/null; ulimit -c | grep -q unlimited || exit 3; kill -SEGV $$").Status;
        if (status.ExitCode == 3)
        {
            throw new SkippedException("RLIMIT_CORE may not be raised here");
        }

        Assert.True(status.CoreDumped);
        Assert.Equal("signal SIGSEGV (core dumped)", status.ToString());
    }

    [KernelTheory, AsCaller]
    public async Task Kill_sends_the_signal_asked_for(Namespaces with)
    {
        using IsolatedProcess child = Shell.StartWaiting(new() { Namespaces = with });
        child.Kill(15);
        Assert.Equal("SIGTERM", (await child.WaitForExitAsync()).SignalName);
        child.Kill(); // it has ended: nothing happens
        Assert.True(child.HasExited);
    }

    [KernelFact]
    public void There_are_signals_from_0_to_64_only()
    {
        using IsolatedProcess child = Shell.StartWaiting(new());
        child.Kill(0); // only asks whether it may
        Assert.Throws<ArgumentOutOfRangeException>(() => child.Kill(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => child.Kill(65));
        Assert.False(child.HasExited);
        child.Kill();
        child.WaitForExit();
    }

    [KernelFact]
    public void Waiting_may_give_up_and_be_repeated()
    {
        using IsolatedProcess child = Shell.StartWaiting(new());
        var e = Assert.Throws<TimeoutException>(() => child.WaitForExit(TimeSpan.FromMilliseconds(50)));
        Assert.Contains("still running", e.Message, StringComparison.Ordinal);
        child.StandardInput.Dispose();
        Assert.True(child.WaitForExit(TimeSpan.FromSeconds(30)).IsSuccess);
        Assert.True(child.WaitForExit().IsSuccess);
    }

    [KernelFact]
    public async Task Waiting_may_be_cancelled_and_the_child_goes_on()
    {
        using IsolatedProcess child = Shell.StartWaiting(new());
        using var cancellation = new CancellationTokenSource(50);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => child.WaitForExitAsync(cancellation.Token));
        Assert.False(child.HasExited);
        child.StandardInput.Dispose();
        Assert.True((await child.WaitForExitAsync()).IsSuccess);
    }

    [KernelFact]
    public async Task A_child_nobody_waits_for_is_reaped()
    {
        var child = IsolatedProcess.Start("/bin/true", []);
        int id = child.Id;
        child.Dispose();
        await Proc.Until(() => Proc.State(id) is null, "the child is reaped");
    }
}
