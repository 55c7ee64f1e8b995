namespace NsGen.TestApp;

/// <summary>Calls where the thread pool has nothing left to give.</summary>
internal static partial class PoolTest
{
    /// <summary>Blocks every thread the pool may have in launches and waits. A continuation that needs one would wait for ever.</summary>
    public static int Starve(string what)
    {
        ThreadPool.SetMinThreads(1, 1);
        ThreadPool.SetMaxThreads(Environment.ProcessorCount, Environment.ProcessorCount);
        ThreadPool.GetMaxThreads(out int threads, out _);
        int calls = 4 * threads;
        using var done = new CountdownEvent(calls);
        for (int i = 0; i < calls; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(
                _ =>
                {
                    Call(what);
                    done.Signal();
                },
                null);
        }

        bool all = done.Wait(TimeSpan.FromSeconds(60));
        Console.WriteLine(all ? "done" : $"{done.CurrentCount} of {calls} hang");
        Environment.Exit(0);
        return 0;
    }

    /// <summary>Failed calls whose exceptions nobody looks at.</summary>
    public static int Unobserved()
    {
        int count = 0;
        TaskScheduler.UnobservedTaskException += (_, e) =>
        {
            count++;
            Console.WriteLine(e.Exception);
        };
        Forget();
        for (int i = 0; i < 5; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Console.WriteLine($"unobserved {count}");
        return 0;
    }

    private static void Forget()
    {
        foreach (IsolatedProcess process in (IsolatedProcess[])[Throw(new()), ThrowTyped(new())])
        {
            process.WaitForExit();
            process.Dispose();
        }
    }

    private static void Call(string what)
    {
        if (what == "typed")
        {
            using IsolatedProcess<int> process = Typed(new());
            if (process.GetResult() != 42)
            {
                throw new InvalidOperationException("not 42");
            }
        }
        else if (what == "body")
        {
            Body();
        }
        else
        {
            using var child = IsolatedProcess.Start("/bin/true", []);
            child.WaitForExit();
        }
    }

    [Isolated]
    private static partial int Body();

    private static int BodyCore() => 42;

    [Isolated(Body = nameof(BodyCore))]
    private static partial IsolatedProcess<int> Typed(IsolationOptions options);

    [Isolated(Body = nameof(Fail))]
    private static partial IsolatedProcess Throw(IsolationOptions options);

    [Isolated(Body = nameof(FailTyped))]
    private static partial IsolatedProcess<int> ThrowTyped(IsolationOptions options);

    private static void Fail() => throw new InvalidOperationException();

    private static int FailTyped() => throw new InvalidOperationException();
}
