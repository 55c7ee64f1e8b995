using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace NsGen.TestApp;

/// <summary>Launches that fail, each printed as <c>step|errno|hint</c>.</summary>
internal static partial class Failures
{
    private const int LimitOfProcesses = 6; // RLIMIT_NPROC
    private const int LimitOfDescriptors = 7; // RLIMIT_NOFILE

    public static int Fail(string namespaces, string path)
        => Report(() => Run(path, new() { Namespaces = Enum.Parse<Namespaces>(namespaces) }));

    public static int FailUser() => Report(static () => Run("/bin/true", new() { UserId = 12345 }));

    public static int FailBody() => Report(Greet);

    /// <summary>Calls a body after one of the program's own files has been deleted.</summary>
    public static int Without(string file)
    {
        File.Delete(Path.Combine(AppContext.BaseDirectory, file));
        try
        {
            Surroundings();
            return 0;
        }
        catch (IsolatedExitException e)
        {
            Console.WriteLine(e.Message);
            return 1;
        }
    }

    [Isolated]
    private static partial int Surroundings();

    private static int SurroundingsCore() => 0;

    /// <summary>Meets RLIMIT_NPROC on a thread that is not the first, then raises it again.</summary>
    public static int ProcessLimit(string start)
    {
        var thread = new Thread(() =>
        {
            if (start == "warm")
            {
                Run("/bin/true", new());
            }

            Limits before = Get(LimitOfProcesses);
            Set(LimitOfProcesses, before with { Soft = 1 });
            string said = Outcome(static () => Run("/bin/true", new()));
            Set(LimitOfProcesses, before);
            Run("/bin/true", new());
            Console.WriteLine($"{said}, then it starts"); // only now: the console starts a thread as well
        });
        thread.Start();
        thread.Join();
        return 0;
    }

    /// <summary>Launches with 0, 1, 2 … descriptors left, until there are enough.</summary>
    public static int DescriptorLimit()
    {
        // Streams of every kind, a deadline: everything that takes a descriptor. Once without hindrance, so that all is loaded.
        using SafeFileHandle inherited = File.OpenHandle("/dev/null");
        Attempt(inherited);
        Console.WriteLine("launches with few descriptors left");
        Limits before = Get(LimitOfDescriptors);
        Census census = Census.Take();
        int left = 0;
        for (int successes = 0; successes < 3; left++)
        {
            Set(LimitOfDescriptors, before with { Soft = 200 });
            List<SafeFileHandle> fill = [];
            try
            {
                while (true)
                {
                    fill.Add(File.OpenHandle("/dev/null"));
                }
            }
            catch (IOException)
            {
                // EMFILE, as wanted
            }

            foreach (SafeFileHandle handle in fill[..left])
            {
                handle.Dispose();
            }

            LaunchException? failure = null;
            try
            {
                Attempt(inherited);
                successes++;
            }
            catch (LaunchException e)
            {
                failure = e;
            }

            fill.ForEach(static handle => handle.Dispose());
            Set(LimitOfDescriptors, before);
            if (failure is not null)
            {
                Console.WriteLine($"{left} left: {failure.Message}");
                if (failure.ErrnoName != "EMFILE" || failure.Hint is null)
                {
                    return 1;
                }
            }

            if (Census.Leak(census, mappings: 1000, threads: 2) is { } leak)
            {
                Console.WriteLine(leak);
                return 1;
            }
        }

        Console.WriteLine("no leak");
        return 0;
    }

    /// <summary>A child of another user, whom this process may not kill, outlives its timeout.</summary>
    public static int TimeoutRefused()
    {
        using var child = IsolatedProcess.Start("/bin/sleep", ["1"], new() { UserId = 12345, GroupId = 12345, Timeout = TimeSpan.FromMilliseconds(100) });
        ExitStatus status = child.WaitForExit();
        Console.WriteLine($"timed out {child.TimedOut}, {status}");
        return 0;
    }

    private static int Report(Action launch)
    {
        Console.WriteLine(Outcome(launch));
        return 0;
    }

    private static string Outcome(Action launch)
    {
        try
        {
            launch();
            return "started";
        }
        catch (LaunchException e)
        {
            return $"{e.Step}|{e.ErrnoName}|{e.Hint}";
        }
    }

    private static void Run(string path, IsolationOptions options)
    {
        using var child = IsolatedProcess.Start(path, [], options);
        child.WaitForExit();
    }

    private static void Attempt(SafeFileHandle inherited)
    {
        var options = new IsolationOptions
        {
            StandardInput = Redirection.Pipe,
            StandardOutput = Redirection.Pipe,
            StandardError = Redirection.Null,
            Timeout = TimeSpan.FromMinutes(1),
        };
        options.InheritedHandles.Add(inherited);
        using var child = IsolatedProcess.Start("/bin/true", [], options);
        child.WaitForExit();
    }

    [Isolated(Uts | Pid)]
    private static partial void Greet();

    private static void GreetCore()
    {
    }

    private static unsafe Limits Get(int resource)
    {
        Limits limits;
        return GetLimits(resource, &limits) == 0 ? limits : throw new InvalidOperationException("getrlimit");
    }

    private static unsafe void Set(int resource, Limits limits)
    {
        if (SetLimits(resource, &limits) != 0)
        {
            throw new InvalidOperationException($"setrlimit: errno {Marshal.GetLastPInvokeError()}");
        }
    }

    [LibraryImport("libc", EntryPoint = "getrlimit", SetLastError = true)]
    private static unsafe partial int GetLimits(int resource, Limits* limits);

    [LibraryImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    private static unsafe partial int SetLimits(int resource, Limits* limits);

    private record struct Limits(ulong Soft, ulong Hard);
}
