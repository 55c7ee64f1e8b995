using NsGen.Analyzers.SetnsUnshare;
using NsGen.Analyzers.Tests.Harness;

namespace NsGen.Analyzers.Tests.SetnsUnshare;

public sealed class PoolThreadChangedTests
{
    private static Task Reports(string markup, VerifyOptions? options = null) => Verify.ReportsAsync<PoolThreadChangedAnalyzer>(markup, options);

    private static Task Silent(string code) => Verify.SilentAsync<PoolThreadChangedAnalyzer>(code);

    [Reports(RuleIds.PoolThreadChanged)]
    public Task Task_Run() => Reports(
        """
        using static Tmds.Linux.LibC;

        class C
        {
            Task M() => Task.Run(() => [|unshare(CLONE_NEWNET)|]);
        }
        """,
        new() { Message = "'unshare' changes the namespace of the pool thread that Task.Run takes, and that thread keeps it. Use a new Thread that ends afterwards." });

    [Reports(RuleIds.PoolThreadChanged)]
    public Task Async_methods_lambdas_and_local_functions() => Reports(
        """
        using static Tmds.Linux.LibC;

        class C
        {
            async Task M(int fd)
            {
                [|setns(fd, CLONE_NEWNET)|];
                await Task.Yield();
                Func<Task> f = async () =>
                {
                    [|unshare(CLONE_NEWUTS)|];
                    await Task.Yield();
                };
                await Local();

                async Task Local()
                {
                    [|unshare(CLONE_NEWIPC)|];
                    await f();
                }
            }
        }
        """,
        new() { Message = "'setns' changes the namespace of whatever thread runs this part of an async method: after an await the rest runs on another one, and a pool thread keeps the namespace. Use a new Thread that ends afterwards." });

    [Reports(RuleIds.PoolThreadChanged)]
    public Task Every_way_to_the_pool() => Reports("""
        static partial class C
        {
            [LibraryImport("libc", SetLastError = true)]
            private static partial int {|CS8795:unshare|}(int flags);

            [LibraryImport("libc", SetLastError = true)]
            private static partial int {|CS8795:setns|}(int fd, int nstype);

            static void Work() => [|unshare(0x40000000)|];

            static void M(int fd)
            {
                ThreadPool.QueueUserWorkItem(_ => [|unshare(0x04000000)|]);
                Parallel.For(0, 2, i => { [|setns(fd, 0)|]; });
                Parallel.Invoke(() => { [|setns(fd, 0)|]; }, () => { });
                Task.Factory.StartNew(() => [|setns(fd, 0x40000000)|]);
                Task.Run(Work).ContinueWith(t => [|setns(fd, 0x40000000)|]);
                _ = new Timer(_ => [|unshare(0x04000000)|]);
                var timer = new System.Timers.Timer();
                timer.Elapsed += (_, _) => [|unshare(0x04000000)|];
                new Task(() => [|unshare(0x04000000)|]).Start();
                Enumerable.Range(0, 2).AsParallel().ForAll(i => [|unshare(0x04000000)|]);
                Task.Run(Local);

                void Local() => [|unshare(0x04000000)|];
            }
        }
        """);

    [Reports(RuleIds.PoolThreadChanged)]
    public Task A_way_back_behind_an_await_is_none() => Reports("""
        static class C
        {
            [DllImport("libc", SetLastError = true)]
            static extern int open(string path, int flags);

            [DllImport("libc", SetLastError = true)]
            static extern int setns(int fd, int nstype);

            static async Task M(int fd)
            {
                int own = open("/proc/thread-self/ns/net", 0);
                [|setns(fd, 0x40000000)|];
                await Task.Delay(1);
                setns(own, 0x40000000);
            }
        }
        """);

    [Silent(RuleIds.PoolThreadChanged)]
    public Task Threads_of_their_own_and_unknown_callers_are_silent() => Silent("""
        using static Tmds.Linux.LibC;

        class C
        {
            void M(int fd, Action<Action> run, TaskCreationOptions options)
            {
                unshare(CLONE_NEWNET);
                new Thread(() => unshare(CLONE_NEWNET)).Start();
                new Thread(Work).Start();
                Task.Run(() => new Thread(() => setns(fd, CLONE_NEWNET)).Start());
                run(() => unshare(CLONE_NEWNET));
                Task.Factory.StartNew(() => unshare(CLONE_NEWNET), TaskCreationOptions.LongRunning);
                Task.Factory.StartNew(() => unshare(CLONE_NEWNET), options);
                Action later = () => unshare(CLONE_NEWNET);
            }

            void Work() => unshare(CLONE_NEWNET);

            async Task NotTheNamespace(int flags)
            {
                unshare(CLONE_FS | CLONE_FILES);
                unshare(flags);
                unshare(CLONE_NEWUSER);
                await Task.Run(() => unshare(CLONE_FS));
                await Task.Run(Isolate);

                void Isolate()
                {
                    Thread thread = new(() => unshare(CLONE_NEWNET));
                    thread.Start();
                    thread.Join();
                }
            }
        }
        """);

    [Silent(RuleIds.PoolThreadChanged)]
    public Task A_thread_that_is_led_back_is_silent() => Silent("""
        static class C
        {
            [DllImport("libc", SetLastError = true)]
            static extern int open(string path, int flags);

            [DllImport("libc", SetLastError = true)]
            static extern int setns(int fd, int nstype);

            static Task M(int fd) => Task.Run(() =>
            {
                int own = open("/proc/thread-self/ns/net", 0);
                setns(fd, 0x40000000);
                try
                {
                    Console.WriteLine();
                }
                finally
                {
                    setns(own, 0x40000000);
                }
            });
        }
        """);
}
