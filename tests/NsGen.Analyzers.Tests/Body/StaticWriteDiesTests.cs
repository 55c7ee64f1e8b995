using NsGen.Analyzers.Body;
using NsGen.Analyzers.Tests.Harness;

namespace NsGen.Analyzers.Tests.Body;

public sealed class StaticWriteDiesTests
{
    [Reports(RuleIds.StaticWriteDies)]
    public Task Every_way_to_write() => Verify.ReportsAsync<StaticWriteDiesAnalyzer>(
        """
        using NsGen;
        using static NsGen.Namespaces;

        static class Other
        {
            public static string? Name { get; set; }
            public static (int X, int Y) Place;
        }

        static partial class C
        {
            static int s_count;
            static int[] s_array = new int[3];
            static List<int> s_list = [1];
            static IDictionary<string, Queue<int>> s_queues = new Dictionary<string, Queue<int>>();

            [Isolated(Uts)]
            public static partial void M();

            static void MCore()
            {
                [|s_count|] = 1;
                [|s_count|]++;
                [|C.s_count|] += 2;
                [|Other.Name|] = "x";
                [|Other.Place.X|] = 3;
                [|s_array[0]|] = 4;
                [|s_list[0]|] = 5;
                [|s_list|].Add(6);
                [|s_queues["a"]|].Enqueue(7);
                ([|s_count|], int local) = (1, 2);
                Interlocked.Increment(ref [|s_count|]);
                int.TryParse("1", out [|s_count|]);
                Action action = () => [|s_count|] = local;
                action();
                Inner();

                static void Inner() => [|s_count|]--;
            }
        }
        """,
        new() { Message = "'MCore' writes 'C.s_count' in the child process, and the write dies with the child: the caller's 'C.s_count' stays as it is. Return the value instead." });

    [Silent(RuleIds.StaticWriteDies)]
    public Task What_is_only_read_belongs_to_a_thread_or_is_set_up_or_kept() => Verify.SilentAsync<StaticWriteDiesAnalyzer>(
        """
        using NsGen;
        using static NsGen.Namespaces;

        partial class C
        {
            static int s_count;
            static string? s_cache;
            static object? s_made;
            static readonly AsyncLocal<int> s_flow = new();
            static readonly List<int> s_list = [1];
            static readonly System.Collections.Concurrent.ConcurrentDictionary<int, int> s_squares = new();
            static System.Collections.Immutable.ImmutableList<int> s_fixed = [];
            [ThreadStatic] static int t_depth;
            int _field;

            [Isolated(Uts)]
            public static partial int M();

            static int MCore()
            {
                int local = s_count + s_list.Count + s_squares.GetOrAdd(2, static n => n * n) + s_fixed.Add(1).Count;
                local++;
                List<int> own = [];
                own.Add(local);
                t_depth = 1;
                s_flow.Value = 2;
                s_cache ??= "kept";
                LazyInitializer.EnsureInitialized(ref s_made, () => new object());
                Environment.CurrentDirectory = "/";
                C c = new() { _field = 1 };
                c._field = Volatile.Read(ref s_count);
                return local + c._field + nameof(s_count).Length;
            }

            static void NotABody() => s_count = 1;
        }
        """);

    [Silent(RuleIds.StaticWriteDies)]
    public Task A_thread_shares_the_static_state() => Verify.SilentAsync<StaticWriteDiesAnalyzer>(
        """
        using NsGen;
        using static NsGen.Namespaces;

        static partial class C
        {
            static int s_count;

            [Isolated(Uts, Mode = IsolationMode.Thread)]
            public static partial void M();

            static void MCore() => s_count++;
        }
        """);
}
