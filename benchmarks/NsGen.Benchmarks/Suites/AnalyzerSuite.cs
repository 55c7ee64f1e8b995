using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis.Diagnostics;

namespace NsGen.Benchmarks;

/// <summary>
/// What NsGen's analyzers cost a program that has nothing to do with namespaces: where it does not even reference NsGen, where it does and no
/// file uses it, and where one file does.
/// </summary>
internal static class AnalyzerSuite
{
    private const double Limit = 0.01;

    public static IReadOnlyList<Target> Run(Options options) => [.. Enum.GetValues<NsGenUse>().Select(use => RunCase(options, use))];

    private static Target RunCase(Options options, NsGenUse use)
    {
        string program = use switch
        {
            NsGenUse.None => "without NsGen",
            NsGenUse.Referenced => "that references NsGen",
            _ => "with isolated methods in one more file",
        };
        int files = options.Quick ? UnrelatedCode.Files / 20 : UnrelatedCode.Files;
        using var workers = new Workers();
        Worker worker = workers.Add(Programs.Compiler(CompileWorker.Switch, $"{use}", $"{files}"));
        Contender Row(string name, CompileKind kind) => new(name, worker, new Request(0, (ulong)kind));
        Contender emit = Row("compile", CompileKind.Emit);
        Contender idle = Row(
            use == NsGenUse.InOneFile ? "analyze: looking at each body and doing nothing" : "analyze: doing nothing", CompileKind.Idle);
        Contender nsgen = Row("analyze: NsGen", CompileKind.NsGen);
        Contender net = Row("analyze: NetAnalyzers", CompileKind.NetAnalyzers);
        Contender both = Row("analyze: NetAnalyzers and NsGen", CompileKind.Both);

        // Where no rule of NsGen registers anything, there is nothing for the two to do together.
        Contender[] contenders = use == NsGenUse.InOneFile ? [emit, idle, nsgen, net, both] : [emit, idle, nsgen, net];
        Interleaved.Run(contenders, options.Quick ? 1 : 2, Math.Max(1, options.Rounds / 80));

        Console.WriteLine($"## Analyzers: {files} files of {UnrelatedCode.LinesPerFile} lines, a program {program}\n");
        var table = new Table("processor time", "p50, ms", "over doing nothing, per compile");
        foreach (Contender contender in contenders)
        {
            string added = contender == emit || contender == idle ? ""
                : contender == both ? $"{Share(Added(both, net, emit))} (over NetAnalyzers)"
                : Share(Added(contender, idle, emit));
            table.Add(contender.Name, contender.P50.ToString("0", CultureInfo.InvariantCulture), added);
        }

        table.Print();
        PrintOwn(options, use, files, emit);
        return new Target($"what NsGen's analyzers add / compiling a program {program}", Added(nsgen, idle, emit), Limit);
    }

    /// <summary>By the round, as all ratios are.</summary>
    private static Ratio Added(Contender with, Contender without, Contender whole)
        => Statistics.RatioOf([.. with.Samples.Zip(without.Samples, static (a, b) => a - b)], whole.Samples);

    /// <summary>What Roslyn's own stopwatches say of each analyzer, and what is allocated for a file more.</summary>
    private static void PrintOwn(Options options, NsGenUse use, int files, Contender emit)
    {
        ImmutableArray<DiagnosticAnalyzer> analyzers = [.. Toolbox.NsGenAnalyzers()];
        Microsoft.CodeAnalysis.SyntaxTree[] trees = CompileWorker.Parse(use, files);
        var times = analyzers.ToDictionary(static analyzer => analyzer, static _ => new List<double>());
        var sums = new List<double>();
        for (int round = 0; round < (options.Quick ? 2 : 7); round++)
        {
            AnalysisResult result = CompileWorker.Analyze(UnrelatedCode.Compile(trees, use != NsGenUse.None), analyzers, concurrent: false);
            if (round > 0)
            {
                sums.Add(result.AnalyzerTelemetryInfo.Values.Sum(static info => info.ExecutionTime.TotalMilliseconds));
                foreach ((DiagnosticAnalyzer analyzer, List<double> samples) in times)
                {
                    samples.Add(result.AnalyzerTelemetryInfo[analyzer].ExecutionTime.TotalMilliseconds);
                }
            }
        }

        var table = new Table("inside the analyzers", "p50, ms", "of a compile");
        double sum = Statistics.Quantile(sums, 0.5);
        Add($"all {analyzers.Length}", sum);
        var slowest = times.Select(static row => (row.Key.GetType().Name, P50: Statistics.Quantile(row.Value, 0.5))).OrderByDescending(static row => row.P50);
        foreach ((string name, double p50) in slowest.Take(3))
        {
            Add(name, p50);
        }

        table.Print();
        int half = files / 2;
        long perFile = (Allocated(trees, analyzers, use) - Allocated(CompileWorker.Parse(use, half), analyzers, use)) / half;
        Console.WriteLine($"Allocated for each file more, over doing nothing: {perFile} bytes\n");

        void Add(string name, double p50) => table.Add(
            name, p50.ToString("0.00", CultureInfo.InvariantCulture), (p50 / emit.P50).ToString("0.00 %", CultureInfo.InvariantCulture));
    }

    /// <summary>What an analysis allocates beyond one that does nothing; the least of several, since the runtime allocates beside it.</summary>
    private static long Allocated(Microsoft.CodeAnalysis.SyntaxTree[] trees, ImmutableArray<DiagnosticAnalyzer> analyzers, NsGenUse use)
    {
        return Least(analyzers) - Least([new IdleAnalyzer(looks: use == NsGenUse.InOneFile)]);

        long Least(ImmutableArray<DiagnosticAnalyzer> some) => Enumerable.Range(0, 5).Min(_ =>
        {
            var compilation = UnrelatedCode.Compile(trees, use != NsGenUse.None);
            long before = GC.GetTotalAllocatedBytes(precise: true);
            CompileWorker.Analyze(compilation, some, concurrent: false);
            return GC.GetTotalAllocatedBytes(precise: true) - before;
        });
    }

    private static string Share(Ratio share)
        => string.Create(CultureInfo.InvariantCulture, $"{share.Median:0.0 %} ({share.Low:0.0 %} – {share.High:0.0 %})");
}
