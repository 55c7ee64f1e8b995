using System.Globalization;

namespace NsGen.Benchmarks;

/// <summary>
/// A managed call from beginning to end: the program starts once more, runs one method, and its result comes back. Measured against an
/// empty program that the same parent starts.
/// </summary>
internal static class CallSuite
{
    public static IReadOnlyList<Target> Run(Options options, AppKind kind)
    {
        string[] caller = Programs.App("Caller", kind);
        string[] empty = Programs.App("Empty", kind);
        string hook = kind == AppKind.Native ? "" : Programs.App("Hook", kind)[^1];
        using var workers = new Workers();
        Worker worker = workers.Add(new Worker(caller[0], [.. caller[1..], hook, .. empty]));
        Contender[] hooked = kind == AppKind.Native
            ? []
            : [new("the same, with an empty start-up hook", worker, new Request(0, (ulong)CallKind.EmptyWithHook))];
        Contender[] contenders =
        [
            new("an empty program", worker, new Request(0, (ulong)CallKind.Empty)),
            new("the same, DOTNET_EnableDiagnostics=0", worker, new Request(0, (ulong)CallKind.EmptyWithoutDiagnostics)),
            .. hooked,
            new("managed call", worker, new Request(0, (ulong)CallKind.Call)),
            new("managed call, Uts\\|Pid", worker, new Request((ulong)(Namespaces.Uts | Namespaces.Pid), (ulong)CallKind.Call)),
        ];

        // The child is cold each time; the parent is not, and both kinds of launch pass through the same code there.
        Interleaved.Run(contenders, options.WarmUp / 10, kind == AppKind.Native ? options.Rounds / 2 : options.Rounds / 5);

        (string how, double limit) = kind switch
        {
            AppKind.ReadyToRun => ("dotnet app.dll, ReadyToRun", 1.35),
            AppKind.Native => ("NativeAOT", 3),
            _ => ("dotnet app.dll", 1.35),
        };
        Console.WriteLine($"## Managed call, cold, {how}\n");
        var table = new Table("ms", "p50", "p90", "x an empty program");
        foreach (Contender contender in contenders)
        {
            table.Add(
                contender.Name,
                contender.P50.ToString("0.0", CultureInfo.InvariantCulture),
                contender.P90.ToString("0.0", CultureInfo.InvariantCulture),
                contender.Over(contenders[0]).Median.ToString("0.00", CultureInfo.InvariantCulture));
        }

        table.Print();
        return [new($"managed call / an empty program, {how}", contenders[^1].Over(contenders[0]), limit)];
    }
}
