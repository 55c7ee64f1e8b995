using System.Globalization;

namespace NsGen.Benchmarks;

/// <summary>What open descriptors of the launching process add: fork and vfork copy the table, and the child closes the copies.</summary>
internal static class DescriptorSuite
{
    private const string True = "/bin/true";
    private const int Many = 10_000;

    public static void Run(Options options)
    {
        using var workers = new Workers();
        Contender[] contenders =
        [
            new("NsGen, as the runtime starts", workers.Add(Programs.Managed(LaunchWorker.Isolated, 0, True)), default),
            new("Process.Start, as the runtime starts", workers.Add(Programs.Managed(LaunchWorker.ProcessStart, 0, True)), default),
            new($"NsGen, {Many} open", workers.Add(Programs.ManagedWithDescriptors(LaunchWorker.Isolated, Many, True)), default),
            new($"Process.Start, {Many} open", workers.Add(Programs.ManagedWithDescriptors(LaunchWorker.ProcessStart, Many, True)), default),
        ];
        Interleaved.Run(contenders, options.WarmUp, Math.Max(1, options.Rounds / 2));

        Console.WriteLine("## What open descriptors add to a launch\n");
        var table = new Table("ms", "p50", "p90", "x NsGen with few");
        foreach (Contender contender in contenders)
        {
            table.Add(
                contender.Name,
                contender.P50.ToString("0.00", CultureInfo.InvariantCulture),
                contender.P90.ToString("0.00", CultureInfo.InvariantCulture),
                contender.Over(contenders[0]).Median.ToString("0.00", CultureInfo.InvariantCulture));
        }

        table.Print();
    }
}
