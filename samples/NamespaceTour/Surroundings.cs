using System.Globalization;
using NsGen;
using static NsGen.Namespaces;

namespace NamespaceTour;

/// <summary>Rows 5 to 9: what a process sees around it. ps and ip are those of the host; they show what they are shown.</summary>
internal static partial class Surroundings
{
    /// <summary>
    /// The tutorials mount proc in the child, and where / is shared, as systemd makes it, thereby over the host's own /proc. Propagation is
    /// private here unless asked for.
    /// </summary>
    public static void Processes()
    {
        Ps("ax");
        Console.WriteLine($"outside: /proc still shows {Directory.GetDirectories("/proc", "*").Count(static path => char.IsAsciiDigit(path[6]))} processes, "
            + $"and {Environment.ProcessId} is {(Directory.Exists($"/proc/{Environment.ProcessId}") ? "one of them" : "none of them")}");
    }

    [Isolated(Pid | Mount, Exec = "ps", UserIfNeeded = true)]
    private static partial int Ps(params string[] arguments);

    /// <summary>Loopback only: up, since nothing works without; and as the kernel makes it.</summary>
    public static void Devices()
    {
        Ip("link");
        IpLoopbackDown("link");
    }

    [Isolated(Net, Exec = "ip", UserIfNeeded = true)]
    private static partial int Ip(params string[] arguments);

    [Isolated(Net, Exec = "ip", LoopbackUp = false, UserIfNeeded = true)]
    private static partial int IpLoopbackDown(params string[] arguments);

    /// <summary>A NamespaceSet is what ls -l /proc/PID/ns shows.</summary>
    public static void Three()
    {
        using IsolatedProcess child = Cat(new() { StandardInput = Redirection.Pipe });
        Console.WriteLine($"differs from the parent's: {NamespaceSet.Of(child.Id).Differences(NamespaceSet.Current())}");
        child.Kill();
    }

    [Isolated(Mount | Pid | Net, Exec = "cat", UserIfNeeded = true)]
    private static partial IsolatedProcess Cat(IsolationOptions streams);

    /// <summary>Needs no privilege at all. The map reads: 0 inside is the caller outside, for one id.</summary>
    public static void Root()
    {
        Console.WriteLine($"outside: user {Id("/proc/self/status")}");
        using IsolatedProcess inside = Shell(
            new() { StandardInput = Redirection.Pipe, StandardOutput = Redirection.Pipe }, "-c", "id; cat /proc/self/uid_map; read _");
        Console.WriteLine($"inside:  {inside.StandardOutput.ReadLine()}");
        Console.WriteLine($"inside:  uid_map {inside.StandardOutput.ReadLine()}");
        Console.WriteLine($"outside: the child's user is {Id($"/proc/{inside.Id}/status")}");
    }

    [Isolated(User, Exec = "/bin/sh")]
    private static partial IsolatedProcess Shell(IsolationOptions streams, params string[] arguments);

    /// <summary>The effective id: the second number of the line.</summary>
    private static string Id(string status) => File.ReadLines(status).First(static line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[2];

    /// <summary>The wall clock is the same for everybody: a time namespace has CLOCK_MONOTONIC and CLOCK_BOOTTIME only.</summary>
    public static void GroupsAndClocks()
    {
        RootOfGroups("/proc/self/cgroup");
        Console.WriteLine($"outside: {ClocksCore()}");
        Console.WriteLine($"inside:  {Clocks()}");
    }

    [Isolated(Cgroup, Exec = "cat", UserIfNeeded = true)]
    private static partial int RootOfGroups(params string[] arguments);

    [Isolated(Time, MonotonicOffsetSeconds = 1_000_000, BoottimeOffsetSeconds = 2_000_000, UserIfNeeded = true)]
    private static partial string Clocks();

    private static string ClocksCore()
    {
        string sinceBoot = File.ReadAllText("/proc/uptime").Split('.')[0];
        string wallClock = DateTime.UtcNow.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        return $"monotonic {Environment.TickCount64 / 1000}, since boot {sinceBoot}, wall clock {wallClock}";
    }
}
