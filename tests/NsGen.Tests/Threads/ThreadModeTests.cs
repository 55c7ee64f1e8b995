using System.Net.NetworkInformation;

namespace NsGen.Tests;

public sealed partial class ThreadModeTests
{
    private readonly List<string> _log = [];

    [KernelFact(Requires.Root)]
    public void The_body_has_the_namespaces_and_nobody_else_does()
    {
        string outside = Proc.Target("/proc/self/ns/uts");

        (string name, string inside) = InUts();

        Assert.Equal("thread", name);
        Assert.NotEqual(outside, inside);
        Assert.Equal(outside, Proc.Target("/proc/thread-self/ns/uts"));
        Assert.NotEqual("thread", File.ReadAllText("/proc/sys/kernel/hostname").Trim());
    }

    [KernelFact(Requires.Root)]
    public void An_instance_method_takes_and_gives_any_type()
    {
        var stream = new MemoryStream([1, 2, 3]);

        Assert.Same(stream, Through(stream, static s => s.Length));
        Assert.Equal(["3"], _log);
    }

    [KernelFact(Requires.Root)]
    public void The_original_exception_arrives()
    {
        var thrown = new FormatException("as it is");

        Assert.Same(thrown, Assert.Throws<FormatException>(() => Throw(thrown)));
    }

    [KernelFact(Requires.Root)]
    public async Task A_task_ends_with_the_body()
        => Assert.Equal(["lo"], await InterfacesAsync());

    [KernelFact(Requires.Root)]
    public void Mounts_stay_inside()
    {
        using var directory = new TemporaryDirectory();

        Assert.True(MountAndLook(directory.Path));
        Assert.False(File.Exists(System.IO.Path.Combine(directory.Path, "inside")));
    }

    [KernelFact(Requires.Root)]
    public void A_thread_left_behind_is_named()
    {
        using var release = new ManualResetEventSlim();

        NamespaceLeakException e = Assert.Throws<NamespaceLeakException>(() => Leak(release));
        release.Set();

        Assert.Equal(Uts, e.Namespaces);
        Assert.Single(e.Threads);
    }

    [KernelFact(Requires.Root)]
    public void A_thread_left_behind_is_found_after_a_body_of_any_length()
    {
        using var release = new ManualResetEventSlim();
        foreach (int milliseconds in (int[])[0, 50, 150])
        {
            NamespaceLeakException e = Assert.Throws<NamespaceLeakException>(() => LeakAndWait(release, milliseconds));
            Assert.Single(e.Threads);
        }

        release.Set();
    }

    [KernelFact(Requires.Root)]
    public void Nothing_is_started_from_a_body_where_it_would_not_be_inside()
    {
        Assert.Contains("thread-mode", Assert.Throws<InvalidOperationException>(() => Start(static () => InUts())).Message, StringComparison.Ordinal);
        Assert.Contains(
            "thread-mode", Assert.Throws<InvalidOperationException>(() => Start(static () => Shell.In(Net, "true"))).Message, StringComparison.Ordinal);
        Start(static () =>
        {
            using var inside = System.Diagnostics.Process.Start("/bin/true");
            inside.WaitForExit();
        });
    }

    [KernelTheory, AsCaller]
    public void What_starts_threads_of_dotnets_own_may_be_used_first_in_a_body(Namespaces user)
    {
        // A process of its own: here they have been started long ago.
        Finished finished = Shell.RunProgram(new() { Namespaces = user }, DotNetCli.Path, TestApp.Dll, "thread");

        Assert.True(finished.Status.IsSuccess, $"{finished.Output}\n{finished.Error}");
    }

    [KernelTheory, AsCaller]
    public void In_a_user_namespace_it_needs_no_privilege(Namespaces user) => InChild.Run(LeaveEach, user);

    private static void LeaveEach()
    {
        foreach (Namespaces kind in (Namespaces[])[Uts, Ipc, Net, Mount, Cgroup])
        {
            string outside = Proc.Target($"/proc/self/ns/{Proc.Links[kind]}");
            Assert.NotEqual(outside, LinkOf(Proc.Links[kind], new() { Namespaces = kind }));
            Assert.Equal(outside, Proc.Target($"/proc/thread-self/ns/{Proc.Links[kind]}"));
        }
    }

    [KernelFact(Requires.Root)]
    public void Pool_and_timer_do_not_leak_since_their_threads_were_there_before() => Pool();

    [KernelFact(Requires.Root)]
    public void Many_bodies_run_at_once_each_in_its_own_namespace()
    {
        var links = new System.Collections.Concurrent.ConcurrentBag<string>();
        using var all = new Barrier(8);
        Thread[] threads = [.. Enumerable.Range(0, 8).Select(_ => new Thread(() => links.Add(Meet(all))))];
        foreach (Thread thread in threads)
        {
            thread.Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        Assert.Equal(8, links.Distinct().Count());
    }

    [KernelTheory(Requires.Nothing)]
    [InlineData(User)]
    [InlineData(Pid)]
    [InlineData(Time)]
    public void What_the_kernel_gives_no_thread_is_refused_beforehand(Namespaces impossible)
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => With(new() { Namespaces = impossible }));
        Assert.Contains(nameof(IsolationMode.Process), e.Message, StringComparison.Ordinal);
    }

    [KernelFact]
    public void An_option_for_processes_is_refused_by_name()
        => Assert.Contains(
            nameof(IsolationOptions.WorkingDirectory),
            Assert.Throws<ArgumentException>(() => With(new() { Namespaces = Uts, WorkingDirectory = "/" })).Message,
            StringComparison.Ordinal);

    [KernelFact(Requires.Unprivileged)]
    public void Without_privilege_the_error_names_the_capability()
    {
        LaunchException e = Assert.Throws<LaunchException>(() => With(new() { Namespaces = Uts }));
        Assert.Equal(("unshare(CLONE_NEWUTS)", "EPERM"), (e.Step, e.ErrnoName));
        Assert.Contains("CAP_SYS_ADMIN", e.Hint, StringComparison.Ordinal);
        Assert.Contains("IsolationMode.Process", e.Hint, StringComparison.Ordinal);
    }

    [Isolated(Uts, Mode = IsolationMode.Thread, HostName = "thread")]
    private static partial (string Name, string Link) InUts();

    private static (string Name, string Link) InUtsCore()
        => (File.ReadAllText("/proc/sys/kernel/hostname").Trim(), Proc.Target("/proc/thread-self/ns/uts"));

    [Isolated(Uts, Mode = IsolationMode.Thread)]
    private partial T Through<T>(T value, Func<T, long> measure);

    private T ThroughCore<T>(T value, Func<T, long> measure)
    {
        _log.Add(FormattableString.Invariant($"{measure(value)}"));
        return value;
    }

    [Isolated(Uts, Mode = IsolationMode.Thread)]
    private static partial void Throw(Exception exception);

    private static void ThrowCore(Exception exception) => throw exception;

    [Isolated(Net, Mode = IsolationMode.Thread)]
    private static partial Task<string[]> InterfacesAsync();

    private static string[] InterfacesAsyncCore() => [.. NetworkInterface.GetAllNetworkInterfaces().Select(static i => i.Name)];

    [Isolated(Mount, Mode = IsolationMode.Thread)]
    private static partial bool MountAndLook(string directory);

    private static unsafe bool MountAndLookCore(string directory)
    {
        fixed (byte* path = System.Text.Encoding.UTF8.GetBytes(directory + "\0"), kind = "tmpfs"u8)
        {
            _ = Native.LibC.Syscall(Native.SyscallNumbers.Mount, (nint)kind, (nint)path, (nint)kind);
        }

        string file = System.IO.Path.Combine(directory, "inside");
        File.WriteAllText(file, "");
        return File.Exists(file);
    }

#pragma warning disable NSG303 // What these two show is what becomes of threads that a body starts.
    [Isolated(Uts, Mode = IsolationMode.Thread)]
    private static partial void Leak(ManualResetEventSlim release);

    private static void LeakCore(ManualResetEventSlim release) => new Thread(release.Wait) { IsBackground = true }.Start();

    [Isolated(Uts, Mode = IsolationMode.Thread)]
    private static partial void LeakAndWait(ManualResetEventSlim release, int milliseconds);

    private static void LeakAndWaitCore(ManualResetEventSlim release, int milliseconds)
    {
        LeakCore(release);
        Thread.Sleep(milliseconds);
    }

    [Isolated(Uts, Mode = IsolationMode.Thread)]
    private static partial void Start(Action something);

    private static void StartCore(Action something) => something();

    [Isolated(Uts, Mode = IsolationMode.Thread)]
    private static partial void Pool();

    private static void PoolCore()
    {
        Task.Run(static () => { }).Wait();
        Task.Delay(1).Wait();
    }
#pragma warning restore NSG303

    [Isolated(Uts, Mode = IsolationMode.Thread)]
    private static partial string Meet(Barrier all);

    private static string MeetCore(Barrier all)
    {
        all.SignalAndWait();
        string link = Proc.Target("/proc/thread-self/ns/uts");
        all.SignalAndWait();
        return link;
    }

    [Isolated(Mode = IsolationMode.Thread)]
    private static partial string LinkOf(string name, IsolationOptions options);

    private static string LinkOfCore(string name) => Proc.Target($"/proc/thread-self/ns/{name}");

    [Isolated(Mode = IsolationMode.Thread)]
    private static partial void With(IsolationOptions options);

    private static void WithCore()
    {
    }
}
