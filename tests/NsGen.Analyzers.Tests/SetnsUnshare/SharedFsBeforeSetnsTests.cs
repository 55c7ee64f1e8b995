using NsGen.Analyzers.SetnsUnshare;
using NsGen.Analyzers.Tests.Harness;
using NsGen.CodeFixes.SetnsUnshare;

namespace NsGen.Analyzers.Tests.SetnsUnshare;

public sealed class SharedFsBeforeSetnsTests
{
    private static Task Reports(string markup, VerifyOptions? options = null) => Verify.ReportsAsync<SharedFsBeforeSetnsAnalyzer>(markup, options);

    private static Task Silent(string code, VerifyOptions? options = null) => Verify.SilentAsync<SharedFsBeforeSetnsAnalyzer>(code, options);

    private static Task Fixes(string markup, string code) => Verify.FixesAsync<SharedFsBeforeSetnsAnalyzer, SharedFsBeforeSetnsFix>(markup, code);

    [Reports(RuleIds.SharedFsBeforeSetns)]
    public Task The_call_is_inserted_and_throws() => Fixes(
        """
        using static Tmds.Linux.LibC;

        class C
        {
            void M(int fd)
            {
                Console.WriteLine();

                // Into the other one.
                if ([|setns(fd, CLONE_NEWNS)|] == -1)
                {
                    throw new Win32Exception();
                }
            }
        }
        """,
        """
        using static Tmds.Linux.LibC;

        class C
        {
            void M(int fd)
            {
                Console.WriteLine();

                if (unshare(CLONE_FS) == -1)
                {
                    throw new Win32Exception(Marshal.GetLastPInvokeError());
                }

                // Into the other one.
                if (setns(fd, CLONE_NEWNS) == -1)
                {
                    throw new Win32Exception();
                }
            }
        }
        """);

    [Reports(RuleIds.SharedFsBeforeSetns)]
    public Task The_insertion_speaks_as_the_program_does() => Fixes(
        """
        static class Sys
        {
            [Flags]
            public enum Flags { Fs = 0x200, Mount = 0x20000 }

            [DllImport("libc", SetLastError = true)]
            public static extern int open(string path, int flags);

            [DllImport("libc", SetLastError = true)]
            public static extern int setns(int fd, Flags nstype);

            [DllImport("libc", EntryPoint = "unshare", SetLastError = true)]
            public static extern int Unshare(Flags flags);
        }

        static class C
        {
            static void Check(int result)
            {
                if (result < 0)
                {
                    throw new InvalidOperationException();
                }
            }

            static void M(int pid)
            {
                int fd = Sys.open($"/proc/{pid}/ns/mnt", 0);
                Check([|Sys.setns(fd, 0)|]);
            }

            static void N(int fd) => new Thread(() =>
            {
                Check([|Sys.setns(fd, Sys.Flags.Mount)|]);
            }).Start();
        }
        """,
        """
        static class Sys
        {
            [Flags]
            public enum Flags { Fs = 0x200, Mount = 0x20000 }

            [DllImport("libc", SetLastError = true)]
            public static extern int open(string path, int flags);

            [DllImport("libc", SetLastError = true)]
            public static extern int setns(int fd, Flags nstype);

            [DllImport("libc", EntryPoint = "unshare", SetLastError = true)]
            public static extern int Unshare(Flags flags);
        }

        static class C
        {
            static void Check(int result)
            {
                if (result < 0)
                {
                    throw new InvalidOperationException();
                }
            }

            static void M(int pid)
            {
                int fd = Sys.open($"/proc/{pid}/ns/mnt", 0);
                Check(Sys.Unshare(Sys.Flags.Fs));
                Check(Sys.setns(fd, 0));
            }

            static void N(int fd) => new Thread(() =>
            {
                Check(Sys.Unshare(Sys.Flags.Fs));
                Check(Sys.setns(fd, Sys.Flags.Mount));
            }).Start();
        }
        """);

    [Reports(RuleIds.SharedFsBeforeSetns)]
    public Task Without_room_or_an_unshare_nothing_is_offered() => Verify.NoFixAsync<SharedFsBeforeSetnsAnalyzer, SharedFsBeforeSetnsFix>(
        """
        static class C
        {
            [DllImport("libc")]
            static extern int setns(int fd, int nstype);

            static void M(int fd)
            {
                _ = [|setns(fd, 0x20000)|];
            }

            static int N(int fd) => [|setns(fd, 0x20000)|];
        }
        """,
        new() { Message = "'setns' into a mount namespace fails with EINVAL: the threads of a .NET process share one root and working directory. Call unshare(CLONE_FS) on this thread first." });

    [Reports(RuleIds.SharedFsBeforeSetns)]
    public Task The_path_decides_not_the_text() => Reports("""
        using static Tmds.Linux.LibC;

        class C
        {
            void OtherBranch(int fd, bool b)
            {
                if (b)
                {
                    unshare(CLONE_FS);
                }
                else
                {
                    [|setns(fd, CLONE_NEWNS)|];
                }
            }

            void TooLate(int fd)
            {
                [|setns(fd, CLONE_NEWNS)|];
                unshare(CLONE_FS);
            }

            void LeftEarly(int fd, bool b)
            {
                if (b)
                {
                    unshare(CLONE_FS);
                    return;
                }

                [|setns(fd, CLONE_NEWNS)|];
            }

            void FirstRound(int[] fds)
            {
                foreach (int fd in fds)
                {
                    [|setns(fd, CLONE_NEWNS)|];
                    unshare(CLONE_FS);
                }
            }

            void OtherThread(int fd)
            {
                unshare(CLONE_FS);
                new Thread(() => { [|setns(fd, CLONE_NEWNS)|]; }).Start();
            }

            void InFinally(int fd)
            {
                try
                {
                    Console.WriteLine();
                }
                finally
                {
                    [|setns(fd, CLONE_NEWNS)|];
                }
            }

            void OtherFlags(int fd)
            {
                unshare(CLONE_FILES | CLONE_NEWNET);
                [|setns(fd, CLONE_NEWNS)|];
            }
        }
        """);

    [Silent(RuleIds.SharedFsBeforeSetns)]
    public Task Prepared_or_perhaps_prepared_is_silent() => Silent("""
        using static Tmds.Linux.LibC;

        class C
        {
            static bool s_prepared;
            Action _prepare = () => { };

            void Straight(int fd)
            {
                unshare(CLONE_FS);
                setns(fd, CLONE_NEWNS);
                setns(fd, CLONE_NEWNS);
            }

            void MountNamespaceImpliesIt(int fd)
            {
                if (unshare(CLONE_NEWNS | CLONE_NEWUTS) == -1)
                {
                    return;
                }

                setns(fd, CLONE_NEWNS);
            }

            void Once(int fd)
            {
                if (!s_prepared)
                {
                    unshare(CLONE_FS);
                    s_prepared = true;
                }

                setns(fd, CLONE_NEWNS);
            }

            void OnceInALoop(int[] fds)
            {
                bool first = true;
                foreach (int fd in fds)
                {
                    if (first)
                    {
                        unshare(CLONE_FS);
                        first = false;
                    }

                    setns(fd, CLONE_NEWNS);
                }
            }

            void UnknownFlags(int fd, int flags)
            {
                unshare(flags);
                setns(fd, CLONE_NEWNS);
            }

            void UnknownDelegate(int fd)
            {
                _prepare();
                setns(fd, CLONE_NEWNS);
            }

            static void Prepare()
            {
                Console.WriteLine();
                unshare(CLONE_FS);
            }

            void ByCallee(int fd)
            {
                Prepare();
                setns(fd, CLONE_NEWNS);
            }

            void Caller(int fd)
            {
                Prepare();
                Middle(fd);
            }

            void Middle(int fd) => Enter(fd);

            void Enter(int fd) => setns(fd, CLONE_NEWNS);

            void ByLocalFunction(int fd)
            {
                unshare(CLONE_FS);
                Inner();

                void Inner() => setns(fd, CLONE_NEWNS);
            }

            void InFinally(int fd)
            {
                try
                {
                    unshare(CLONE_FS);
                }
                finally
                {
                    setns(fd, CLONE_NEWNS);
                }
            }

            void ThroughFinally(int fd)
            {
                try
                {
                    Console.WriteLine();
                }
                finally
                {
                    unshare(CLONE_FS);
                }

                setns(fd, CLONE_NEWNS);
            }
        }
        """);

    [Silent(RuleIds.SharedFsBeforeSetns)]
    public Task Other_namespaces_pidfds_and_unknown_types_are_silent() => Silent("""
        using static Tmds.Linux.LibC;

        static class C
        {
            [DllImport("libc", SetLastError = true)]
            static extern int pidfd_open(int pid, uint flags);

            [DllImport("libc", EntryPoint = "open")]
            static extern int Open(string path, int flags);

            static void M(int fd, int nstype, bool mount)
            {
                setns(fd, CLONE_NEWNET);
                setns(fd, 0);
                setns(fd, nstype);
                setns(fd, mount ? CLONE_NEWNS : CLONE_NEWNET);
                setns(pidfd_open(1, 0), CLONE_NEWNS | CLONE_NEWNET);
                setns(Open("/proc/1/ns/net", 0), CLONE_NEWNS);
            }

            [UnmanagedCallersOnly]
            static int Child(nint arg) => setns((int)arg, CLONE_NEWNS);
        }
        """);

    [Silent(RuleIds.SharedFsBeforeSetns)]
    public Task A_program_may_say_that_it_has_one_thread() => Silent(
        """
        using static Tmds.Linux.LibC;

        class C
        {
            int M(int fd) => setns(fd, CLONE_NEWNS);
        }
        """,
        new() { EditorConfig = "[*.cs]\nnsgen.single_threaded = true\n" });
}
