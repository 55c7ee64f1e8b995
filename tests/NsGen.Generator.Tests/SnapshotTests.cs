using NsGen.Generator.Tests.Harness;

namespace NsGen.Generator.Tests;

/// <summary>The generated code as its reader sees it, for one method of each shape.</summary>
public sealed class SnapshotTests
{
    [Fact]
    public void The_first_example() => Check("""
        public static partial class Demo
        {
            [Isolated(Uts | Pid, HostName = "container")]
            public static partial string Greet(string name);

            static string GreetCore(string name) =>
                $"hello {name} from {Environment.MachineName}, pid {Environment.ProcessId}";
        }
        """);

    [Fact]
    public void An_asynchronous_method_with_a_token_and_options() => Check("""
        namespace My.App;

        internal partial class Work
        {
            /// <summary>Adds two numbers in a network of its own.</summary>
            [Isolated(Net | User, LoopbackUp = false, TimeoutMilliseconds = 1500)]
            internal static partial Task<int> AddAsync(int a, int? b, IsolationOptions? options = null, CancellationToken cancellationToken = default);

            private static async Task<int> AddAsyncCore(int a, int? b, CancellationToken cancellationToken)
            {
                await Task.Delay(1, cancellationToken);
                return a + (b ?? 0);
            }
        }
        """);

    [Fact]
    public void A_process_with_a_result() => Check("""
        public static partial class Demo
        {
            [Isolated(Pid)]
            public static partial IsolatedProcess<string?> Start(DateTime when);

            private static string? StartCore(DateTime when) => null;
        }
        """);

    [Fact]
    public void A_process_without_a_result() => Check("""
        public static partial class Demo
        {
            [Isolated]
            public static partial IsolatedProcess Start();

            private static ValueTask<int> StartCore() => new(3);
        }
        """);

    [Fact]
    public void Values_that_travel_as_JSON_by_reflection() => Check("""
        public static partial class Demo
        {
            [Isolated(Ipc)]
            public static partial List<string> Sort(List<string> names);

            private static List<string> SortCore(List<string> names) => names.Order().ToList();
        }
        """);

    [Fact]
    public void Values_that_travel_as_JSON_by_a_context() => Check("""
        public static partial class Demo
        {
            [Isolated(Ipc, JsonContext = typeof(Context))]
            public static partial ValueTask<List<string>?> Sort(List<string> names);

            private static List<string>? SortCore(List<string> names) => names.Order().ToList();
        }
        """ + JsonTests.Context);

    [Fact]
    public void Private_types_in_each_other() => Check("""
        public partial class Outer
        {
            private partial record struct Middle
            {
                private partial interface IInner
                {
                    [Isolated(All)]
                    internal static partial void Run(byte[] data);

                    private static void RunCore(byte[] data)
                    {
                    }
                }
            }
        }
        """);

    [Fact]
    public void A_program_for_a_body() => Check("""
        public static partial class Demo
        {
            [Isolated(Uts | Pid | Mount, Exec = "/bin/bash")]
            public static partial int Shell(params string[] args);
        }
        """);

    [Fact]
    public void A_program_that_must_succeed() => Check("""
        public static partial class Demo
        {
            [Isolated(Net, Exec = "ping")]
            public static partial Task PingAsync(string option, int count, string? host, CancellationToken cancellationToken);
        }
        """);

    [Fact]
    public void An_invalid_declaration() => Check("""
        public static partial class Demo
        {
            [Isolated(Uts)]
            public static partial int Count(Stream stream);

            private static int CountCore(Stream stream) => 0;
        }
        """);

    [Fact]
    public void A_body_on_a_thread() => Check("""
        public sealed partial class Demo
        {
            [Isolated(Uts | Net, Mode = IsolationMode.Thread, HostName = "thread")]
            public partial T Measure<T>(Func<T> measure, IsolationOptions? options = null);

            private T MeasureCore<T>(Func<T> measure) => measure();
        }
        """);

    [Fact]
    public void A_body_that_joins() => Check("""
        public static partial class Demo
        {
            [Isolated(Uts, Join = Net | Mount)]
            public static partial string Inspect(NamespaceTarget target, string name);

            private static string InspectCore(string name) => name;
        }
        """);

    [Fact]
    public void A_warm_body() => Check("""
        public static partial class Demo
        {
            [Isolated(Net | User, Warm = 4)]
            public static partial int Add(int a, string b, CancellationToken cancellationToken);

            private static int AddCore(int a, string b, CancellationToken cancellationToken) => a + b.Length;
        }
        """);

    [Fact]
    public void A_stream_with_progress_over_open_files() => Check("""
        public static partial class Demo
        {
            [Isolated(Net | User)]
            public static partial IAsyncEnumerable<string> Read(FileStream file, IProgress<int>? progress, CancellationToken cancellationToken = default);

            private static async IAsyncEnumerable<string> ReadCore(
                FileStream file, IProgress<int>? progress, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
            {
                using var reader = new StreamReader(file);
                while (await reader.ReadLineAsync(cancellationToken) is { } line)
                {
                    yield return line;
                }
            }
        }
        """);

    private static void Check(string source, [System.Runtime.CompilerServices.CallerMemberName] string test = "")
        => Snapshot.Match(new GeneratorHarness().Check(source), test);
}
