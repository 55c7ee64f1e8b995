using System.Globalization;

namespace NsGen.Benchmarks;

/// <summary>A managed call that finds a warm child, beside the same call that starts one: string in, string out, in new Uts and Pid namespaces.</summary>
internal static class WarmSuite
{
    public static IReadOnlyList<Target> Run(Options options)
    {
        string[] caller = Programs.App("Caller", AppKind.Jit);
        using var workers = new Workers();
        Worker worker = workers.Add(new Worker(caller[0], [.. caller[1..], "", "/bin/true"]));
        Contender cold = new("cold", worker, new Request((ulong)(Namespaces.Uts | Namespaces.Pid), (ulong)CallKind.Call));
        Contender warm = new("warm", worker, new Request(0, (ulong)CallKind.Warm));
        Interleaved.Run([cold, warm], options.WarmUp / 5, options.Rounds / 5);

        Console.WriteLine("## Managed call, cold and warm\n");
        var table = new Table("ms", "p50", "p90", "p99");
        foreach (Contender contender in (Contender[])[cold, warm])
        {
            table.Add(contender.Name, Number(contender.P50), Number(contender.P90), Number(Statistics.Quantile(contender.Samples, 0.99)));
        }

        table.Print();
        return [new("warm call / cold call", warm.Over(cold), 1 / 40.0)];
    }

    private static string Number(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
