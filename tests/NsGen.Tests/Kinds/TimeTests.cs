using System.Globalization;

namespace NsGen.Tests;

public sealed class TimeTests
{
    private const int Day = 24 * 3600;

    [KernelTheory(Requires.Isolation | Requires.TimeNamespaces), AsCaller]
    public void Both_clocks_are_moved_and_the_wall_clock_is_not(Namespaces with)
    {
        var options = new IsolationOptions { Namespaces = Time | with, MonotonicOffsetSeconds = 7 * Day, BoottimeOffsetSeconds = 9 * Day };
        DateTimeOffset before = DateTimeOffset.UtcNow;
        string[] lines = Shell.Output(options, "cat /proc/self/timens_offsets; cut -d. -f1 /proc/uptime; date +%s").Split('\n');
        Assert.Equal(["monotonic", $"{7 * Day}", "0"], Words(lines[0]));
        Assert.Equal(["boottime", $"{9 * Day}", "0"], Words(lines[1]));
        Assert.InRange(Number(lines[2]), UpTime() + (9 * Day) - 60, UpTime() + (9 * Day));
        Assert.InRange(Number(lines[3]), before.ToUnixTimeSeconds() - 1, before.ToUnixTimeSeconds() + 60);
        Assert.InRange(UpTime(), 0, 8.9 * Day + UpTime()); // ours has not moved
    }

    [KernelTheory(Requires.Isolation | Requires.TimeNamespaces), AsCaller]
    public void A_managed_body_sees_the_offset_in_its_tick_count(Namespaces with)
    {
        long here = Environment.TickCount64;
        long inside = IsolatedMethods.TickCount(new() { Namespaces = Time | with, MonotonicOffsetSeconds = 7 * Day, BoottimeOffsetSeconds = 7 * Day });
        Assert.InRange(inside - here, 7L * Day * 1000, (7L * Day * 1000) + 60_000);
    }

    [KernelTheory(Requires.Isolation | Requires.TimeNamespaces), AsCaller]
    public void An_offset_may_be_negative_as_long_as_the_clock_is_not(Namespaces with)
    {
        long back = (long)UpTime() / 2;
        var options = new IsolationOptions { Namespaces = Time | with, BoottimeOffsetSeconds = -back };
        Assert.InRange(Number(Shell.Output(options, "cut -d. -f1 /proc/uptime")), 0, UpTime() - back);

        var tooFar = new IsolationOptions { Namespaces = Time | with, BoottimeOffsetSeconds = -(long)UpTime() - Day };
        var e = Assert.Throws<LaunchException>(() => Shell.Output(tooFar, "true"));
        Assert.Equal("ERANGE", e.ErrnoName);
        Assert.Contains("/proc/self/timens_offsets", e.Step, StringComparison.Ordinal);
        Assert.Contains("negative", e.Hint, StringComparison.Ordinal);
    }

    [KernelTheory(Requires.Isolation | Requires.TimeNamespaces), AsCaller]
    public void Without_offsets_the_namespace_is_made_all_the_same(Namespaces with)
    {
        using IsolatedProcess child = Shell.StartWaiting(new() { Namespaces = Time | with });
        Assert.Equal(Time | with, Proc.Difference(Environment.ProcessId, child.Id));
        child.Kill();
    }

    private static string[] Words(string line) => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static double UpTime() => Number(Words(File.ReadAllText("/proc/uptime"))[0]);
}
