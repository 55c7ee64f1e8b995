using NsGen.Analyzers.Body;
using NsGen.Analyzers.Tests.Harness;
using NsGen.CodeFixes.Body;

namespace NsGen.Analyzers.Tests.Body;

public sealed class BodyExitsProcessTests
{
    [Reports(RuleIds.BodyExitsProcess)]
    public Task A_body_without_a_result_returns() => Verify.FixesAsync<BodyExitsProcessAnalyzer, BodyExitsProcessFix>(
        """
        using NsGen;
        using static NsGen.Namespaces;

        static partial class C
        {
            [Isolated(Uts)]
            public static partial void M(bool done);

            static void MCore(bool done)
            {
                if (done)
                {
                    [|Environment.Exit(0)|]; // enough
                }

                Console.WriteLine();
            }

            [Isolated(Uts)]
            public static partial Task NAsync(bool done);

            static async Task NAsyncCore(bool done)
            {
                await Task.Yield();
                if (done) [|Environment.Exit(0)|];
            }
        }
        """,
        """
        using NsGen;
        using static NsGen.Namespaces;

        static partial class C
        {
            [Isolated(Uts)]
            public static partial void M(bool done);

            static void MCore(bool done)
            {
                if (done)
                {
                    return; // enough
                }

                Console.WriteLine();
            }

            [Isolated(Uts)]
            public static partial Task NAsync(bool done);

            static async Task NAsyncCore(bool done)
            {
                await Task.Yield();
                if (done) return;
            }
        }
        """,
        new() { Message = "'Environment.Exit' in 'MCore' ends the child before its result has crossed, and the call fails. Return instead, or throw for a failure." });

    [Reports(RuleIds.BodyExitsProcess)]
    public Task What_was_meant_is_not_known() => Verify.NoFixAsync<BodyExitsProcessAnalyzer, BodyExitsProcessFix>(
        """
        using NsGen;
        using static NsGen.Namespaces;

        static partial class C
        {
            [Isolated(Uts)]
            public static partial int M();

            static int MCore()
            {
                [|Environment.Exit(0)|];
                return 1;
            }

            [Isolated(Uts)]
            public static partial void N(int code);

            static void NCore(int code)
            {
                Action leave = () => { [|Environment.Exit(0)|]; };
                leave();
                [|Environment.Exit(1)|];
                [|Environment.Exit(code)|];
                [|Environment.FailFast("lost")|];
            }
        }
        """);

    [Reports(RuleIds.BodyExitsProcess)]
    public Task On_a_thread_it_is_the_caller_that_ends() => Verify.ReportsAsync<BodyExitsProcessAnalyzer>(
        """
        using NsGen;
        using static NsGen.Namespaces;

        static partial class C
        {
            [Isolated(Uts, Mode = IsolationMode.Thread)]
            public static partial void M();

            static void MCore() => [|Environment.FailFast("lost")|];
        }
        """,
        new() { Message = "'Environment.FailFast' in 'MCore' ends the whole process, the caller with it. Throw instead." });

    [Silent(RuleIds.BodyExitsProcess)]
    public Task The_caller_may_end_itself() => Verify.SilentAsync<BodyExitsProcessAnalyzer>(
        """
        using NsGen;
        using static NsGen.Namespaces;

        static partial class C
        {
            [Isolated(Uts)]
            public static partial void M();

            static void MCore() => Environment.ExitCode = 1;

            static void Caller()
            {
                M();
                Environment.Exit(0);
            }
        }
        """);
}
