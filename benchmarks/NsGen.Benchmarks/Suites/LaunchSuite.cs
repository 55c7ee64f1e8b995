using System.Globalization;

namespace NsGen.Benchmarks;

/// <summary>A launch of /bin/true and the wait for its end, with nothing on the heap and with much.</summary>
internal static class LaunchSuite
{
    private const string True = "/bin/true";
    private const Namespaces UtsPid = Namespaces.Uts | Namespaces.Pid;

    // Copying the page tables of 4 GB takes 200 times as long as everybody else's launch, and leaves the caches cold.
    private const int EveryPlainClone = 20;

    public static IReadOnlyList<Target> Run(Options options)
    {
        int heap = options.HeapMegabytes;
        if (Machine.AvailableMegabytes() < heap * 5L)
        {
            throw new InvalidOperationException($"Four workers hold {heap} MB each, and {Machine.AvailableMegabytes()} MB are available. Give less with --heap.");
        }

        using var workers = new Workers();
        Contender[] empty = Contenders(workers, 0, options.Quick);
        Contender[] full = Contenders(workers, heap, options.Quick);
        Contender unshare = new(
            "unshare(1) --uts --pid --fork", workers.Add(Programs.C("vfork", 0, "/usr/bin/unshare", "--uts", "--pid", "--fork", True)), default);
        Interleaved.Run([.. empty, .. full, unshare], options.WarmUp, options.Rounds);

        Console.WriteLine($"## Launch of {True}, wait included\n");
        var table = new Table("p50 (and p90) in ms", "heap 0", "", "x C vfork", $"heap {heap} MB", "", "x C vfork");
        for (int i = 0; i < empty.Length; i++)
        {
            table.Add([empty[i].Name, .. Cells(empty[i], empty[0]), .. Cells(full[i], full[0])]);
        }

        table.Add([unshare.Name, .. Cells(unshare, empty[0]), "", "", ""]);
        table.Print();

        Contender nsgen = empty[3];
        Target[] targets =
        [
            new("NsGen / C vfork", nsgen.Over(empty[0]), 1.10),
            new("NsGen / Process.Start", nsgen.Over(empty[6]), 0.9),
            new("NsGen Uts\\|Pid / unshare(1) --uts --pid", empty[5].Over(unshare), 0.5),
            new($"NsGen heap {heap} MB / NsGen heap 0", full[3].Over(nsgen), 1.15),
        ];
        InARow(empty, options);
        return targets;
    }

    /// <summary>The same at heap 0, each right after another launch by the same contender: the programs' own code is in the caches.</summary>
    private static void InARow(Contender[] contenders, Options options)
    {
        Interleaved.Run(contenders, warmUp: 0, Math.Max(1, options.Rounds / 2), runUp: 1);
        Console.WriteLine($"## Launch of {True}, the second of two in a row\n");
        var table = new Table("p50 (and p90) in ms", "heap 0", "", "x C vfork");
        foreach (Contender contender in contenders)
        {
            table.Add([contender.Name, .. Cells(contender, contenders[0])]);
        }

        table.Print();
    }

    private static Contender[] Contenders(Workers workers, int heap, bool quick)
    {
        Worker vfork = workers.Add(Programs.C("vfork", heap, True));
        Worker clone = workers.Add(Programs.C("clone", heap, True));
        Worker spawn = workers.Add(Programs.C("spawn", 0, True));
        Worker nsgen = workers.Add(Programs.Managed(LaunchWorker.Isolated, heap, True));
        Worker pool = workers.Add(Programs.Managed(LaunchWorker.IsolatedFromPool, 0, True));
        Worker process = workers.Add(Programs.Managed(LaunchWorker.ProcessStart, heap, True));
        return
        [
            new("C clone(CLONE_VM\\|CLONE_VFORK)", vfork, default),
            new("C posix_spawn", spawn, default),
            new("C clone(SIGCHLD)", clone, default) { Every = heap > 0 && !quick ? EveryPlainClone : 1 },
            new("NsGen", nsgen, default),
            new("NsGen, from a pool thread", pool, default),
            new("NsGen, Uts\\|Pid", nsgen, new Request((ulong)UtsPid, 0)),
            new("Process.Start", process, default),
        ];
    }

    private static string[] Cells(Contender contender, Contender baseline)
        => [Number(contender.P50), $"({Number(contender.P90)})", Number(contender.Over(baseline).Median)];

    private static string Number(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
