using NsGen.Analyzers.SetnsUnshare;
using NsGen.Analyzers.Tests.Harness;
using NsGen.CodeFixes.SetnsUnshare;

namespace NsGen.Analyzers.Tests.SetnsUnshare;

public sealed class AnyNamespaceTypeTests
{
    [Reports(RuleIds.AnyNamespaceType)]
    public Task The_type_that_the_path_tells_is_named() => Verify.FixesAsync<AnyNamespaceTypeAnalyzer, NamespaceTypeFix>(
        """
        using Tmds.Linux;

        unsafe class C
        {
            void M()
            {
                fixed (byte* path = "/run/netns/blue"u8)
                {
                    LibC.setns(LibC.open(path, LibC.O_RDONLY), [|0|]);
                    LibC.setns(nstype: [|0|], fd: LibC.open(path, 0));
                }
            }
        }
        """,
        """
        using Tmds.Linux;

        unsafe class C
        {
            void M()
            {
                fixed (byte* path = "/run/netns/blue"u8)
                {
                    LibC.setns(LibC.open(path, LibC.O_RDONLY), LibC.CLONE_NEWNET);
                    LibC.setns(nstype: LibC.CLONE_NEWNET, fd: LibC.open(path, 0));
                }
            }
        }
        """,
        new() { Message = "'setns' with nstype 0 enters a namespace of whatever type the descriptor refers to, unchecked by the kernel. Pass CLONE_NEWNET." });

    [Reports(RuleIds.AnyNamespaceType)]
    public Task Enums_and_numbers_are_written_as_the_program_does() => Verify.FixesAsync<AnyNamespaceTypeAnalyzer, NamespaceTypeFix>(
        """
        static class C
        {
            enum Ns { Any, Uts = 0x04000000 }

            [DllImport("libc", SetLastError = true)]
            static extern int open(string path, int flags);

            [DllImport("libc", SetLastError = true)]
            static extern int setns(int fd, Ns nstype);

            [DllImport("libc", EntryPoint = "setns", SetLastError = true)]
            static extern int Enter(int fd, int nstype);

            static void M(int pid)
            {
                setns(open($"/proc/{pid}/ns/uts", 0), [|0|]);
                setns(open($"/proc/{pid}/ns/uts", 0), [|Ns.Any|]);
                setns(open($"/proc/{pid}/ns/uts", 0), [|default|]);
                Enter(open($"/proc/{pid}/ns/uts", 0), [|0|]);
            }
        }
        """,
        """
        static class C
        {
            enum Ns { Any, Uts = 0x04000000 }

            [DllImport("libc", SetLastError = true)]
            static extern int open(string path, int flags);

            [DllImport("libc", SetLastError = true)]
            static extern int setns(int fd, Ns nstype);

            [DllImport("libc", EntryPoint = "setns", SetLastError = true)]
            static extern int Enter(int fd, int nstype);

            static void M(int pid)
            {
                setns(open($"/proc/{pid}/ns/uts", 0), Ns.Uts);
                setns(open($"/proc/{pid}/ns/uts", 0), Ns.Uts);
                setns(open($"/proc/{pid}/ns/uts", 0), Ns.Uts);
                Enter(open($"/proc/{pid}/ns/uts", 0), 0x4000000 /* CLONE_NEWUTS */);
            }
        }
        """);

    [Reports(RuleIds.AnyNamespaceType)]
    public Task A_type_nobody_knows_cannot_be_named() => Verify.NoFixAsync<AnyNamespaceTypeAnalyzer, NamespaceTypeFix>(
        """
        using static Tmds.Linux.LibC;

        class C
        {
            int M(int fd) => setns(fd, [|0|]);
        }
        """,
        new() { Message = "'setns' with nstype 0 enters a namespace of whatever type the descriptor refers to, unchecked by the kernel. Pass the type that is meant, such as CLONE_NEWNET." });

    [Silent(RuleIds.AnyNamespaceType)]
    public Task A_type_or_an_unknown_value_or_a_pidfd_is_silent() => Verify.SilentAsync<AnyNamespaceTypeAnalyzer>("""
        using static Tmds.Linux.LibC;

        static class C
        {
            [DllImport("libc", SetLastError = true)]
            static extern int pidfd_open(int pid, uint flags);

            static void M(int fd, int nstype, bool net)
            {
                setns(fd, CLONE_NEWNET);
                setns(fd, nstype);
                setns(fd, net ? CLONE_NEWNET : 0);
                int pidfd = pidfd_open(1, 0);
                setns(pidfd, 0);
                unshare(0);
            }
        }
        """);
}
