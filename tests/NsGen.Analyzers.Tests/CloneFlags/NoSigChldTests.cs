using NsGen.Analyzers.CloneFlags;
using NsGen.Analyzers.Tests.Harness;
using NsGen.CodeFixes.CloneFlags;

namespace NsGen.Analyzers.Tests.CloneFlags;

public sealed class NoSigChldTests
{
    private static Task Fixes(string markup, string code) => Verify.FixesAsync<NoSigChldAnalyzer, NoSigChldFix>(markup, code);

    private static Task Silent(string code) => Verify.SilentAsync<NoSigChldAnalyzer>(code);

    [Reports(RuleIds.NoSigChld)]
    public Task Tmds_style() => Fixes(
        """
        using static Tmds.Linux.LibC;

        unsafe class C
        {
            void M(void* fn, void* top, bool b)
            {
                clone(fn, top, [|CLONE_NEWUTS | CLONE_NEWPID|], null);
                clone(fn, top, [|0|], null);
                int flags = CLONE_NEWUTS;
                clone(fn, top, [|flags|], null);
                clone(fn, top, [|b ? CLONE_NEWNET : CLONE_NEWNS|], null);
            }
        }
        """,
        """
        using static Tmds.Linux.LibC;

        unsafe class C
        {
            void M(void* fn, void* top, bool b)
            {
                clone(fn, top, CLONE_NEWUTS | CLONE_NEWPID | SIGCHLD, null);
                clone(fn, top, 0 | SIGCHLD, null);
                int flags = CLONE_NEWUTS;
                clone(fn, top, flags | SIGCHLD, null);
                clone(fn, top, (b ? CLONE_NEWNET : CLONE_NEWNS) | SIGCHLD, null);
            }
        }
        """);

    [Reports(RuleIds.NoSigChld)]
    public Task Tmds_style_with_qualified_names() => Fixes(
        """
        using Tmds.Linux;

        unsafe class C
        {
            int M(void* fn, void* top) => LibC.clone(fn, top, [|LibC.CLONE_NEWUTS|], null);
        }
        """,
        """
        using Tmds.Linux;

        unsafe class C
        {
            int M(void* fn, void* top) => LibC.clone(fn, top, LibC.CLONE_NEWUTS | LibC.SIGCHLD, null);
        }
        """);

    [Reports(RuleIds.NoSigChld)]
    public Task Own_imports_without_a_constant() => Fixes(
        """
        static class C
        {
            [DllImport("libc", SetLastError = true)]
            static extern int clone(nint fn, nint stack, int flags, nint arg);

            static int M(nint fn, nint top) => clone(fn, top, [|0x04000000|], 0);
        }
        """,
        """
        static class C
        {
            [DllImport("libc", SetLastError = true)]
            static extern int clone(nint fn, nint stack, int flags, nint arg);

            static int M(nint fn, nint top) => clone(fn, top, 0x04000000 | 17 /* SIGCHLD */, 0);
        }
        """);

    [Reports(RuleIds.NoSigChld)]
    public Task Own_imports_with_an_enum() => Fixes(
        """
        enum Clone : uint
        {
            NewUts = 0x04000000,
        }

        static class C
        {
            [DllImport("libc", SetLastError = true)]
            static extern int clone(nint fn, nint stack, Clone flags, nint arg);

            static int M(nint fn, nint top) => clone(fn, top, [|Clone.NewUts|], 0);
        }
        """,
        """
        enum Clone : uint
        {
            NewUts = 0x04000000,
        }

        static class C
        {
            [DllImport("libc", SetLastError = true)]
            static extern int clone(nint fn, nint stack, Clone flags, nint arg);

            static int M(nint fn, nint top) => clone(fn, top, Clone.NewUts | (Clone)17, 0);
        }
        """);

    [Reports(RuleIds.NoSigChld)]
    public Task Another_signal_cannot_be_turned_into_it() => Verify.NoFixAsync<NoSigChldAnalyzer, NoSigChldFix>(
        """
        using static Tmds.Linux.LibC;

        unsafe class C
        {
            int M(void* fn, void* top) => clone(fn, top, [|CLONE_NEWUTS | SIGUSR1|], null);
        }
        """,
        new() { Message = "The flags of 'clone' have the exit signal 10: waitpid answers ECHILD for the child unless it is given __WALL. Use SIGCHLD." });

    [Silent(RuleIds.NoSigChld)]
    public Task Sigchld_threads_parents_and_unknown_flags_are_silent() => Silent("""
        using static Tmds.Linux.LibC;

        unsafe class C
        {
            void M(void* fn, void* top, int unknown)
            {
                clone(fn, top, SIGCHLD, null);
                clone(fn, top, CLONE_NEWUTS | 17, null);
                clone(fn, top, CLONE_VM | CLONE_SIGHAND | CLONE_THREAD, null);
                clone(fn, top, CLONE_PARENT, null);
                clone(fn, top, CLONE_NEWUTS | unknown, null);
                clone(fn, top, unknown, null);
                clone(fn, top, 0x80, null);
                unshare(CLONE_NEWUTS);
            }
        }
        """);

    [Silent(RuleIds.NoSigChld)]
    public Task Waiting_for_all_children_is_silent() => Silent("""
        static unsafe class C
        {
            const int __WALL = 0x40000000;

            [DllImport("libc")]
            static extern int clone(nint fn, nint stack, int flags, nint arg);

            [DllImport("libc")]
            static extern int waitpid(int pid, int* status, int options);

            static void M(nint fn, nint top)
            {
                int pid = clone(fn, top, 0x04000000, 0);
                int status;
                waitpid(pid, &status, __WALL);
            }

            static void Unknown(nint fn, nint top, int options)
            {
                int pid = clone(fn, top, 0x04000000, 0);
                waitpid(pid, null, options);
            }
        }
        """);

    [Reports(RuleIds.NoSigChld)]
    public Task Waiting_without_wall_is_not_enough() => Verify.ReportsAsync<NoSigChldAnalyzer>("""
        static unsafe class C
        {
            [DllImport("libc")]
            static extern int clone(nint fn, nint stack, int flags, nint arg);

            [DllImport("libc")]
            static extern int waitpid(int pid, int* status, int options);

            static void M(nint fn, nint top)
            {
                int pid = clone(fn, top, [|0x04000000|], 0);
                waitpid(pid, null, 0);
            }
        }
        """);
}
