using NsGen.Analyzers.CloneFlags;
using NsGen.Analyzers.Tests.Harness;
using NsGen.CodeFixes.CloneFlags;

namespace NsGen.Analyzers.Tests.CloneFlags;

public sealed class RefusedFlagsTests
{
    private static Task Reports(string markup, VerifyOptions? options = null) => Verify.ReportsAsync<RefusedFlagsAnalyzer>(markup, options);

    private static Task Silent(string code, VerifyOptions? options = null) => Verify.SilentAsync<RefusedFlagsAnalyzer>(code, options);

    private static Task Fixes(string markup, string code) => Verify.FixesAsync<RefusedFlagsAnalyzer, RefusedFlagsFix>(markup, code);

    [Reports(RuleIds.RefusedFlags)]
    public Task A_mount_namespace_cannot_share_its_root() => Fixes(
        """
        using static Tmds.Linux.LibC;

        unsafe class C
        {
            int M(void* fn, void* top) => clone(fn, top, [|CLONE_NEWNS | CLONE_FS | SIGCHLD|], null);
        }
        """,
        """
        using static Tmds.Linux.LibC;

        unsafe class C
        {
            int M(void* fn, void* top) => clone(fn, top, CLONE_NEWNS | SIGCHLD, null);
        }
        """);

    [Reports(RuleIds.RefusedFlags)]
    public Task The_message_names_the_pair_the_reason_and_the_remedy() => Reports(
        """
        using static Tmds.Linux.LibC;

        unsafe class C
        {
            int M(void* fn, void* top) => clone(fn, top, [|CLONE_NEWNS | CLONE_FS | SIGCHLD|], null);
        }
        """,
        new() { Message = "'clone' always fails with EINVAL: CLONE_NEWNS with CLONE_FS; CLONE_FS shares the root and working directory, which a new mount namespace must not. Drop CLONE_FS." });

    [Reports(RuleIds.RefusedFlags)]
    public Task A_thread_needs_shared_handlers_and_they_need_shared_memory() => Fixes(
        """
        using static Tmds.Linux.LibC;

        unsafe class C
        {
            int M(void* fn, void* top) => clone(fn, top, [|CLONE_THREAD|], null);
        }
        """,
        """
        using static Tmds.Linux.LibC;

        unsafe class C
        {
            int M(void* fn, void* top) => clone(fn, top, CLONE_THREAD | CLONE_VM | CLONE_SIGHAND, null);
        }
        """);

    [Reports(RuleIds.RefusedFlags)]
    public Task Flags_known_only_in_part_are_enough() => Reports("""
        using static Tmds.Linux.LibC;

        unsafe class C
        {
            int M(void* fn, void* top, int extra) => clone(fn, top, [|CLONE_NEWNS | CLONE_FS | extra|], null);
        }
        """);

    [Silent(RuleIds.RefusedFlags)]
    public Task Unknown_flags_are_silent() => Silent("""
        using static Tmds.Linux.LibC;

        unsafe class C
        {
            int M(void* fn, void* top, int flags) => clone(fn, top, flags, null) + clone(fn, top, CLONE_THREAD | flags, null) + unshare(flags);
        }
        """);

    [Silent(RuleIds.RefusedFlags)]
    public Task A_pair_that_is_only_possible_is_silent() => Silent("""
        using static Tmds.Linux.LibC;

        unsafe class C
        {
            int M(void* fn, void* top, bool share) => clone(fn, top, CLONE_NEWNS | (share ? CLONE_FS : 0) | SIGCHLD, null);
        }
        """);

    [Reports(RuleIds.RefusedFlags)]
    public Task Own_imports_with_constants_sums_and_casts() => Fixes(
        """
        static class C
        {
            const uint CLONE_FS = 0x200;
            const uint CLONE_NEWUSER = 0x10000000;

            [DllImport("libc", EntryPoint = "clone", SetLastError = true)]
            static extern int Spawn(nint fn, nint stack, int flags, nint arg);

            static int M(nint fn, nint top) =>
                Spawn(fn, top, [|0x10000000 | 0x200|], 0) + Spawn(fn, top, [|(int)(CLONE_NEWUSER + CLONE_FS)|], 0);

            static int Threads(nint fn, nint top) => Spawn(fn, top, [|0x10000 | 0x100|], 0);
        }
        """,
        """
        static class C
        {
            const uint CLONE_FS = 0x200;
            const uint CLONE_NEWUSER = 0x10000000;

            [DllImport("libc", EntryPoint = "clone", SetLastError = true)]
            static extern int Spawn(nint fn, nint stack, int flags, nint arg);

            static int M(nint fn, nint top) =>
                Spawn(fn, top, 0x10000000, 0) + Spawn(fn, top, (int)CLONE_NEWUSER, 0);

            static int Threads(nint fn, nint top) => Spawn(fn, top, 0x10000 | 0x100 | 0x800 /* CLONE_SIGHAND */, 0);
        }
        """);

    [Reports(RuleIds.RefusedFlags)]
    public Task Values_are_followed_through_casts_locals_and_fields() => Reports("""
        static class C
        {
            const uint CLONE_FS = 0x200;
            static readonly uint s_namespaces = 0x10000000;
            static uint Sharing => CLONE_FS;

            [DllImport("libc.so.6", SetLastError = true)]
            static extern int clone(nint fn, nint stack, int flags, nint arg);

            static void M(nint fn, nint top, bool quiet)
            {
                int shared = (int)CLONE_FS;
                shared |= quiet ? 0 : 17;
                clone(fn, top, [|shared | 0x10000000|], 0);
                clone(fn, top, unchecked([|(int)(s_namespaces + CLONE_FS)|]), 0);
                clone(fn, top, [|(int)(s_namespaces | Sharing)|], 0);
                clone(arg: 0, flags: [|~0 & 0x20200|], stack: top, fn: fn);
            }
        }
        """);

    [Reports(RuleIds.RefusedFlags)]
    public Task Enum_flags_are_fixed_with_enum_members() => Fixes(
        """
        [Flags]
        enum CloneFlags
        {
            Vm = 0x100,
            SigHand = 0x800,
            Thread = 0x10000,
        }

        static class C
        {
            [DllImport("c", SetLastError = true)]
            static extern int clone(nint fn, nint stack, CloneFlags flags, nint arg);

            static int M(nint fn, nint top) => clone(fn, top, [|CloneFlags.Thread|], 0);
        }
        """,
        """
        [Flags]
        enum CloneFlags
        {
            Vm = 0x100,
            SigHand = 0x800,
            Thread = 0x10000,
        }

        static class C
        {
            [DllImport("c", SetLastError = true)]
            static extern int clone(nint fn, nint stack, CloneFlags flags, nint arg);

            static int M(nint fn, nint top) => clone(fn, top, CloneFlags.Thread | CloneFlags.Vm | CloneFlags.SigHand, 0);
        }
        """);

    [Reports(RuleIds.RefusedFlags)]
    public Task Unshare_does_not_know_signals_or_thread_flags() => Fixes(
        """
        using static Tmds.Linux.LibC;

        class C
        {
            int M() => unshare([|CLONE_NEWUTS | SIGCHLD|]) + unshare([|CLONE_NEWNET | CLONE_VM|]);
        }
        """,
        """
        using static Tmds.Linux.LibC;

        class C
        {
            int M() => unshare(CLONE_NEWUTS) + unshare(CLONE_NEWNET);
        }
        """);

    [Reports(RuleIds.RefusedFlags)]
    public Task A_process_with_one_thread_may_unshare_what_threads_share() => Reports(
        """
        using static Tmds.Linux.LibC;

        class C
        {
            int M() => unshare(CLONE_VM | CLONE_SIGHAND | CLONE_THREAD) + unshare([|CLONE_VM | SIGCHLD|]);
        }
        """,
        new()
        {
            EditorConfig = "[*.cs]\nnsgen.single_threaded = true\n",
            Message = "'unshare' always fails with EINVAL: SIGCHLD; unshare(2) does not know it. Drop SIGCHLD.",
        });

    [Reports(RuleIds.RefusedFlags)]
    public Task Setns_takes_only_the_type_of_a_namespace() => Fixes(
        """
        using static Tmds.Linux.LibC;

        class C
        {
            int M(int fd) => setns(fd, [|CLONE_NEWNET | CLONE_FS|]);
        }
        """,
        """
        using static Tmds.Linux.LibC;

        class C
        {
            int M(int fd) => setns(fd, CLONE_NEWNET);
        }
        """);

    [Reports(RuleIds.RefusedFlags)]
    public Task A_wrapper_that_only_forwards_is_read_at_its_call_site() => Reports("""
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

            void M() => Unshare([|CLONE_NEWUTS | SIGCHLD|]);
        }
        """);

    [Reports(RuleIds.RefusedFlags)]
    public Task A_wrapper_named_in_editorconfig_is_read() => Reports(
        """
        namespace My
        {
            static class Sys
            {
                public static int Unshare(string why, int flags) => flags;
            }

            class C
            {
                int M() => Sys.Unshare("test", [|17|]);
            }
        }
        """,
        new() { Tmds = false, EditorConfig = "[*.cs]\nnsgen.raw_call_wrappers = My.Sys.Unshare=unshare\n" });

    [Reports(RuleIds.RefusedFlags)]
    public Task Library_imports_are_read() => Reports("""
        static partial class C
        {
            [LibraryImport("libc", SetLastError = true)]
            private static partial int {|CS8795:unshare|}(int flags);

            static int M() => unshare([|17|]);
        }
        """);

    [Silent(RuleIds.RefusedFlags)]
    public Task Imports_of_other_libraries_and_functions_are_not_read() => Silent("""
        static class C
        {
            [DllImport("mylib")]
            static extern int unshare(int flags);

            [DllImport("libc", EntryPoint = "umask")]
            static extern int clone(int flags);

            static int M() => unshare(17) + clone(0x20200);
        }
        """);

    [Silent(RuleIds.RefusedFlags)]
    public Task A_local_whose_writes_cannot_all_be_seen_is_unknown() => Silent("""
        using static Tmds.Linux.LibC;

        unsafe class C
        {
            void M(void* fn, void* top)
            {
                int passed = CLONE_NEWNS | CLONE_FS;
                Change(ref passed);
                clone(fn, top, passed, null);

                int addressed = CLONE_NEWNS | CLONE_FS;
                int* p = &addressed;
                *p = 0;
                clone(fn, top, addressed, null);

                int aliased = CLONE_NEWNS | CLONE_FS;
                ref int alias = ref aliased;
                alias = 0;
                clone(fn, top, aliased, null);

                int reassigned = CLONE_NEWNS | CLONE_FS;
                reassigned = SIGCHLD;
                clone(fn, top, reassigned, null);

                int masked = CLONE_NEWNS | CLONE_FS;
                masked &= ~CLONE_FS;
                clone(fn, top, masked, null);

                int taken = CLONE_NEWNS | CLONE_FS;
                (taken, _) = (0, 0);
                clone(fn, top, taken, null);
            }

            void Change(ref int flags) => flags = 0;
        }
        """);

    [Silent(RuleIds.RefusedFlags)]
    public Task Flags_the_kernel_takes_are_silent() => Silent("""
        using static Tmds.Linux.LibC;

        unsafe class C
        {
            void M(void* fn, void* top, int fd)
            {
                clone(fn, top, CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUSER | SIGCHLD, null);
                clone(fn, top, CLONE_VM | CLONE_SIGHAND | CLONE_THREAD | CLONE_FS | CLONE_FILES, null);
                clone(fn, top, CLONE_VM | CLONE_NEWPID | SIGCHLD, null);
                unshare(0);
                unshare(CLONE_FS | CLONE_FILES | CLONE_SYSVSEM | CLONE_NEWNS | CLONE_NEWIPC);
                unshare(CLONE_NEWUSER);
                setns(fd, 0);
                setns(fd, CLONE_NEWNET | CLONE_NEWUTS);
            }
        }
        """);

    private const string Clone3 = """
        unsafe struct clone_args
        {
            public ulong flags;
            public ulong exit_signal;
        }

        static unsafe class Sys
        {
            public static int Clone3(clone_args* args, nuint size) => 0;

            public static int Clone3ByRef(ref clone_args args) => 0;
        }
        """;

    private static readonly VerifyOptions s_clone3 =
        new() { EditorConfig = "[*.cs]\nnsgen.raw_call_wrappers = Sys.Clone3=clone3, Sys.Clone3ByRef=clone3\n" };

    [Reports(RuleIds.RefusedFlags)]
    public Task The_flags_of_clone3_are_a_field() => Verify.FixesAsync<RefusedFlagsAnalyzer, RefusedFlagsFix>(
        Clone3 + """

        unsafe class C
        {
            void M()
            {
                clone_args a = new() { flags = [|0x20000 | 0x200|], exit_signal = 17 };
                Sys.Clone3(&a, (nuint)sizeof(clone_args));

                clone_args b = default;
                b.flags = [|0x20000 | 17|];
                b.exit_signal = 17;
                Sys.Clone3ByRef(ref b);

                clone_args c = new() { flags = [|0x100000000 | 0x900|] };
                Sys.Clone3ByRef(ref c);
            }
        }
        """,
        Clone3 + """

        unsafe class C
        {
            void M()
            {
                clone_args a = new() { flags = 0x20000, exit_signal = 17 };
                Sys.Clone3(&a, (nuint)sizeof(clone_args));

                clone_args b = default;
                b.flags = 0x20000;
                b.exit_signal = 17;
                Sys.Clone3ByRef(ref b);

                clone_args c = new() { flags = 0x900 };
                Sys.Clone3ByRef(ref c);
            }
        }
        """,
        s_clone3);

    [Silent(RuleIds.RefusedFlags)]
    public Task Flags_of_clone3_that_are_not_certain_are_silent() => Silent(
        Clone3 + """

        unsafe class C
        {
            void M(bool b, clone_args parameter)
            {
                // CLONE_NEWTIME is a flag of clone3, and CLONE_PARENT_SETTID has a pointer of its own.
                clone_args right = new() { flags = 0x80 | 0x1000 | 0x100000, exit_signal = 17 };
                Sys.Clone3(&right, (nuint)sizeof(clone_args));

                clone_args twice = new() { flags = 0x20000 | 0x200 };
                twice.flags = 0;
                Sys.Clone3ByRef(ref twice);

                clone_args sometimes = default;
                if (b)
                {
                    sometimes.flags = 0x20000 | 0x200;
                }

                Sys.Clone3ByRef(ref sometimes);

                clone_args shared = new() { flags = 0x20000 | 0x200 };
                Change(ref shared);
                Sys.Clone3ByRef(ref shared);

                clone_args masked = new() { flags = 0x20000 | 0x200 };
                masked.flags &= ~0x200UL;
                Sys.Clone3ByRef(ref masked);

                clone_args after = default;
                Sys.Clone3ByRef(ref after);
                after.flags = 0x20000 | 0x200;

                Sys.Clone3ByRef(ref parameter);
            }

            void Change(ref clone_args args) => args.flags = 0;
        }
        """,
        s_clone3);
}
