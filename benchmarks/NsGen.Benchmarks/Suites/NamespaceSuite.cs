using System.Globalization;
using static NsGen.Namespaces;

namespace NsGen.Benchmarks;

/// <summary>What each namespace adds to a launch, in NsGen and in C with the same steps.</summary>
internal static class NamespaceSuite
{
    // native/launcher.c
    private const ulong MapIds = 1;
    private const ulong PrivateMounts = 2;
    private const ulong MountProc = 4;
    private const ulong LoopbackUp = 8;

    private static readonly (string Name, Namespaces Namespaces, ulong Steps)[] s_cases =
    [
        ("none", None, 0),
        ("Uts", Uts, 0),
        ("Ipc", Ipc, 0),
        ("Cgroup", Cgroup, 0),
        ("Time", Time, 0),
        ("Pid", Pid, 0),
        ("User, ids mapped", User, MapIds),
        ("Mount", Mount, 0),
        ("Mount, private", Mount, PrivateMounts),
        ("Mount\\|Pid, private, /proc", Mount | Pid, PrivateMounts | MountProc),
        ("Net", Net, 0),
        ("Net, loopback up", Net, LoopbackUp),
        ("All of it", All, MapIds | PrivateMounts | MountProc | LoopbackUp),
    ];

    public static void Run(Options options)
    {
        using var workers = new Workers();
        Worker nsgen = workers.Add(Programs.Managed(LaunchWorker.Isolated, 0, "/bin/true"));
        Worker c = workers.Add(Programs.C("vfork", 0, "/bin/true"));
        var pairs = Array.ConvertAll(s_cases, @case =>
        {
            var request = new Request((ulong)@case.Namespaces, @case.Steps);
            return (NsGen: new Contender(@case.Name, nsgen, request), C: new Contender(@case.Name, c, request));
        });
        Interleaved.Run([.. pairs.SelectMany(static p => (Contender[])[p.NsGen, p.C])], options.WarmUp / 4, options.Rounds / 2);

        Console.WriteLine("## What a namespace adds to a launch\n");
        var table = new Table("p50", "NsGen, ms", "added, µs", "C vfork, ms", "added, µs", "NsGen / C");
        foreach ((Contender n, Contender v) in pairs)
        {
            table.Add(
                n.Name,
                n.P50.ToString("0.00", CultureInfo.InvariantCulture),
                Added(n, pairs[0].NsGen),
                v.P50.ToString("0.00", CultureInfo.InvariantCulture),
                Added(v, pairs[0].C),
                n.Over(v).Median.ToString("0.00", CultureInfo.InvariantCulture));
        }

        table.Print();
    }

    private static string Added(Contender contender, Contender without)
        => contender == without
            ? ""
            : (1000 * Statistics.Quantile(contender.Samples.Zip(without.Samples, static (a, b) => a - b), 0.5)).ToString("0", CultureInfo.InvariantCulture);
}
