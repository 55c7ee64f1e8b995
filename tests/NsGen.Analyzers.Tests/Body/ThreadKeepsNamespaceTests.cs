using NsGen.Analyzers.Body;
using NsGen.Analyzers.Tests.Harness;

namespace NsGen.Analyzers.Tests.Body;

public sealed class ThreadKeepsNamespaceTests
{
    [Reports(RuleIds.ThreadKeepsNamespace)]
    public Task Threads_and_pool_work() => Verify.ReportsAsync<ThreadKeepsNamespaceAnalyzer>(
        """
        using System.Net.Http;
        using NsGen;
        using static NsGen.Namespaces;

        static partial class C
        {
            [Isolated(Net, Mode = IsolationMode.Thread)]
            public static partial void M(HttpClient client);

            static void MCore(HttpClient client)
            {
                [|Task.Run(Work)|].Wait();
                [|new Thread(Work).Start()|];
                Thread thread = new(Work);
                [|thread.Start()|];
                [|Task.Factory.StartNew(Work)|].Wait();
                [|ThreadPool.QueueUserWorkItem(_ => Work())|];
                [|Parallel.For(0, 3, _ => Work())|];
                [|Task.Delay(1)|].Wait();
                using Timer timer = [|new(_ => Work())|];
                _ = [|client.GetAsync("http://localhost")|].Result;

                static void Work()
                {
                }
            }
        }
        """,
        new() { Message = "'Task.Run' in the thread-mode body 'MCore' may start a thread, which is born in the namespace and keeps it when the body has ended; a pool thread that exists already works outside it. Do the work on the body's own thread, or use process mode." });

    [Silent(RuleIds.ThreadKeepsNamespace)]
    public Task A_thread_that_is_joined_ends_first() => Verify.SilentAsync<ThreadKeepsNamespaceAnalyzer>(
        """
        using NsGen;
        using static NsGen.Namespaces;

        static partial class C
        {
            [Isolated(Net, Mode = IsolationMode.Thread)]
            public static partial void M();

            static void MCore()
            {
                Thread thread = new(() => Thread.Sleep(1));
                thread.Start();
                thread.Join();
            }
        }
        """);

    [Silent(RuleIds.ThreadKeepsNamespace)]
    public Task The_threads_of_a_child_process_end_with_it() => Verify.SilentAsync<ThreadKeepsNamespaceAnalyzer>(
        """
        using NsGen;
        using static NsGen.Namespaces;

        static partial class C
        {
            [Isolated(Net)]
            public static partial void M();

            static void MCore() => Task.Run(() => Thread.Sleep(1)).Wait();
        }
        """);
}
