namespace NsGen.Tests;

public sealed partial class WarmTests
{
    [KernelFact(Requires.UserNamespaces)]
    public async Task A_warm_child_serves_one_call_in_namespaces_of_its_own()
    {
        string first = Once("a");
        IsolationPool pool = Pool(nameof(Once));
        await pool.FillAsync();
        Assert.Equal((2, 2), (pool.Size, pool.Ready));

        string second = Once("b");
        await pool.FillAsync();
        string third = Once("c");

        Assert.Equal(["a 1", "b 1", "c 1"], [.. new[] { first, second, third }.Select(static s => s[..3])]);
        Assert.Equal(3, new[] { first, second, third }.Distinct().Count());
        Assert.Equal((2, 1), (pool.Served, pool.ColdStarts));
        pool.Dispose();
    }

    [KernelFact(Requires.UserNamespaces)]
    public async Task An_exception_arrives_from_a_warm_child()
    {
        await Assert.ThrowsAsync<IsolatedMethodException>(() => FailAsync("cold"));
        IsolationPool pool = Pool(nameof(FailAsync));
        await pool.FillAsync();

        IsolatedMethodException e = await Assert.ThrowsAsync<IsolatedMethodException>(() => FailAsync("warm"));

        Assert.Equal(("System.InvalidOperationException", "warm"), (e.RemoteType, e.RemoteMessage));
        Assert.Equal(1, pool.Served);
        pool.Dispose();
    }

    [KernelFact(Requires.UserNamespaces)]
    public async Task A_call_with_options_of_its_own_starts_a_child()
    {
        await HostAsync(null);
        IsolationPool pool = Pool(nameof(HostAsync));
        await pool.FillAsync();

        Assert.Equal("other", await HostAsync(new() { HostName = "other" }));
        Assert.Equal("warm", await HostAsync(null));
        Assert.Equal(1, pool.Served);
        pool.Dispose();
    }

    [KernelFact(Requires.UserNamespaces)]
    public async Task An_idle_child_that_dies_is_noticed_and_replaced()
    {
        Echo(1);
        IsolationPool pool = Pool(nameof(Echo));
        await pool.FillAsync();
        Shell.Output(new(), $"kill -9 {Assert.Single(pool.ReadyProcessIds)}");

        await Proc.Until(() => pool.Ready == 0, "the pool has noticed");
        Assert.Equal(7, Echo(7));
        await pool.FillAsync();
        Assert.Equal(1, pool.Ready);
        int idle = Assert.Single(pool.ReadyProcessIds);
        pool.Dispose();
        await Proc.Until(() => Proc.State(idle) is null, "the pool's child has ended and been reaped");
    }

    [KernelFact(Requires.UserNamespaces)]
    public async Task A_timeout_holds_for_a_warm_call()
    {
        Assert.Throws<TimeoutException>(() => Hang());
        IsolationPool pool = Pool(nameof(Hang));
        await pool.FillAsync();

        Assert.Throws<TimeoutException>(() => Hang());
        Assert.Equal(1, pool.Served);
        pool.Dispose();
    }

    [KernelFact(Requires.UserNamespaces)]
    public async Task An_idle_child_outlives_the_time_that_a_call_may_take()
    {
        await Assert.ThrowsAsync<TimeoutException>(() => HangBrieflyAsync(TimeSpan.FromMinutes(1)));
        IsolationPool pool = Pool(nameof(HangBrieflyAsync));
        await pool.FillAsync();
        int idle = Assert.Single(pool.ReadyProcessIds);
        await Task.Delay(2 * BriefMilliseconds);

        Assert.Equal(idle, Assert.Single(pool.ReadyProcessIds));
        await Assert.ThrowsAsync<TimeoutException>(() => HangBrieflyAsync(TimeSpan.FromMinutes(1)));
        Assert.Equal((1, 1), (pool.Served, pool.ColdStarts));
        pool.Dispose();
    }

    private static IsolationPool Pool(string method) => IsolationPool.All.Single(pool => pool.Name.Contains($".{method}(", StringComparison.Ordinal));

#pragma warning disable NSG306 // it looks at /proc/self/ns alone
    [Isolated(User | Pid, Warm = 2)]
#pragma warning restore NSG306
    private static partial string Once(string text);

    private static string OnceCore(string text) => FormattableString.Invariant($"{text} {Environment.ProcessId} {Proc.Target("/proc/self/ns/pid")}");

    [Isolated(User, Warm = 1)]
    private static partial Task FailAsync(string message);

    private static Task FailAsyncCore(string message) => throw new InvalidOperationException(message);

    [Isolated(User | Uts, HostName = "warm", Warm = 1)]
    private static partial Task<string> HostAsync(IsolationOptions? options);

    private static string HostAsyncCore() => Environment.MachineName;

    [Isolated(User, Warm = 1)]
    private static partial int Echo(int value);

    private static int EchoCore(int value) => value;

    private const int BriefMilliseconds = 1000;

    [Isolated(User, Warm = 1, TimeoutMilliseconds = BriefMilliseconds)]
    private static partial Task HangBrieflyAsync(TimeSpan time);

    private static Task HangBrieflyAsyncCore(TimeSpan time) => Task.Delay(time);

    [Isolated(User, Warm = 1, TimeoutMilliseconds = 3000)]
    private static partial void Hang();

    private static void HangCore() => Thread.Sleep(Timeout.Infinite);
}
