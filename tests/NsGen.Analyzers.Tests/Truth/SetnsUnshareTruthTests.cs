using System.Diagnostics;
using NsGen.Analyzers.Tests.Harness;
using Xunit;
using static NsGen.Analyzers.Tests.Truth.RawKernel;

namespace NsGen.Analyzers.Tests.Truth;

/// <summary>What NSG201 to NSG209 say the kernel does, shown by the running kernel.</summary>
public sealed class SetnsUnshareTruthTests
{
    private const int NewTime = 0x80;
    private const int Fs = 0x200;
    private const int NewNs = 0x20000;
    private const int NewUts = 0x4000000;
    private const int NewUser = 0x10000000;

    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1);

    [KernelFact]
    public void NSG202_unshare_of_a_user_namespace_is_EINVAL() => Assert.Equal(EINVAL, OnThrowawayThread(() => Unshare(NewUser)));

    [KernelFact]
    public void NSG202_setns_into_a_time_namespace_is_EUSERS() =>
        Assert.Equal(EUSERS, OnThrowawayThread(() => Setns("/proc/self/ns/time", NewTime)));

    [KernelFact(root: true, tool: "nsenter")]
    public void NSG202_setns_into_a_user_namespace_is_EINVAL_here_and_works_with_one_thread()
    {
        // Not the own one: entering that again is EINVAL for everybody.
        using Process other = Process.Start(new ProcessStartInfo("unshare", ["--user", "sh", "-c", "echo; read line"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        other.StandardOutput.ReadLine();
        Assert.Equal(EINVAL, OnThrowawayThread(() => Setns($"/proc/{other.Id}/ns/user", NewUser)));
        using Process single = Process.Start("nsenter", ["--user", "--preserve-credentials", "--target", $"{other.Id}", "true"]);
        single.WaitForExit();
        Assert.Equal(0, single.ExitCode);
        other.StandardInput.Close();
        other.WaitForExit();
    }

    [KernelFact]
    public void NSG205_another_type_is_EINVAL() => Assert.Equal(EINVAL, OnThrowawayThread(() => Setns("/proc/self/ns/net", NewUts)));

    [KernelFact(root: true)]
    public void NSG206_0_enters_any() => Assert.Equal(
        (0, 0, EINVAL),
        OnThrowawayThread(() => (Setns("/proc/self/ns/net", 0), Setns("/proc/self/ns/uts", 0), SetnsOfProcess(Environment.ProcessId, 0))));

    [KernelFact(root: true)]
    public void NSG201_the_caller_stays_and_cannot_start_threads() => Prints(
        """
        begin
        unshare 0
        pid as before
        OutOfMemoryException
        child is 1
        """,
        """
        // Console's first use starts the thread that handles signals.
        Console.WriteLine("begin");
        int before = Sys.getpid();
        Console.WriteLine("unshare " + Sys.unshare(0x20000000));
        Console.WriteLine(Sys.getpid() == before && Environment.ProcessId == before ? "pid as before" : "another pid");
        try
        {
            new Thread(() => { }).Start();
            Console.WriteLine("a thread");
        }
        catch (OutOfMemoryException)
        {
            Console.WriteLine("OutOfMemoryException");
        }

        Sys.system("echo child is $$");

        static class Sys
        {
            [DllImport("libc")] public static extern int getpid();
            [DllImport("libc")] public static extern int unshare(int flags);
            [DllImport("libc")] public static extern int system(string command);
        }
        """);

    [KernelFact(root: true)]
    public void NSG203_setns_into_a_mount_namespace_is_EINVAL_until_the_root_is_not_shared() => Assert.Equal(
        (EINVAL, 0, 0),
        OnThrowawayThread(() => (Setns("/proc/self/ns/mnt", NewNs), Unshare(Fs), Setns("/proc/thread-self/ns/mnt", NewNs))));

    [KernelFact(root: true)]
    public void NSG203_unshare_of_a_mount_namespace_implies_it() => Assert.Equal(
        (0, 0), OnThrowawayThread(() => (Unshare(NewNs), Setns("/proc/thread-self/ns/mnt", NewNs))));

    [KernelFact(root: true, tool: "unshare")]
    public void NSG203_a_pidfd_with_several_namespaces_needs_no_preparation() => Prints(
        """
        -1
        0
        """,
        """
        int pidfd = (int)Sys.syscall(434, Environment.ProcessId, 0);
        Console.WriteLine(Sys.setns(pidfd, 0x20000));
        Console.WriteLine(Sys.setns(pidfd, 0x20000 | 0x4000000));

        static class Sys
        {
            [DllImport("libc")] public static extern nint syscall(nint number, nint a, nint b);
            [DllImport("libc")] public static extern int setns(int fd, int nstype);
        }
        """);

    /// <summary>Inside a mount namespace of its own, whose only shared mount is a tmpfs of the test: the host sees nothing of it.</summary>
    [KernelFact(root: true, tool: "unshare")]
    public void NSG207_a_mount_leaks_until_propagation_is_private() => Prints(
        """
        leaks: True
        leaks: False
        """,
        """
        string top = Directory.CreateDirectory("top").FullName;
        Check(Sys.mount("none", top, "tmpfs", 0, 0));
        Check(Sys.mount(null, top, null, 1 << 20, 0)); // MS_SHARED, as systemd does with /
        foreach (bool makePrivate in new[] { false, true })
        {
            string inner = Directory.CreateDirectory(Path.Combine(top, makePrivate ? "b" : "a")).FullName;
            Thread thread = new(() =>
            {
                Check(Sys.unshare(0x20000));
                if (makePrivate)
                {
                    Check(Sys.mount(null, "/", null, 0x44000, 0));
                }

                Check(Sys.mount("none", inner, "tmpfs", 0, 0));
            });
            thread.Start();
            thread.Join();
            Console.WriteLine("leaks: " + File.ReadAllText("/proc/self/mountinfo").Contains(inner + " "));
        }

        static void Check(int result)
        {
            if (result != 0)
            {
                Console.WriteLine("errno " + Marshal.GetLastPInvokeError());
            }
        }

        static class Sys
        {
            [DllImport("libc", SetLastError = true)] public static extern int unshare(int flags);
            [DllImport("libc", SetLastError = true)] public static extern int mount(string source, string target, string type, ulong flags, nint data);
        }
        """,
        "unshare",
        "--mount");

    [KernelFact(tool: "sleep")]
    public void NSG208_the_runtime_ends_the_program_when_its_child_is_gone()
    {
        using ManagedProgram program = ManagedProgram.FromSource("""
            using System.Diagnostics;

            // Whoever is first takes the status, this loop or the runtime; of several children this loop gets one.
            int[] owned = [.. Enumerable.Range(0, 8).Select(_ => Process.Start("sleep", "0.2").Id)];
            int taken = 0;
            while (Sys.waitpid(-1, out _, 0) is > 0 and var pid)
            {
                taken += owned.Contains(pid) ? 1 : 0;
            }

            Console.WriteLine(taken > 0 ? "taken" : "none taken");

            // The next child that the runtime does not know makes it look at all those it does know.
            nint[] argv = [Marshal.StringToCoTaskMemUTF8("true"), 0];
            Sys.posix_spawnp(out _, "true", 0, 0, argv, [0]);
            Thread.Sleep(20000);

            static class Sys
            {
                [DllImport("libc", SetLastError = true)] public static extern int waitpid(int pid, out int status, int options);
                [DllImport("libc", SetLastError = true)] public static extern int posix_spawnp(out int pid, string file, nint actions, nint attributes, nint[] argv, nint[] envp);
            }
            """);
        ProgramResult result = program.Run("", s_limit);

        // Nothing is printed where the runtime has looked before the loop was through.
        Assert.True(result.Lines is [] or ["taken"], string.Join('\n', result.Lines));
        Assert.Contains("Error while reaping child", result.Error);
        Assert.NotEqual(0, result.ExitCode);
    }

    [KernelFact(root: true, tool: "setpriv")]
    public async Task NSG209_gid_map_is_EPERM_until_setgroups_is_denied()
    {
        // By the owner of the namespace from outside: inside, a program that is executed has no capabilities before ids are mapped.
        const string Script = """
            unshare --user sleep 60 &
            until [ "$(readlink /proc/$!/ns/user)" != "$(readlink /proc/$$/ns/user)" ]; do sleep 0.05; done
            echo '0 65534 1' | tee /proc/$!/gid_map > /dev/null
            echo $?
            echo deny > /proc/$!/setgroups
            echo '0 65534 1' | tee /proc/$!/gid_map > /dev/null
            echo $?
            kill $!
            """;
        using Process shell = Process.Start(
            new ProcessStartInfo("setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", "sh", "-c", Script])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = "/",
            })!;
        Task<string> error = shell.StandardError.ReadToEndAsync();
        Assert.Equal("1\n0\n", await shell.StandardOutput.ReadToEndAsync());
        Assert.Contains("Operation not permitted", await error);
    }

    private static void Prints(string expected, string source, params string[] launcher)
    {
        using ManagedProgram program = ManagedProgram.FromSource(source);
        ProgramResult result = program.Run(launcher, "", s_limit);
        Assert.Equal(expected.Split('\n'), result.Lines);
        Assert.Equal("", result.Error);
    }
}
