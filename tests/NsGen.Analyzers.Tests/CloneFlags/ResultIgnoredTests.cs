using NsGen.Analyzers.CloneFlags;
using NsGen.Analyzers.Tests.Harness;
using NsGen.CodeFixes.CloneFlags;

namespace NsGen.Analyzers.Tests.CloneFlags;

public sealed class ResultIgnoredTests
{
    private static Task Reports(string markup) => Verify.ReportsAsync<ResultIgnoredAnalyzer>(markup);

    private static Task Silent(string code) => Verify.SilentAsync<ResultIgnoredAnalyzer>(code);

    private static Task Fixes(string markup, string code, VerifyOptions? options = null) =>
        Verify.FixesAsync<ResultIgnoredAnalyzer, ResultIgnoredFix>(markup, code, options);

    [Reports(RuleIds.ResultIgnored)]
    public Task Statements_and_unread_locals() => Fixes(
        """
        using static Tmds.Linux.LibC;

        unsafe class C
        {
            void M(void* fn, void* top, int fd)
            {
                [|unshare(CLONE_NEWUTS)|];
                int pid = [|clone(fn, top, SIGCHLD, null)|];
                int result;
                result = [|setns(fd, 0)|];
            }
        }
        """,
        """
        using static Tmds.Linux.LibC;

        unsafe class C
        {
            void M(void* fn, void* top, int fd)
            {
                if (unshare(CLONE_NEWUTS) == -1)
                {
                    throw new Win32Exception(Marshal.GetLastPInvokeError());
                }

                int pid = clone(fn, top, SIGCHLD, null);
                if (pid == -1)
                {
                    throw new Win32Exception(Marshal.GetLastPInvokeError());
                }

                int result;
                result = setns(fd, 0);
                if (result == -1)
                {
                    throw new Win32Exception(Marshal.GetLastPInvokeError());
                }
            }
        }
        """,
        new() { Message = "The result of 'unshare' is not looked at: if the kernel refuses, the code goes on in the namespaces it was in. Throw if it is -1." });

    [Reports(RuleIds.ResultIgnored)]
    public Task Expression_bodies_and_lambdas() => Fixes(
        """
        static class C
        {
            [DllImport("libc")]
            static extern int unshare(int flags);

            static void M() => [|unshare(0x04000000)|];

            static void N()
            {
                Action a = () => [|unshare(0x04000000)|];
                void Local() => [|unshare(0x04000000)|];
            }
        }
        """,
        """
        static class C
        {
            [DllImport("libc")]
            static extern int unshare(int flags);

            static void M()
            {
                if (unshare(0x04000000) == -1)
                {
                    throw new Win32Exception(Marshal.GetLastSystemError());
                }
            }

            static void N()
            {
                Action a = () =>
                {
                    if (unshare(0x04000000) == -1)
                    {
                        throw new Win32Exception(Marshal.GetLastSystemError());
                    }
                };
                void Local()
                {
                    if (unshare(0x04000000) == -1)
                    {
                        throw new Win32Exception(Marshal.GetLastSystemError());
                    }
                }
            }
        }
        """);

    [Reports(RuleIds.ResultIgnored)]
    public Task A_value_overwritten_before_it_is_read() => Reports("""
        using static Tmds.Linux.LibC;

        class C
        {
            void M(bool b)
            {
                int result = [|unshare(CLONE_NEWUTS)|];
                result = unshare(CLONE_NEWIPC);
                if (result == -1)
                {
                    throw new Win32Exception();
                }

                result = [|unshare(CLONE_NEWNET)|];
                try
                {
                    result = 1;
                }
                finally
                {
                    Console.WriteLine();
                }
            }
        }
        """);

    [Reports(RuleIds.ResultIgnored)]
    public Task A_wrapper_that_returns_the_result() => Reports("""
        using static Tmds.Linux.LibC;

        class C
        {
            static int Unshare(int flags) => unshare(flags);

            void M() => [|Unshare(CLONE_NEWUTS)|];
        }
        """);

    [Reports(RuleIds.ResultIgnored)]
    public Task A_result_that_cannot_be_minus_one_gets_no_fix() => Verify.NoFixAsync<ResultIgnoredAnalyzer, ResultIgnoredFix>("""
        static class C
        {
            [DllImport("libc")]
            static extern uint unshare(int flags);

            static void M() => [|unshare(0x04000000)|];
        }
        """);

    [Silent(RuleIds.ResultIgnored)]
    public Task Any_look_at_the_value_counts() => Silent("""
        using static Tmds.Linux.LibC;

        unsafe class C
        {
            int _result;

            int M(void* fn, void* top, int fd, int[] results)
            {
                if (unshare(CLONE_NEWUTS) < 0)
                {
                    return -1;
                }

                int pid = clone(fn, top, SIGCHLD, null);
                Console.WriteLine(pid);
                Check(setns(fd, 0));
                _result = unshare(CLONE_NEWIPC);
                results[0] = unshare(CLONE_NEWIPC);
                bool ok = unshare(CLONE_NEWNET) == 0;
                int later;
                later = unshare(CLONE_NEWNS);
                for (int i = 0; i < 2; i++)
                {
                    if (later == -1)
                    {
                        return 1;
                    }

                    later = unshare(CLONE_NEWNS);
                }

                _ = unshare(CLONE_NEWCGROUP);
                return setns(fd, CLONE_NEWNET);
            }

            static void Check(int result)
            {
            }
        }
        """);

    [Silent(RuleIds.ResultIgnored)]
    public Task A_value_read_in_a_handler_or_a_lambda_counts() => Silent("""
        using static Tmds.Linux.LibC;

        class C
        {
            void M()
            {
                int result = 0;
                try
                {
                    result = unshare(CLONE_NEWUTS);
                    Console.WriteLine();
                }
                catch (IOException)
                {
                    Console.WriteLine(result);
                }

                int captured = unshare(CLONE_NEWUTS);
                Action show = () => Console.WriteLine(captured);
                show();

                Func<int> returned = () => unshare(CLONE_NEWIPC);
            }
        }
        """);

    [Silent(RuleIds.ResultIgnored)]
    public Task Reading_errno_afterwards_counts() => Silent("""
        using Tmds.Linux;
        using static Tmds.Linux.LibC;

        class C
        {
            void M()
            {
                unshare(CLONE_NEWUTS);
                if (Marshal.GetLastPInvokeError() != 0)
                {
                    throw new Win32Exception();
                }

                unshare(CLONE_NEWIPC);
                if (LibC.errno == EPERM)
                {
                    return;
                }
            }
        }
        """);

    [Silent(RuleIds.ResultIgnored)]
    public Task Other_calls_and_checking_wrappers_are_silent() => Silent("""
        using static Tmds.Linux.LibC;

        class C
        {
            static void Unshare(int flags)
            {
                if (unshare(flags) == -1)
                {
                    throw new Win32Exception();
                }
            }

            static int Checked(int flags)
            {
                int result = unshare(flags);
                if (result == -1)
                {
                    throw new Win32Exception();
                }

                return result;
            }

            void M()
            {
                Unshare(CLONE_NEWUTS);
                Checked(CLONE_NEWUTS);
                close(3);
                fork();
            }
        }
        """);
}
