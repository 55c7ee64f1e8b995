using System.Globalization;

namespace NsGen.Benchmarks;

/// <summary>The command line.</summary>
internal sealed record Options
{
    public const string Help =
        """
        Measures NsGen against C and against the other ways to start a process. Needs root (namespaces without a user namespace) and cc.

          --suite NAME[,NAME]...  what to measure; everything by default:
                                    launch      /bin/true, at heap 0 and at a large heap
                                    descriptors a launch by a process with 10,000 open descriptors
                                    namespaces  what each namespace adds
                                    options     an init, a /proc, a root directory with mounts; against unshare(1) and bwrap(1)
                                    threads     an empty body in thread mode; entering a namespace and coming back
                                    warm        a managed call that finds a warm child, against one that does not
                                    call        a managed call of a program run by `dotnet app.dll`
                                    readytorun  the same, published with PublishReadyToRun
                                    native      a managed call of a NativeAOT program
                                    analyzers   what NsGen's analyzers add to compiling a program that has nothing to do with them
                                    generator   a keystroke elsewhere, with NsGen's generator and with others
          --rounds N              launches of each contender in `launch`; the others take a part of it (default 1000)
          --heap MB               the large heap (default 4096); four workers hold that much
          --check                 exit code 1 where a target is missed beyond noise, in three attempts
          --quick                 few rounds, a small heap, no targets: shows that everything runs
          --help                  this text
        """;

    private static readonly string[] s_suites = ["launch", "descriptors", "namespaces", "options", "threads", "warm", "call", "readytorun", "native", "analyzers", "generator"];

    public IReadOnlyList<string> Suites { get; init; } = s_suites;

    public int Rounds { get; init; } = 1000;

    public int HeapMegabytes { get; init; } = 4096;

    public bool Check { get; init; }

    public bool Quick { get; init; }

    public bool ShowHelp { get; init; }

    /// <summary>Enough for tiered compilation to have come to its end, which takes 30 calls of a method, and after them time.</summary>
    public int WarmUp => Quick ? 2 : 200;

    /// <exception cref="ArgumentException">Something else was given.</exception>
    public static Options Parse(ReadOnlySpan<string> arguments)
    {
        var options = new Options();
        for (int i = 0; i < arguments.Length; i++)
        {
            options = arguments[i] switch
            {
                "--help" or "-h" => options with { ShowHelp = true },
                "--check" => options with { Check = true },
                "--quick" => options with { Quick = true, Rounds = 10, HeapMegabytes = 64 },
                "--suite" when i + 1 < arguments.Length => options with { Suites = Known(arguments[++i].Split(',')) },
                "--rounds" when i + 1 < arguments.Length => options with { Rounds = Positive(arguments[++i]) },
                "--heap" when i + 1 < arguments.Length => options with { HeapMegabytes = Positive(arguments[++i]) },
                string other => throw new ArgumentException($"\"{other}\" is no option, or lacks its value. See --help."),
            };
        }

        return options;
    }

    private static string[] Known(string[] suites) => suites.FirstOrDefault(static s => !s_suites.Contains(s)) is { } unknown
        ? throw new ArgumentException($"\"{unknown}\" is no suite. See --help.")
        : suites;

    private static int Positive(string number) => int.TryParse(number, CultureInfo.InvariantCulture, out int value) && value > 0
        ? value
        : throw new ArgumentException($"\"{number}\" is no positive number.");
}
