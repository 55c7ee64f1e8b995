using System.Diagnostics;

namespace NsGen.Tests;

public sealed class TimeoutAndCancelTests
{
    [KernelTheory, AsCaller]
    public async Task A_program_that_takes_too_long_is_killed_and_reaped(Namespaces with)
    {
        using var child = IsolatedProcess.Start("/bin/sleep", ["1000"], new() { Namespaces = with, Timeout = TimeSpan.FromMilliseconds(100) });
        Assert.Equal("SIGKILL", (await child.WaitForExitAsync()).SignalName);
        Assert.True(child.TimedOut);
        Assert.Null(Proc.State(child.Id));
    }

    [KernelFact]
    public void A_program_that_ends_in_time_has_not_timed_out()
    {
        using var child = IsolatedProcess.Start("/bin/true", [], new() { Timeout = TimeSpan.FromSeconds(60) });
        Assert.True(child.WaitForExit().IsSuccess);
        Assert.False(child.TimedOut);
    }

    [KernelFact]
    public void A_call_that_takes_too_long_is_a_TimeoutException()
    {
        var watch = Stopwatch.StartNew();
        var e = Assert.Throws<TimeoutException>(static () => IsolatedMethods.Sleep(60_000, new() { Timeout = TimeSpan.FromMilliseconds(300) }));
        Assert.Contains("has not ended within 00:00:00.3", e.Message, StringComparison.Ordinal);
        Assert.InRange(watch.ElapsedMilliseconds, 250, 20_000);
    }

    [KernelFact]
    public void A_cancelled_token_starts_nothing()
        => Assert.ThrowsAny<OperationCanceledException>(static () => IsolatedProcess.Start("/bin/true", [], new(), new CancellationToken(canceled: true)));

    [KernelTheory, AsCaller]
    public async Task Cancelling_kills_a_program(Namespaces with)
    {
        using var cancellation = new CancellationTokenSource();
        using var child = IsolatedProcess.Start("/bin/sleep", ["1000"], new() { Namespaces = with }, cancellation.Token);
        await cancellation.CancelAsync();
        Assert.Equal("SIGKILL", (await child.WaitForExitAsync()).SignalName);
        Assert.False(child.TimedOut);
    }

    [KernelFact]
    public void A_token_cancelled_beforehand_does_not_call()
        => Assert.ThrowsAny<OperationCanceledException>(static () => IsolatedMethods.Sleep(0, new(), new CancellationToken(canceled: true)));

    [KernelFact]
    public async Task A_body_without_a_token_is_killed_at_once()
    {
        using var cancellation = new CancellationTokenSource();
        Task call = IsolatedMethods.SleepAsync(60_000, new() { CancellationGracePeriod = TimeSpan.FromSeconds(50) }, cancellation.Token);
        await Task.Delay(300);
        var watch = Stopwatch.StartNew();
        await cancellation.CancelAsync();
        var e = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal(cancellation.Token, e.CancellationToken);
        Assert.InRange(watch.ElapsedMilliseconds, 0, 20_000);
    }

    [KernelFact]
    public async Task A_body_with_a_token_is_asked_and_may_still_give_a_result()
    {
        using var directory = new TemporaryDirectory();
        using var cancellation = new CancellationTokenSource();
        string started = Path.Combine(directory.Path, "started");
        Task<string> call = IsolatedMethods.UntilCancelled(started, giveUp: false, new() { CancellationGracePeriod = TimeSpan.FromSeconds(50) }, cancellation.Token);
        await Proc.Until(() => File.Exists(started), "the body runs");
        await cancellation.CancelAsync();
        Assert.Equal("cleaned up", await call);
    }

    [KernelFact]
    public async Task A_body_that_throws_for_its_token_is_a_cancelled_call()
    {
        using var directory = new TemporaryDirectory();
        using var cancellation = new CancellationTokenSource();
        string started = Path.Combine(directory.Path, "started");
        Task<string> call = IsolatedMethods.UntilCancelled(started, giveUp: true, new() { CancellationGracePeriod = TimeSpan.FromSeconds(50) }, cancellation.Token);
        await Proc.Until(() => File.Exists(started), "the body runs");
        await cancellation.CancelAsync();
        var e = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal(cancellation.Token, e.CancellationToken);
        Assert.IsType<IsolatedMethodException>(e.InnerException);
    }

    [KernelFact]
    public async Task A_body_that_ignores_its_token_is_killed_after_the_grace_period()
    {
        using var directory = new TemporaryDirectory();
        using var cancellation = new CancellationTokenSource();
        string started = Path.Combine(directory.Path, "started");
        Task call = IsolatedMethods.IgnoreCancellation(started, new() { CancellationGracePeriod = TimeSpan.FromMilliseconds(300) }, cancellation.Token);
        await Proc.Until(() => File.Exists(started), "the body runs");
        var watch = Stopwatch.StartNew();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.InRange(watch.ElapsedMilliseconds, 250, 20_000);
    }

    [KernelFact(Requires.Root, Tools = "setpriv")]
    public void A_timeout_whose_kill_is_refused_does_not_bring_the_caller_down()
    {
        // As an unprivileged caller of sudo(8): the child is another user, and the caller may not kill it.
        Finished app = TestApp.Run(new("setpriv", ["--bounding-set=-kill", "--inh-caps=-kill", DotNetCli.Path, TestApp.Dll, "timeout-refused"]));
        Assert.Equal("timed out True, exit code 0", app.Output);
    }
}
