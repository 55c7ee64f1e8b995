using System.Text.RegularExpressions;
using NsGen.Analyzers.SetnsUnshare;
using NsGen.Analyzers.Tests.Harness;
using NsGen.CodeFixes.SetnsUnshare;

namespace NsGen.Analyzers.Tests.SetnsUnshare;

public sealed partial class NamespaceTypeMismatchTests
{
    private static Task Silent(string code) => Verify.SilentAsync<NamespaceTypeMismatchAnalyzer>(code);

    /// <summary>Every marked type is to become <paramref name="right"/>.</summary>
    private static Task Fixes(string markup, string right, VerifyOptions? options = null) =>
        Verify.FixesAsync<NamespaceTypeMismatchAnalyzer, NamespaceTypeFix>(markup, Mark().Replace(markup, right), options);

    [GeneratedRegex(@"\[\|.*?\|\]")]
    private static partial Regex Mark();

    [Reports(RuleIds.NamespaceTypeMismatch)]
    public Task A_descriptor_of_another_type_by_fixed() => Fixes(
        """
        using static Tmds.Linux.LibC;

        unsafe class C
        {
            void M()
            {
                fixed (byte* path = "/proc/self/ns/net"u8)
                {
                    int fd = open(path, O_RDONLY | O_CLOEXEC);
                    setns(fd, [|CLONE_NEWUTS|]);
                }
            }
        }
        """,
        "CLONE_NEWNET",
        new() { Message = "'setns' always fails with EINVAL: '/proc/self/ns/net' is a network namespace, but nstype says CLONE_NEWUTS. Pass CLONE_NEWNET." });

    [Reports(RuleIds.NamespaceTypeMismatch)]
    public Task What_is_not_known_of_the_path_reads_as_an_ellipsis() => Fixes(
        """
        static class C
        {
            [DllImport("libc", SetLastError = true)]
            static extern int open(string path, int flags);

            [DllImport("libc", SetLastError = true)]
            static extern int setns(int fd, int nstype);

            static int M(int pid) => setns(open($"/proc/{pid}/ns/net", 0), [|0x04000000|]);
        }
        """,
        "0x40000000 /* CLONE_NEWNET */",
        new() { Message = "'setns' always fails with EINVAL: '/proc/…/ns/net' is a network namespace, but nstype says CLONE_NEWUTS. Pass CLONE_NEWNET." });

    [Reports(RuleIds.NamespaceTypeMismatch)]
    public Task Paths_of_every_shape() => Fixes(
        """
        using System.Text;

        static unsafe class C
        {
            const int CLONE_NEWNET = 0x40000000;
            const int CLONE_NEWNS = 0x20000;
            const string Netns = "/run/netns/";
            static readonly string s_proc = "/proc";
            static ReadOnlySpan<byte> Net => "/proc/1/ns/net"u8;

            [DllImport("libc", SetLastError = true)]
            static extern int open(string path, int flags);

            [DllImport("libc", EntryPoint = "open", SetLastError = true)]
            static extern int OpenBytes(byte[] path, int flags);

            [DllImport("libc", EntryPoint = "open", SetLastError = true)]
            static extern int OpenPointer(nint path, int flags);

            [DllImport("libc", EntryPoint = "openat", SetLastError = true)]
            static extern int OpenAt(int directory, string path, int flags);

            [DllImport("libc", SetLastError = true)]
            static extern int setns(int fd, int nstype);

            static void M(int pid, string name)
            {
                setns(open("/proc/" + pid + "/ns/net", 0), [|CLONE_NEWNS|]);
                setns(open(Netns + name, 0), [|CLONE_NEWNS|]);
                setns(open("/var/run/netns/" + name, 0), [|CLONE_NEWNS|]);
                setns(open(Path.Combine("/run/netns", name), 0), [|CLONE_NEWNS|]);
                setns(open(Path.Combine(s_proc, pid.ToString(), "ns", "net"), 0), [|CLONE_NEWNET | CLONE_NEWNS|]);
                setns(open(string.Concat("/proc/self", "/ns/net"), 0), [|CLONE_NEWNS|]);
                setns(OpenBytes(Encoding.UTF8.GetBytes("/proc/self/ns/net\0"), 0), [|CLONE_NEWNS|]);
                setns(OpenBytes("/proc/self/ns/net"u8.ToArray(), 0), [|CLONE_NEWNS|]);
                nint path = Marshal.StringToCoTaskMemUTF8("/proc/self/ns/net");
                setns(OpenPointer(path, 0), [|CLONE_NEWNS|]);
                fixed (byte* net = Net)
                {
                    setns(OpenPointer((nint)net, 0), [|CLONE_NEWNS|]);
                }

                byte[] bytes = Encoding.UTF8.GetBytes($"/proc/{pid}/ns/net");
                fixed (byte* first = &bytes[0], all = bytes)
                {
                    setns(OpenPointer((nint)first, 0), [|CLONE_NEWNS|]);
                    setns(OpenPointer((nint)all, 0), [|CLONE_NEWNS|]);
                }

                setns(OpenAt(-100, "/proc/self/task/17/ns/net", 0), [|CLONE_NEWNS|]);
            }
        }
        """,
        "CLONE_NEWNET");

    [Reports(RuleIds.NamespaceTypeMismatch)]
    public Task Handles_and_streams_around_the_descriptor() => Fixes(
        """
        using Microsoft.Win32.SafeHandles;

        static partial class C
        {
            [Flags]
            enum Ns
            {
                Net = 0x40000000,
                Ipc = 0x08000000,
            }

            [DllImport("libc", SetLastError = true)]
            static extern int setns(SafeFileHandle fd, Ns nstype);

            [DllImport("libc.so.6", EntryPoint = "setns", SetLastError = true)]
            static extern int Enter(int fd, Ns nstype);

            static void M(int pid)
            {
                using SafeFileHandle handle = File.OpenHandle($"/proc/{pid}/ns/ipc");
                setns(handle, [|Ns.Net|]);
                using (FileStream stream = new FileStream("/proc/1/ns/ipc", FileMode.Open))
                {
                    setns(stream.SafeFileHandle, [|Ns.Net|]);
                    Enter((int)stream.SafeFileHandle.DangerousGetHandle(), [|Ns.Net|]);
                }

                int fd = -1;
                try
                {
                    fd = File.OpenRead("/proc/1/ns/ipc").SafeFileHandle.DangerousGetHandle().ToInt32();
                    Enter(fd, [|Ns.Net|]);
                }
                finally
                {
                    Console.WriteLine(fd);
                }
            }
        }
        """,
        "Ns.Ipc");

    [Silent(RuleIds.NamespaceTypeMismatch)]
    public Task What_matches_or_is_not_known_is_silent() => Silent("""
        using static Tmds.Linux.LibC;

        static unsafe class C
        {
            [DllImport("libc", EntryPoint = "open", SetLastError = true)]
            static extern int Open(string path, int flags);

            [DllImport("libc", SetLastError = true)]
            static extern int pidfd_open(int pid, uint flags);

            static void M(int pid, string name, int passed, int nstype, string root)
            {
                setns(Open($"/proc/{pid}/ns/net", 0), CLONE_NEWNET);
                setns(Open($"/proc/{pid}/ns/net", 0), 0);
                setns(Open($"/proc/{pid}/ns/net", 0), nstype);
                setns(Open($"/proc/{pid}/ns/net", 0), name == "" ? CLONE_NEWNET : CLONE_NEWUTS);
                setns(Open($"/proc/{pid}/ns/{name}", 0), CLONE_NEWUTS);
                setns(Open($"/proc/{pid}/ns/" + "pid_for_children", 0), CLONE_NEWPID);
                setns(Open($"/run/netns/{name}", 0), CLONE_NEWNET);
                setns(Open($"/run/utsns/{name}", 0), CLONE_NEWUTS);
                setns(Open($"{root}/ns/net", 0), CLONE_NEWUTS);
                setns(Open(name, 0), CLONE_NEWUTS);
                setns(passed, CLONE_NEWUTS);
                setns(pidfd_open(pid, 0), CLONE_NEWUTS | CLONE_NEWNET);

                int either = Open("/proc/1/ns/net", 0);
                if (name == "x")
                {
                    either = Open("/proc/1/ns/uts", 0);
                }

                setns(either, CLONE_NEWUTS);

                string path = "/proc/1/ns/net";
                path = name;
                setns(Open(path, 0), CLONE_NEWUTS);
            }
        }
        """);
}
