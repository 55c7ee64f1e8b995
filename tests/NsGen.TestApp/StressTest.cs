using System.Diagnostics;

namespace NsGen.TestApp;

/// <summary>Launches on two threads while four others allocate and collect.</summary>
internal static class StressTest
{
    private static volatile bool s_stop;

    public static int Run(int launches)
    {
        // The threads and the heap come first: they are no leak.
        Thread[] noise = [.. Enumerable.Range(0, 4).Select(static i => new Thread(() => Allocate(collect: i == 0)) { IsBackground = true })];
        Array.ForEach(noise, static thread => thread.Start());
        Launch(200);
        Census before = Census.Take();

        var watch = Stopwatch.StartNew();
        Thread[] launchers = [.. Enumerable.Range(0, 2).Select(_ => new Thread(() => Launch(launches / 2)))];
        Array.ForEach(launchers, static thread => thread.Start());
        Array.ForEach(launchers, static thread => thread.Join());
        watch.Stop();
        s_stop = true;
        Array.ForEach(noise, static thread => thread.Join());

        // The heap grows and shrinks by some mappings; a stack leaked per launch would be thousands.
        if (Census.Leak(before, mappings: 300, threads: 2) is { } leak)
        {
            Console.WriteLine(leak);
            return 1;
        }

        Console.WriteLine($"{launches} launches, {GC.CollectionCount(0)} collections, {watch.Elapsed.TotalSeconds:F1} s");
        return 0;
    }

    private static void Launch(int count)
    {
        var namespaces = new IsolationOptions { Namespaces = Caller.May(Uts | Pid) };
        for (int i = 0; i < count; i++)
        {
            using var child = IsolatedProcess.Start("/bin/true", [], i % 10 == 0 ? namespaces : null);
            if (!child.WaitForExit(TimeSpan.FromSeconds(60)).IsSuccess)
            {
                throw new InvalidOperationException($"/bin/true ended with {child.WaitForExit()}");
            }
        }
    }

    private static void Allocate(bool collect)
    {
        object?[] keep = new object?[512];
        for (int i = 0; !s_stop; i++)
        {
            keep[i % keep.Length] = new byte[(i % 64) * 64];
            if (collect && i % 1000 == 0)
            {
                GC.Collect(i % 3000 == 0 ? 2 : 0);
            }
            else if (i % 5000 == 0)
            {
                Thread.Sleep(0);
            }
        }
    }
}
