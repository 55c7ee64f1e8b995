using NsGen.Analyzers.SetnsUnshare;
using NsGen.Analyzers.Tests.Harness;
using NsGen.CodeFixes.SetnsUnshare;

namespace NsGen.Analyzers.Tests.SetnsUnshare;

public sealed class WaitForAnyChildTests
{
    [Reports(RuleIds.WaitForAnyChild)]
    public Task The_only_child_is_waited_for() => Verify.FixesAsync<WaitForAnyChildAnalyzer, WaitForAnyChildFix>(
        """
        using static Tmds.Linux.LibC;

        unsafe class C
        {
            [DllImport("libc", SetLastError = true)]
            static extern int waitpid(int pid, int* status, int options);

            int M(void* fn, void* top)
            {
                int child = clone(fn, top, SIGCHLD, null);
                int status;
                waitpid([|-1|], &status, 0);
                return status;
            }
        }
        """,
        """
        using static Tmds.Linux.LibC;

        unsafe class C
        {
            [DllImport("libc", SetLastError = true)]
            static extern int waitpid(int pid, int* status, int options);

            int M(void* fn, void* top)
            {
                int child = clone(fn, top, SIGCHLD, null);
                int status;
                waitpid(child, &status, 0);
                return status;
            }
        }
        """,
        new() { Message = "'waitpid' with pid -1 reaps children that System.Diagnostics.Process has started, and the runtime ends the program (FailFast) when it finds one gone. Wait for the pid of your own child." });

    [Reports(RuleIds.WaitForAnyChild)]
    public Task Every_wait_and_no_fix_without_one_child() => Verify.NoFixAsync<WaitForAnyChildAnalyzer, WaitForAnyChildFix>("""
        static unsafe partial class C
        {
            const int P_ALL = 0;
            const int Any = -1;

            [LibraryImport("libc", SetLastError = true)]
            private static partial int {|CS8795:wait|}(int* status);

            [LibraryImport("libc", SetLastError = true)]
            private static partial int {|CS8795:waitpid|}(int pid, int* status, int options);

            [DllImport("libc", SetLastError = true)]
            static extern int wait3(int* status, int options, void* usage);

            [DllImport("libc", SetLastError = true)]
            static extern int wait4(int pid, int* status, int options, void* usage);

            [DllImport("libc", SetLastError = true)]
            static extern int waitid(int idtype, uint id, void* info, int options);

            [DllImport("libc", SetLastError = true)]
            static extern int fork();

            static void M(int* status)
            {
                int first = fork();
                int second = fork();
                [|wait(status)|];
                waitpid([|Any|], status, 1);
                waitpid([|0|], status, 0);
                wait4([|-1|], status, 0, null);
                [|wait3(status, 0, null)|];
                waitid([|P_ALL|], 0, null, 4);
            }

            static void Reap(int* status)
            {
                while (waitpid([|-1|], status, 0) > 0)
                {
                }
            }
        }
        """);

    [Silent(RuleIds.WaitForAnyChild)]
    public Task Certain_children_and_unknown_pids_are_silent() => Verify.SilentAsync<WaitForAnyChildAnalyzer>("""
        static unsafe class C
        {
            [DllImport("libc", SetLastError = true)]
            static extern int waitpid(int pid, int* status, int options);

            [DllImport("libc", SetLastError = true)]
            static extern int waitid(int idtype, uint id, void* info, int options);

            [DllImport("libc", SetLastError = true)]
            static extern int wait3(int* status, int options, void* usage);

            static void M(int pid, int* status, int options, bool any)
            {
                waitpid(pid, status, 0);
                waitpid(-pid, status, 0);
                waitpid(-5, status, 0);
                waitpid(any ? -1 : pid, status, 0);

                // Only children whose exit signal is not SIGCHLD, as Process has none.
                waitpid(-1, status, unchecked((int)0x80000000));
                waitpid(-1, status, options);
                wait3(status, options, null);
                waitid(1, (uint)pid, null, 4);
                waitid(options, 0, null, 4);

                // WNOWAIT leaves the child as it is.
                waitid(0, 0, null, 4 | 0x1000000);
            }
        }
        """);
}
