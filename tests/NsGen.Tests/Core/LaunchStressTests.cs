namespace NsGen.Tests;

/// <summary>Many launches, in a process of their own: what goes wrong in a cloned child brings its whole process down.</summary>
public sealed class LaunchStressTests
{
    /// <summary>The broken twin, a child that is an [UnmanagedCallersOnly] method, is UnmanagedChildTruthTests of the analyzers' tests: it does not survive seconds.</summary>
    [KernelFact(Requires.Isolation)]
    public void Ten_thousand_launches_survive_four_threads_that_allocate_and_collect()
    {
        string output = TestApp.Output("stress", "10000");
        Assert.StartsWith("10000 launches, ", output, StringComparison.Ordinal);
    }

    [KernelFact(Requires.Isolation)]
    public void No_failed_launch_leaves_a_descriptor_process_thread_or_mapping()
        => Assert.EndsWith("no leak", TestApp.Output("leaks", "200"), StringComparison.Ordinal);

    [KernelFact]
    public void A_leaked_descriptor_or_child_is_noticed()
        => Assert.EndsWith("descriptor True, child True", TestApp.Output("leaks-twin"), StringComparison.Ordinal);

    [KernelFact(Requires.Isolation)]
    public async Task Many_threads_launch_at_once()
    {
        Task<string>[] children = [.. Enumerable.Range(0, 64).Select(static i => Task.Factory.StartNew(
            () => Shell.Output(new() { Namespaces = Requirements.IsRoot ? Uts : Uts | User, HostName = $"host{i}" }, "cat /proc/sys/kernel/hostname"),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default))];
        Assert.Equal(Enumerable.Range(0, 64).Select(static i => $"host{i}"), await Task.WhenAll(children));
    }

    [KernelFact]
    public async Task A_hundred_asynchronous_launches_at_once()
    {
        ExitStatus[] statuses = await Task.WhenAll(Enumerable.Range(0, 100).Select(static async i =>
        {
            using IsolatedProcess child = await IsolatedProcess.StartAsync("/bin/sh", ["-c", $"exit {i}"]);
            return await child.WaitForExitAsync();
        }));
        Assert.Equal(Enumerable.Range(0, 100), statuses.Select(static status => status.ExitCode));
    }

    /// <summary>The pool has as many threads as it will ever get, and all of them block in a launch, a wait or a result.</summary>
    [KernelTheory(Requires.Nothing)]
    [InlineData("program")]
    [InlineData("body")]
    [InlineData("typed")]
    public void Every_pool_thread_may_launch_and_wait_at_once(string what)
        => Assert.Equal("done", TestApp.Output("starve", what));

    [KernelFact]
    public void Exceptions_nobody_asks_for_are_not_reported_as_unobserved()
        => Assert.Equal("unobserved 0", TestApp.Output("unobserved"));
}
