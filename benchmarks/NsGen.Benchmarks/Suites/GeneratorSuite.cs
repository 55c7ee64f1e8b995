using System.Globalization;

namespace NsGen.Benchmarks;

/// <summary>What a keystroke in a file that has nothing to do with a generator costs because of it.</summary>
internal static class GeneratorSuite
{
    public static void Run(Options options)
    {
        using var workers = new Workers();
        Worker worker = workers.Add(Programs.Compiler(KeystrokeWorker.Switch));
        Contender[] contenders =
        [
            new("no generator", worker, new Request(0, (ulong)CompileKind.Keystroke)),
            new("NsGen", worker, new Request(0, (ulong)CompileKind.KeystrokeNsGen)),
            new("System.Text.Json", worker, new Request(0, (ulong)CompileKind.KeystrokeJson)),
        ];
        Interleaved.Run(contenders, options.WarmUp / 2, Math.Max(1, options.Rounds / 5));

        Console.WriteLine(
            $"## A keystroke elsewhere: {UnrelatedCode.Files} files of {UnrelatedCode.LinesPerFile} lines, "
            + $"and one with {UsingCode.Declarations} declarations for each generator\n");
        var table = new Table("µs a keystroke", "p50", "p90", "x System.Text.Json");
        foreach (Contender contender in contenders)
        {
            table.Add(
                contender.Name,
                Microseconds(contender.P50),
                Microseconds(contender.P90),
                contender.Over(contenders[^1]).Median.ToString("0.00", CultureInfo.InvariantCulture));
        }

        table.Print();
    }

    private static string Microseconds(double milliseconds)
        => (1000 * milliseconds / KeystrokeWorker.InARow).ToString("0", CultureInfo.InvariantCulture);
}
