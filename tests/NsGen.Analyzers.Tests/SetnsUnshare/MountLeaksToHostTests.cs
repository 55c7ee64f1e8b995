using NsGen.Analyzers.SetnsUnshare;
using NsGen.Analyzers.Tests.Harness;
using NsGen.CodeFixes.SetnsUnshare;

namespace NsGen.Analyzers.Tests.SetnsUnshare;

public sealed class MountLeaksToHostTests
{
    private static Task Reports(string markup, VerifyOptions? options = null) => Verify.ReportsAsync<MountLeaksToHostAnalyzer>(markup, options);

    private static Task Silent(string code) => Verify.SilentAsync<MountLeaksToHostAnalyzer>(code);

    private static Task Fixes(string markup, string code, VerifyOptions? options = null) =>
        Verify.FixesAsync<MountLeaksToHostAnalyzer, MountLeaksToHostFix>(markup, code, options);

    [Reports(RuleIds.MountLeaksToHost)]
    public Task Byte_pointers_are_pinned() => Fixes(
        """
        using static Tmds.Linux.LibC;

        unsafe class C
        {
            void M(byte* source, byte* root)
            {
                if (unshare(CLONE_NEWNS) == -1)
                {
                    throw new Win32Exception();
                }

                [|mount(source, root, source, MS_NOSUID | MS_NODEV, null)|];
                mount(source, root, source, MS_BIND, null);
            }
        }
        """,
        """
        using static Tmds.Linux.LibC;

        unsafe class C
        {
            void M(byte* source, byte* root)
            {
                if (unshare(CLONE_NEWNS) == -1)
                {
                    throw new Win32Exception();
                }

                fixed (byte* root2 = "/"u8)
                {
                    if (mount(null, root2, null, MS_REC | MS_PRIVATE, null) == -1)
                    {
                        throw new Win32Exception(Marshal.GetLastPInvokeError());
                    }
                }

                mount(source, root, source, MS_NOSUID | MS_NODEV, null);
                mount(source, root, source, MS_BIND, null);
            }
        }
        """,
        new() { Message = "'mount' after 'unshare' of a mount namespace also appears on the host: the copied mounts are still shared with it. Call mount(null, \"/\", null, MS_REC | MS_PRIVATE, null) first." });

    [Reports(RuleIds.MountLeaksToHost)]
    public Task Strings_enums_and_a_check_as_the_program_writes_them() => Fixes(
        """
        static class Sys
        {
            [Flags]
            public enum MountFlags : ulong { None = 0, NoExec = 8, Rec = 0x4000, Private = 0x40000 }

            [DllImport("libc", SetLastError = true)]
            public static extern int unshare(int flags);

            [DllImport("libc", SetLastError = true)]
            public static extern int mount(string source, string target, string? type, MountFlags flags, nint data);
        }

        static class C
        {
            static void Check(int result)
            {
                if (result != 0)
                {
                    throw new Win32Exception();
                }
            }

            static void M()
            {
                Check(Sys.unshare(0x20000));
                Check([|Sys.mount("proc", "/proc", "proc", Sys.MountFlags.NoExec, 0)|]);
            }
        }
        """,
        """
        static class Sys
        {
            [Flags]
            public enum MountFlags : ulong { None = 0, NoExec = 8, Rec = 0x4000, Private = 0x40000 }

            [DllImport("libc", SetLastError = true)]
            public static extern int unshare(int flags);

            [DllImport("libc", SetLastError = true)]
            public static extern int mount(string source, string target, string? type, MountFlags flags, nint data);
        }

        static class C
        {
            static void Check(int result)
            {
                if (result != 0)
                {
                    throw new Win32Exception();
                }
            }

            static void M()
            {
                Check(Sys.unshare(0x20000));
                Check(Sys.mount("none", "/", null, Sys.MountFlags.Rec | Sys.MountFlags.Private, 0));
                Check(Sys.mount("proc", "/proc", "proc", Sys.MountFlags.NoExec, 0));
            }
        }
        """);

    [Reports(RuleIds.MountLeaksToHost)]
    public Task Without_names_the_number_tells_them() => Fixes(
        """
        static class C
        {
            [DllImport("libc")]
            static extern int unshare(int flags);

            [DllImport("libc")]
            static extern int mount(string? source, string target, string? type, ulong flags, string? data);

            static void M()
            {
                unshare(0x20000);
                [|mount("proc", "/proc", "proc", 0, null)|];
            }
        }
        """,
        """
        static class C
        {
            [DllImport("libc")]
            static extern int unshare(int flags);

            [DllImport("libc")]
            static extern int mount(string? source, string target, string? type, ulong flags, string? data);

            static void M()
            {
                unshare(0x20000);
                if (mount(null, "/", null, 0x44000 /* MS_REC | MS_PRIVATE */, null) == -1)
                {
                    throw new Win32Exception(Marshal.GetLastSystemError());
                }

                mount("proc", "/proc", "proc", 0, null);
            }
        }
        """);

    [Reports(RuleIds.MountLeaksToHost)]
    public Task The_path_decides_not_the_text() => Reports("""
        using static Tmds.Linux.LibC;

        unsafe class C
        {
            void SecondRound(byte*[] targets, byte* none)
            {
                foreach (byte* target in targets)
                {
                    [|mount(none, target, none, MS_BIND, null)|];
                    unshare(CLONE_NEWNS);
                }
            }

            void OnlyThere(byte* target, bool b)
            {
                if (b)
                {
                    unshare(CLONE_NEWNS | CLONE_NEWPID);
                }

                [|mount(target, target, target, MS_BIND, null)|];
            }

            void SharedIsNotPrivate(byte* target)
            {
                unshare(CLONE_NEWNS);
                mount(null, target, null, MS_REC | MS_SHARED, null);
                [|mount(target, target, target, MS_BIND, null)|];
            }

            void InALambda(byte* target) => new Thread(() =>
            {
                unshare(CLONE_NEWNS);
                [|mount(null, null, null, MS_BIND, null)|];
            }).Start();
        }
        """);

    [Reports(RuleIds.MountLeaksToHost)]
    public Task An_expression_body_has_no_room() => Verify.NoFixAsync<MountLeaksToHostAnalyzer, MountLeaksToHostFix>("""
        using static Tmds.Linux.LibC;

        unsafe class C
        {
            int M(byte* p) => unshare(CLONE_NEWNS) + [|mount(p, p, p, MS_BIND, null)|];
        }
        """);

    [Silent(RuleIds.MountLeaksToHost)]
    public Task Private_or_perhaps_private_is_silent() => Silent("""
        using static Tmds.Linux.LibC;

        unsafe class C
        {
            void Private(byte* p)
            {
                unshare(CLONE_NEWNS);
                mount(null, p, null, MS_REC | MS_PRIVATE, null);
                mount(p, p, p, MS_BIND, null);
            }

            void Slave(byte* p)
            {
                unshare(CLONE_NEWNS);
                mount(null, p, null, MS_REC | MS_SLAVE, null);
                mount(p, p, p, MS_BIND, null);
            }

            void PrivateBefore(byte* p)
            {
                mount(null, p, null, MS_REC | MS_PRIVATE, null);
                unshare(CLONE_NEWNS);
                mount(p, p, p, MS_BIND, null);
            }

            void SameCondition(byte* p, bool isolate)
            {
                if (isolate)
                {
                    unshare(CLONE_NEWNS);
                }

                if (isolate)
                {
                    mount(null, p, null, MS_REC | MS_PRIVATE, null);
                }

                mount(p, p, p, MS_BIND, null);
            }

            void ByHelper(byte* p)
            {
                unshare(CLONE_NEWNS);
                MakePrivate();
                mount(p, p, p, MS_BIND, null);
            }

            static void MakePrivate()
            {
                fixed (byte* root = "/"u8)
                {
                    mount(null, root, null, MS_REC | MS_PRIVATE, null);
                }
            }

            void Failed(byte* p)
            {
                if (unshare(CLONE_NEWNS) != 0)
                {
                    mount(p, p, p, MS_BIND, null);
                }
            }

            void FailedByLocal(byte* p)
            {
                int result = unshare(CLONE_NEWNS);
                if (result < 0)
                {
                    mount(p, p, p, MS_BIND, null);
                    return;
                }

                Console.WriteLine(result);
            }

            void Before(byte* p)
            {
                mount(p, p, p, MS_BIND, null);
                unshare(CLONE_NEWNS);
            }
        }
        """);

    [Silent(RuleIds.MountLeaksToHost)]
    public Task Other_mounts_and_other_namespaces_are_silent() => Silent("""
        using static Tmds.Linux.LibC;

        unsafe class C
        {
            void M(byte* p, int namespaces)
            {
                mount(p, p, p, MS_BIND, null);
                unshare(CLONE_NEWNET);
                unshare(namespaces);
                mount(p, p, p, MS_BIND, null);
            }

            void Flags(byte* p, Tmds.Linux.ulong_t flags)
            {
                unshare(CLONE_NEWNS);
                mount(p, p, p, flags, null);
                mount(p, p, p, MS_REMOUNT | MS_RDONLY, null);
                mount(p, p, p, MS_MOVE, null);
            }

            // All mounts become slaves.
            void WithUser(byte* p)
            {
                unshare(CLONE_NEWNS | CLONE_NEWUSER);
                mount(p, p, p, MS_BIND, null);
            }
        }
        """);
}
