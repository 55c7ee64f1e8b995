using NsGen.Analyzers.SetnsUnshare;
using NsGen.Analyzers.Tests.Harness;

namespace NsGen.Analyzers.Tests.SetnsUnshare;

public sealed class PidNamespaceOfChildrenTests
{
    private static Task Reports(string markup, VerifyOptions? options = null) => Verify.ReportsAsync<PidNamespaceOfChildrenAnalyzer>(markup, options);

    private static Task Silent(string code) => Verify.SilentAsync<PidNamespaceOfChildrenAnalyzer>(code);

    [Reports(RuleIds.PidNamespaceOfChildren)]
    public Task The_own_pid_stays() => Reports(
        """
        using static Tmds.Linux.LibC;

        class C
        {
            void M()
            {
                unshare(CLONE_NEWPID | CLONE_NEWUTS);
                Console.WriteLine([|Environment.ProcessId|]);
                Console.WriteLine((int)[|getpid()|]);
                Console.WriteLine([|System.Diagnostics.Process.GetCurrentProcess()|].Id);
                Console.WriteLine(File.ReadAllText([|"/proc/self/status"|]));
                Console.WriteLine(Directory.ResolveLinkTarget([|"/proc/self"|], false));
                Console.WriteLine([|"/proc/thread-self/stat"u8|].Length);
            }
        }
        """,
        new() { Message = "'Environment.ProcessId' still tells the pid in the old PID namespace: 'unshare' of a PID namespace moves only children born later, never its caller. Ask in a child." });

    [Reports(RuleIds.PidNamespaceOfChildren)]
    public Task No_thread_starts() => Reports(
        """
        static class C
        {
            [DllImport("libc", SetLastError = true)]
            static extern int open(string path, int flags);

            [DllImport("libc", SetLastError = true)]
            static extern int setns(int fd, int nstype);

            static void M(int pid)
            {
                setns(open($"/proc/{pid}/ns/pid", 0), 0);
                [|new Thread(() => { }).Start()|];
                [|Task.Run(() => { })|];
                [|Parallel.For(0, 2, i => { })|];
                [|ThreadPool.QueueUserWorkItem(_ => { })|];
            }
        }
        """,
        new() { Message = "'Thread.Start' throws OutOfMemoryException, because the kernel refuses the thread with EINVAL: 'setns' of a PID namespace moves only children born later, never its caller. Start threads before it." });

    [Reports(RuleIds.PidNamespaceOfChildren)]
    public Task The_path_decides_not_the_text() => Reports("""
        using static Tmds.Linux.LibC;

        class C
        {
            void SecondRound(int fd)
            {
                for (int i = 0; i < 2; i++)
                {
                    Console.WriteLine([|Environment.ProcessId|]);
                    if (setns(fd, CLONE_NEWPID) == -1)
                    {
                        throw new Win32Exception(Environment.ProcessId);
                    }
                }
            }

            void EitherWay(int a, int b, bool first)
            {
                if (first)
                {
                    setns(a, CLONE_NEWPID);
                }
                else
                {
                    setns(b, CLONE_NEWPID);
                }

                Console.WriteLine([|Environment.ProcessId|]);
            }

            void ChildrenComeAfter()
            {
                unshare(CLONE_NEWPID);
                Console.WriteLine([|Environment.ProcessId|]);
                System.Diagnostics.Process.Start("true");
                [|new Thread(() => { }).Start()|];
            }

            void InALambda() => new Thread(() =>
            {
                unshare(CLONE_NEWPID);
                Console.WriteLine([|Environment.ProcessId|]);
            }).Start();
        }
        """);

    [Silent(RuleIds.PidNamespaceOfChildren)]
    public Task Children_ways_back_and_failures_are_silent() => Silent("""
        using System.Diagnostics;
        using static Tmds.Linux.LibC;

        unsafe class C
        {
            [DllImport("libc", EntryPoint = "open")]
            static extern int Open(string path, int flags);

            void Child(void* fn, void* top)
            {
                if (unshare(CLONE_NEWPID) != 0)
                {
                    throw new Win32Exception(Environment.ProcessId);
                }

                int child = clone(fn, top, SIGCHLD, null);
                Console.WriteLine($"{child} is a child of {Environment.ProcessId}");
            }

            void ByProcess()
            {
                unshare(CLONE_NEWPID);
                Launch();
                Console.WriteLine((int)getpid());
            }

            static void Launch() => Console.WriteLine(Process.Start("true").Id);

            void Before()
            {
                Console.WriteLine(Environment.ProcessId);
                new Thread(() => { }).Start();
                unshare(CLONE_NEWPID);
            }

            void AndBack(int fd)
            {
                int own = Open("/proc/self/ns/pid", 0);
                setns(fd, CLONE_NEWPID);
                setns(own, CLONE_NEWPID);
                Console.WriteLine(Environment.ProcessId);
                new Thread(() => { }).Start();
            }

            void PerhapsBack(int saved)
            {
                unshare(CLONE_NEWPID);
                setns(saved, CLONE_NEWPID);
                new Thread(() => { }).Start();
            }

            void InAHandler()
            {
                try
                {
                    unshare(CLONE_NEWPID);
                    Launch();
                }
                catch (Exception)
                {
                    Console.WriteLine(Environment.ProcessId);
                }
            }

            void OtherFunction()
            {
                unshare(CLONE_NEWPID);
                Action later = () => Console.WriteLine(Environment.ProcessId);
            }
        }
        """);

    [Silent(RuleIds.PidNamespaceOfChildren)]
    public Task Other_namespaces_and_other_files_are_silent() => Silent("""
        using static Tmds.Linux.LibC;

        class C
        {
            void M(int fd, int flags)
            {
                unshare(CLONE_NEWNET);
                unshare(flags);
                setns(fd, 0);
                setns(fd, CLONE_NEWUTS);
                Console.WriteLine(Environment.ProcessId);
                new Thread(() => { }).Start();
            }

            void Files(int pid)
            {
                unshare(CLONE_NEWPID);
                Console.WriteLine(File.ReadAllText("/proc/self/maps") + "/proc/self/exe" + "/proc/self/ns/pid_for_children" + $"/proc/{pid}/status");
                Console.WriteLine(Environment.ProcessPath);
            }
        }
        """);
}
