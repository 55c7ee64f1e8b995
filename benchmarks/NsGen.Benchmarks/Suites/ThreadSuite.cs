using System.Globalization;

namespace NsGen.Benchmarks;

/// <summary>What needs no process: a body on a thread of its own, and a thread that enters a namespace for a moment.</summary>
internal static class ThreadSuite
{
    // Each takes microseconds, and the request itself some too.
    private const int InARow = 20;
    private const int Scopes = 200;

    public static IReadOnlyList<Target> Run(Options options)
    {
        using var workers = new Workers();
        Worker nsgenThread = workers.Add(Programs.Managed(LaunchWorker.Thread, 0, "/bin/true"));
        Worker cThread = workers.Add(Programs.C("thread", 0, "/bin/true"));
        Worker nsgenScope = workers.Add(Programs.Managed(LaunchWorker.Scope, 0, "/bin/cat"));
        Worker cScope = workers.Add(Programs.C("scope", 0, "/bin/true"));
        (string Name, int Times, Contender NsGen, Contender C)[] rows =
        [
            Body("body, no namespace", Namespaces.None, 1),
            Body("body, Uts", Namespaces.Uts, 1),
            Body("body, Mount", Namespaces.Mount, 1),
            Body("body, Net", Namespaces.Net, 1),
            Body($"body, Uts, {InARow} in a row", Namespaces.Uts, InARow),
            ("enter Uts and come back", Scopes, new("", nsgenScope, new Request(0, Scopes)), new("", cScope, new Request(0, Scopes))),
        ];
        Interleaved.Run([.. rows.SelectMany(static row => (Contender[])[row.NsGen, row.C])], options.WarmUp / 2, options.Rounds / 2);

        Console.WriteLine("## An empty body on a thread, and a scope\n");
        var table = new Table("p50", "NsGen, µs", "C, µs", "NsGen / C");
        foreach ((string name, int times, Contender nsgen, Contender c) in rows)
        {
            table.Add(
                name,
                (1000 * nsgen.P50 / times).ToString("0.0", CultureInfo.InvariantCulture),
                (1000 * c.P50 / times).ToString("0.0", CultureInfo.InvariantCulture),
                nsgen.Over(c).Median.ToString("0.00", CultureInfo.InvariantCulture));
        }

        table.Print();
        return
        [
            new("thread mode, Uts / C pthread_create, unshare, pthread_join", rows[1].NsGen.Over(rows[1].C), 1.5),
            new("enter Uts and come back / C open, setns, setns", rows[^1].NsGen.Over(rows[^1].C), 1.5),
        ];

        (string Name, int Times, Contender NsGen, Contender C) Body(string name, Namespaces namespaces, int times)
        {
            var request = new Request((ulong)namespaces, (ulong)times);
            return (name, times, new("", nsgenThread, request), new("", cThread, request));
        }
    }
}
