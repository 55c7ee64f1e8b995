using Microsoft.Win32.SafeHandles;

namespace NsGen.TestApp;

/// <summary>Forces every way a launch can fail many times over, and counts what is left.</summary>
internal static partial class LeakTest
{
    private static readonly Dictionary<string, Action> s_failures = new()
    {
        ["no such file"] = static () => Start("/nonexistent/program", new()),
        ["no such file, with pipes and a deadline"] = static () => Start("/nonexistent/program", Full()),
        ["no program"] = static () => Start("/etc/passwd", new()),
        ["no directory"] = static () => Start("/bin/true", new() { WorkingDirectory = "/nonexistent" }),
        ["a map that overlaps itself"] = static () => Start("/bin/true", new() { Namespaces = User, UidMap = [new(0, 0, 10), new(5, 20, 10)] }),
        ["another user's id"] = static () => Start("/bin/true", new() { Namespaces = User, UserId = 77 }),
        ["a clock before its beginning"] = static () => Start("/bin/true", new() { Namespaces = Caller.May(Time), BoottimeOffsetSeconds = -1_000_000_000 }),
        ["an option that cannot be meant"] = static () => Start("/bin/true", new() { HostName = "x" }),
        ["a closed handle"] = ClosedHandle,
        ["cancelled before"] = static () => IsolatedProcess.Start("/bin/true", [], Full(), new CancellationToken(canceled: true)),
        ["cancelled after"] = CancelledAfter,
        ["timed out"] = static () => Wait(IsolatedProcess.Start("/bin/sleep", ["1000"], new() { Timeout = TimeSpan.FromMilliseconds(1) })),
        ["killed"] = Killed,
        ["forgotten"] = static () => IsolatedProcess.Start("/bin/true", [], Full()),
        ["a body that cannot start"] = static () => Body(new() { WorkingDirectory = "/nonexistent" }),
    };

    /// <summary>Runs the failures, 200 times each or as often as asked.</summary>
    public static int Run(int times)
    {
        Console.WriteLine($"{s_failures.Count} failures, {times} times each");
        foreach ((string name, Action failure) in s_failures)
        {
            for (int i = 0; i < 10; i++)
            {
                Try(failure); // whatever is made once
            }

            Census before = Settled();
            for (int i = 0; i < times; i++)
            {
                Try(failure);
            }

            if (Census.Leak(before, mappings: times / 2, threads: 5) is { } leak)
            {
                Console.WriteLine($"{name}: {leak}");
                return 1;
            }
        }

        Console.WriteLine("no leak");
        return 0;
    }

    /// <summary>The twin: each of these the census has to notice.</summary>
    public static int RunTwin()
    {
        Wait(IsolatedProcess.Start("/bin/true", []));
        Console.WriteLine("warm");
        Census before = Settled();
        using SafeFileHandle descriptor = File.OpenHandle("/dev/null");
        bool noticesDescriptor = Census.Leak(before, mappings: 1000, threads: 5) is not null;
        descriptor.Dispose();
        before = Settled();
        using var child = IsolatedProcess.Start("/bin/sleep", ["1000"], new() { StandardOutput = Redirection.Null });
        bool noticesChild = Census.Take().Children > before.Children;
        child.Kill();
        child.WaitForExit();
        Console.WriteLine($"descriptor {noticesDescriptor}, child {noticesChild}");
        return 0;
    }

    private static void Try(Action failure)
    {
        try
        {
            failure();
        }
        catch (Exception e) when (e is LaunchException or ArgumentException or OperationCanceledException or ObjectDisposedException)
        {
            // as it should
        }
    }

    /// <summary>The count once nothing moves any more.</summary>
    private static Census Settled()
    {
        Census last = Census.Take();
        for (int quiet = 0; quiet < 5;)
        {
            Thread.Sleep(20);
            Census next = Census.Take();
            quiet = next == last ? quiet + 1 : 0;
            last = next;
        }

        return last;
    }

    private static void Start(string path, IsolationOptions options)
    {
        using var child = IsolatedProcess.Start(path, [], options);
        throw new InvalidOperationException($"{path} started");
    }

    private static IsolationOptions Full() => new()
    {
        StandardInput = Redirection.Pipe,
        StandardOutput = Redirection.Pipe,
        StandardError = Redirection.Pipe,
        Timeout = TimeSpan.FromMinutes(1),
    };

    private static void ClosedHandle()
    {
        SafeFileHandle closed = File.OpenHandle("/dev/null");
        closed.Dispose();
        IsolationOptions options = Full();
        options.InheritedHandles.Add(closed);
        Start("/bin/true", options);
    }

    private static void CancelledAfter()
    {
        using var cancellation = new CancellationTokenSource();
        using var child = IsolatedProcess.Start("/bin/sleep", ["1000"], Full(), cancellation.Token);
        cancellation.Cancel();
        child.WaitForExit();
    }

    private static void Killed()
    {
        using var child = IsolatedProcess.Start("/bin/sleep", ["1000"], Full());
        child.Kill();
        child.WaitForExit();
    }

    private static void Wait(IsolatedProcess child)
    {
        using (child)
        {
            child.WaitForExit();
        }
    }

    [Isolated]
    private static partial int Body(IsolationOptions options);

    private static int BodyCore() => 0;
}
