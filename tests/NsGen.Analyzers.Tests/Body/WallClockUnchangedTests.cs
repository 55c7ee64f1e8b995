using NsGen.Analyzers.Body;
using NsGen.Analyzers.Tests.Harness;

namespace NsGen.Analyzers.Tests.Body;

public sealed class WallClockUnchangedTests
{
    [Reports(RuleIds.WallClockUnchanged)]
    public Task Every_way_to_look_at_the_wall_clock() => Verify.ReportsAsync<WallClockUnchangedAnalyzer>(
        """
        using NsGen;
        using static NsGen.Namespaces;

        static partial class C
        {
            [Isolated(User | Time, MonotonicOffsetSeconds = 60)]
            public static partial string M();

            static string MCore() =>
                [|DateTime.UtcNow|].ToString()
                + [|DateTime.Now|] + [|DateTime.Today|]
                + [|DateTimeOffset.UtcNow|] + [|DateTimeOffset.Now|]
                + [|TimeProvider.System.GetUtcNow()|] + [|TimeProvider.System.GetLocalNow()|];
        }
        """,
        new() { Message = "'DateTime.UtcNow' in 'MCore' is the host's time: a time namespace moves CLOCK_MONOTONIC and CLOCK_BOOTTIME, never CLOCK_REALTIME. Use Stopwatch for a clock that is moved, or pass the time as an argument." });

    [Reports(RuleIds.WallClockUnchanged)]
    public Task A_time_namespace_that_is_joined() => Verify.ReportsAsync<WallClockUnchangedAnalyzer>(
        """
        using NsGen;
        using static NsGen.Namespaces;

        static partial class C
        {
            [Isolated(Join = Time)]
            public static partial int M(NamespaceTarget target);

            static int MCore() => [|DateTime.UtcNow|].Year;
        }
        """);

    [Silent(RuleIds.WallClockUnchanged)]
    public Task Clocks_that_move_and_other_namespaces() => Verify.SilentAsync<WallClockUnchangedAnalyzer>(
        """
        using System.Diagnostics;
        using NsGen;
        using static NsGen.Namespaces;

        static partial class C
        {
            [Isolated(User | Time)]
            public static partial long M();

            static long MCore() => Stopwatch.GetTimestamp() + TimeProvider.System.GetTimestamp() + DateTime.MinValue.Ticks;

            [Isolated(User | Uts)]
            public static partial long N();

            static long NCore() => DateTime.UtcNow.Ticks;
        }
        """);
}
