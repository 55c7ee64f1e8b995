using NsGen.Analyzers.Body;
using NsGen.Analyzers.Tests.Harness;
using NsGen.CodeFixes.Body;

namespace NsGen.Analyzers.Tests.Body;

public sealed class BodyCallsLauncherTests
{
    [Reports(RuleIds.BodyCallsLauncher)]
    public Task A_recursion_is_turned_to_the_body() => Verify.FixesAsync<BodyCallsLauncherAnalyzer, BodyCallsLauncherFix>(
        """
        using NsGen;
        using static NsGen.Namespaces;

        static partial class C
        {
            [Isolated(Uts)]
            public static partial int Sum(int n, IsolationOptions options, CancellationToken token = default);

            static int SumCore(int n) => n == 0 ? 0 : n + [|Sum(n - 1, new IsolationOptions())|];

            [Isolated(Uts, Body = nameof(Walk))]
            public static partial Task<int> WalkAsync(int n, CancellationToken token);

            static async Task<int> Walk(int n, CancellationToken token)
            {
                if (n == 0)
                {
                    return 0;
                }

                return await [|C.WalkAsync(token: token, n: n - 1)|];
            }
        }
        """,
        """
        using NsGen;
        using static NsGen.Namespaces;

        static partial class C
        {
            [Isolated(Uts)]
            public static partial int Sum(int n, IsolationOptions options, CancellationToken token = default);

            static int SumCore(int n) => n == 0 ? 0 : n + SumCore(n - 1);

            [Isolated(Uts, Body = nameof(Walk))]
            public static partial Task<int> WalkAsync(int n, CancellationToken token);

            static async Task<int> Walk(int n, CancellationToken token)
            {
                if (n == 0)
                {
                    return 0;
                }

                return await C.Walk(token: token, n: n - 1);
            }
        }
        """,
        new() { Message = "'SumCore' calls 'Sum', which launches 'SumCore' again: each child starts another, unless a condition stops it. Call 'SumCore' itself to stay in this child." });

    [Reports(RuleIds.BodyCallsLauncher)]
    public Task Without_end_is_no_better_in_one_process() => Verify.NoFixAsync<BodyCallsLauncherAnalyzer, BodyCallsLauncherFix>(
        """
        using NsGen;
        using static NsGen.Namespaces;

        static partial class C
        {
            [Isolated(Uts)]
            public static partial void M(string text);

            static void MCore(string text)
            {
                Console.WriteLine(text);
                [|M(text)|];
            }
        }
        """,
        new() { Message = "'MCore' calls 'M', which launches 'MCore' again: each child starts another, without end. Call 'MCore' itself to stay in this child." });

    [Reports(RuleIds.BodyCallsLauncher)]
    public Task A_body_of_another_type_cannot_be_called_instead() => Verify.NoFixAsync<BodyCallsLauncherAnalyzer, BodyCallsLauncherFix>(
        """
        using NsGen;
        using static NsGen.Namespaces;

        static partial class C
        {
            [Isolated(Uts)]
            public static partial Task<int> SumAsync(int n);

            static int SumAsyncCore(int n) => n == 0 ? 0 : n + [|SumAsync(n - 1)|].Result;
        }
        """);

    [Silent(RuleIds.BodyCallsLauncher)]
    public Task The_launcher_of_another_body() => Verify.SilentAsync<BodyCallsLauncherAnalyzer>(
        """
        using NsGen;
        using static NsGen.Namespaces;

        static partial class C
        {
            [Isolated(Uts)]
            public static partial void Outer();

            static void OuterCore()
            {
                Inner();
                Console.WriteLine(nameof(Outer));
            }

            [Isolated(Ipc)]
            public static partial void Inner();

            static void InnerCore() => Console.WriteLine();

            static void Caller() => Outer();
        }
        """);
}
