using System.Globalization;

namespace NsGen.Tests;

/// <summary>The programs of the namespace tutorials, in their order, written with [Isolated].</summary>
public sealed partial class ScenarioTests
{
    private static readonly string s_hostName = File.ReadAllText("/proc/sys/kernel/hostname").Trim();

    [KernelFact]
    public void Row_1_a_plain_child_has_the_parents_namespaces_and_its_own_number()
    {
        using IsolatedProcess<string> child = PlainChild(new());
        string[] said = child.GetResult().Split('\n');
        Assert.Equal(child.Id, int.Parse(said[0], CultureInfo.InvariantCulture));
        Assert.NotEqual(Environment.ProcessId, child.Id);
        Assert.Equal(Proc.Links.Keys.Select(static kind => Proc.Link(Environment.ProcessId, kind)), said[1..]);
        Assert.Equal(0, child.WaitForExit().ExitCode);
        Assert.Equal(42, Shell.RunProgram(new(), "/bin/sh", "-c", "exit 42").Status.ExitCode);
        Assert.Equal(42, ReturnValue());
    }

    [KernelTheory, AsCaller]
    public void Row_2_a_host_name_of_its_own(Namespaces with)
    {
        Assert.Equal(0, HostNameIs(Options(Uts | with), "-c", "test \"$(cat /proc/sys/kernel/hostname)\" = container"));
        Assert.Equal("container", HostName(Options(Uts | with)));
        Assert.Equal(s_hostName, File.ReadAllText("/proc/sys/kernel/hostname").Trim());
    }

    [KernelTheory(Tools = "ipcmk"), AsCaller]
    public void Row_3_a_message_queue_seen_inside_only(Namespaces with)
    {
        string before = File.ReadAllText("/proc/sysvipc/msg");
        Assert.Equal(0, MakeQueue(Options(Ipc | with), "-c", "ipcmk -Q > /dev/null && test $(wc -l < /proc/sysvipc/msg) = 2"));
        Assert.Equal(before, File.ReadAllText("/proc/sysvipc/msg"));
    }

    [KernelTheory, AsCaller]
    public void Row_4_PID_1_whose_parent_is_0(Namespaces with)
        => Assert.Equal(0, Numbers(Options(Pid | with), "-c", "test \"$$ $PPID\" = '1 0'"));

    [KernelTheory, AsCaller]
    public void Row_5_ps_shows_the_inside_only_and_the_hosts_proc_still_works(Namespaces with)
    {
        Assert.Equal([1], Processes(Options(Pid | Mount | with)));
        Assert.True(Directory.Exists($"/proc/{Environment.ProcessId}"));
    }

    [KernelTheory, AsCaller]
    public void Row_6_loopback_only_up_or_down(Namespaces with)
    {
        Assert.Equal("lo up", Devices(Options(Net | with)));
        IsolationOptions down = Options(Net | with);
        down.LoopbackUp = false;
        Assert.Equal("lo down", Devices(down));
    }

    [KernelTheory, AsCaller]
    public void Row_7_three_namespaces_in_one_launch(Namespaces with)
    {
        string[] inside = Links(Options(Mount | Pid | Net | with));
        string[] outside = LinksCore();
        Assert.Equal(
            Proc.Links.Keys.Where(kind => (Mount | Pid | Net | with).HasFlag(kind)),
            Proc.Links.Keys.Where((_, index) => inside[index] != outside[index]));
    }

    [KernelFact(Requires.UserNamespaces)]
    public void Row_8_root_inside_the_caller_outside()
    {
        using IsolatedProcess<string> child = WhoAmI(Options(User));
        uint caller = Native.LibC.GetEffectiveUserId();
        Assert.Equal($"0 | 0 {caller} 1", child.GetResult());
    }

    [KernelTheory, AsCaller]
    public void Row_9_the_root_of_the_cgroups(Namespaces with)
        => Assert.All(CgroupPaths(Options(Cgroup | with)), static path => Assert.Equal("/", path));

    [KernelTheory(Requires.Isolation | Requires.TimeNamespaces), AsCaller]
    public void Row_9_clocks_moved_but_not_the_wall_clock(Namespaces with)
    {
        IsolationOptions options = Options(Time | with);
        options.MonotonicOffsetSeconds = 1_000_000;
        options.BoottimeOffsetSeconds = 2_000_000;
        (long monotonic, double boot, DateTimeOffset wall) = Clocks(options);
        Assert.InRange(monotonic, (Environment.TickCount64 / 1000) + 1_000_000 - 60, (Environment.TickCount64 / 1000) + 1_000_000);
        Assert.True(boot > 2_000_000);
        Assert.InRange(wall, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow);
    }

    /// <summary>fork and unshare is clone, but for PID: unshare moves the next child, not the caller.</summary>
    [KernelTheory(Tools = "unshare"), AsCaller]
    public void Row_15_clone_is_fork_and_unshare_but_for_PID(Namespaces with)
    {
        Namespaces kinds = Mount | Uts | Ipc | Net | Cgroup;
        using IsolatedProcess cloned = Shell.StartWaiting(new() { Namespaces = kinds | Pid | with });
        Assert.Equal(kinds | Pid | with, Proc.Difference(Environment.ProcessId, cloned.Id));
        cloned.Kill();

        IsolationOptions options = new() { StandardInput = Redirection.Pipe, StandardOutput = Redirection.Pipe };
        string[] user = with == User ? ["--user", "--map-root-user"] : [];
        using var unshared = IsolatedProcess.Start(
            "unshare", [.. user, "--mount", "--uts", "--ipc", "--net", "--cgroup", "--pid", "/bin/sh", "-c", "readlink /proc/self/ns/pid; exec cat"], options);
        string itsChild = unshared.StandardOutput.ReadLine()!;
        Assert.Equal(kinds | with, Proc.Difference(Environment.ProcessId, unshared.Id));
        Assert.NotEqual(Proc.Link(unshared.Id, Pid), itsChild);
        unshared.Kill();
    }

    [KernelFact(Requires.Unprivileged)]
    public void Row_16_without_privilege_the_error_says_what_to_add()
    {
        var e = Assert.Throws<LaunchException>(static () => HostName(Options(Uts)));
        Assert.Equal(("clone(CLONE_NEWUTS)", "EPERM"), (e.Step, e.ErrnoName));
        Assert.Contains("CAP_SYS_ADMIN", e.Message, StringComparison.Ordinal);
        Assert.Contains("Namespaces.User", e.Message, StringComparison.Ordinal);
    }

    private static IsolationOptions Options(Namespaces namespaces) => new() { Namespaces = namespaces };

    [Isolated]
    private static partial IsolatedProcess<string> PlainChild(IsolationOptions options);

    private static string PlainChildCore() => string.Join('\n', LinksCore().Prepend(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));

    [Isolated]
    private static partial int ReturnValue();

    private static int ReturnValueCore() => 42;

    [Isolated(Uts, Exec = "/bin/sh", HostName = "container")]
    private static partial int HostNameIs(IsolationOptions options, params string[] arguments);

    [Isolated(Uts, HostName = "container")]
    private static partial string HostName(IsolationOptions options);

    private static string HostNameCore() => Environment.MachineName;

    [Isolated(Ipc, Exec = "/bin/sh")]
    private static partial int MakeQueue(IsolationOptions options, params string[] arguments);

    [Isolated(Pid, Exec = "/bin/sh")]
    private static partial int Numbers(IsolationOptions options, params string[] arguments);

    [Isolated(Pid | Mount)]
    private static partial int[] Processes(IsolationOptions options);

    private static int[] ProcessesCore()
        => [.. Directory.EnumerateDirectories("/proc").Select(static directory => int.TryParse(Path.GetFileName(directory), out int id) ? id : 0).Where(static id => id > 0)];

    [Isolated(Net)]
    private static partial string Devices(IsolationOptions options);

    private static string DevicesCore()
    {
        string[] devices = [.. File.ReadLines("/proc/net/dev").Skip(2).Select(static line => line.Split(':')[0].Trim())];
        bool up = File.Exists("/proc/net/fib_trie") && File.ReadAllText("/proc/net/fib_trie").Contains("127.0.0.1", StringComparison.Ordinal);
        return $"{string.Join(' ', devices)} {(up ? "up" : "down")}";
    }

    [Isolated(Mount | Pid | Net)]
    private static partial string[] Links(IsolationOptions options);

    private static string[] LinksCore() => [.. Proc.Links.Values.Select(static link => Proc.Target($"/proc/self/ns/{link}"))];

    [Isolated(User)]
    private static partial IsolatedProcess<string> WhoAmI(IsolationOptions options);

    private static string WhoAmICore()
        => $"{Native.LibC.GetEffectiveUserId()} | {string.Join(' ', File.ReadAllText("/proc/self/uid_map").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))}";

    [Isolated(Cgroup)]
    private static partial string[] CgroupPaths(IsolationOptions options);

    private static string[] CgroupPathsCore() => [.. File.ReadLines("/proc/self/cgroup").Select(static line => line.Split(':', 3)[2])];

    [Isolated(Time)]
    private static partial (long Monotonic, double Boot, DateTimeOffset Wall) Clocks(IsolationOptions options);

    private static (long Monotonic, double Boot, DateTimeOffset Wall) ClocksCore()
        => (Environment.TickCount64 / 1000, double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0], CultureInfo.InvariantCulture), DateTimeOffset.UtcNow);
}
