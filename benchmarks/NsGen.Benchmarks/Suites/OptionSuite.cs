using System.Globalization;
using static NsGen.Namespaces;

namespace NsGen.Benchmarks;

/// <summary>What options for programs cost, beside the tools that do the same from a command line.</summary>
internal static class OptionSuite
{
    private const string True = "/bin/true";
    private const string Bubblewrap = "/usr/bin/bwrap";

    // native/launcher.c
    private const ulong PrivateMounts = 2;
    private const ulong MountProc = 4;

    public static IReadOnlyList<Target> Run(Options options)
    {
        RootDirectory.Make();
        using var workers = new Workers();
        Worker nsgen = workers.Add(Programs.Managed(LaunchWorker.Isolated, 0, True));
        Contender proc = NsGen("Pid, Mount, /proc", PrivateMounts | MountProc);
        Contender init = NsGen("the same, with Init", PrivateMounts | MountProc | LaunchWorker.Init);
        Contender root = NsGen("with Init, in a root with mounts", PrivateMounts | LaunchWorker.Root | LaunchWorker.Init);
        Contender unshare = Tool("unshare(1) --fork --pid --mount-proc", "/usr/bin/unshare", "--fork", "--pid", "--mount-proc", True);

        // It has an init of its own in a new PID namespace, unless --as-pid-1 is given.
        Contender? bwrap = File.Exists(Bubblewrap)
            ? Tool("bwrap(1), the same root", [Bubblewrap, "--unshare-pid", "--die-with-parent", .. RootDirectory.BubblewrapArguments, True])
            : null;
        Contender[] contenders = bwrap is null ? [proc, unshare, init, root] : [proc, unshare, init, root, bwrap];
        Interleaved.Run(contenders, options.WarmUp, Math.Max(1, options.Rounds / 2));

        Console.WriteLine($"## Launch of {True} with options\n");
        var table = new Table("ms", "p50", "p90", "x the first");
        foreach (Contender contender in contenders)
        {
            table.Add(contender.Name, Number(contender.P50), Number(contender.P90), Number(contender.Over(proc).Median));
        }

        table.Print();
        if (bwrap is null)
        {
            Console.WriteLine("bwrap(1) is not installed (Debian: bubblewrap): no comparison of roots.\n");
        }

        Target toUnshare = new("NsGen Pid, Mount, /proc / unshare(1) --fork --pid --mount-proc", proc.Over(unshare), 0.75);
        return bwrap is null ? [toUnshare] : [toUnshare, new("NsGen with a root and Init / bwrap(1)", root.Over(bwrap), 1)];

        Contender NsGen(string name, ulong steps) => new($"NsGen, {name}", nsgen, new Request((ulong)(Pid | Mount), steps));
        Contender Tool(string name, params IEnumerable<string> command) => new(name, workers.Add(Programs.C("vfork", 0, command)), default);
    }

    private static string Number(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
