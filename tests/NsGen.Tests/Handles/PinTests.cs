using System.Diagnostics;
using System.Globalization;
using System.Text;
using NsGen.Native;

namespace NsGen.Tests;

/// <summary>Pins are made in a mount namespace of a child, so that the machine keeps none whatever fails.</summary>
public sealed class PinTests
{
    [KernelTheory, AsCaller]
    public void A_pin_keeps_a_namespace_without_process_or_handle(Namespaces user) => InChild.Run(KeepWithoutProcess, user | Mount | Uts);

    private static void KeepWithoutProcess()
    {
        using var directory = new TemporaryDirectory();
        foreach (Namespaces kind in (Namespaces[])[Uts, Ipc, Net, Cgroup, User, Pid, Time])
        {
            string path = Path.Combine(directory.Path, kind.ToString());
            using IsolatedProcess child = Shell.StartWaiting(new() { Namespaces = kind | Uts, HostName = "ghost" });
            NamespaceId id;
            using (NamespaceHandle handle = NamespaceHandle.Of(child, kind))
            {
                handle.Pin(path);
                id = handle.Id;
            }

            child.Kill();
            child.WaitForExit();

            using (NamespaceHandle pinned = NamespaceHandle.Open(path, kind))
            {
                Assert.Equal(id, pinned.Id);
                if (kind == Uts)
                {
                    using (pinned.Enter())
                    {
                        Assert.Equal("ghost", Environment.MachineName);
                    }
                }
            }

            NamespaceHandle.Unpin(path);
            AssertNothingAt(path);
        }
    }

    [KernelTheory, AsCaller]
    public void The_file_below_a_pin_is_empty_and_nobodys_to_read(Namespaces user) => InChild.Run(LookBelow, user | Mount);

    private static void LookBelow()
    {
        using var directory = new TemporaryDirectory();
        string path = Path.Combine(directory.Path, "pin");
        using NamespaceHandle uts = NamespaceHandle.Current(Uts);
        uts.Pin(path);
        Assert.Equal(0, LibC.Umount(path, LibC.MNT_DETACH));
        Assert.Equal((UnixFileMode)0, File.GetUnixFileMode(path));
        Assert.Equal(0, new FileInfo(path).Length);
    }

    [KernelTheory, AsCaller]
    public void Nothing_is_overwritten(Namespaces user) => InChild.Run(PinOnWhatExists, user | Mount);

    private static void PinOnWhatExists()
    {
        using var directory = new TemporaryDirectory();
        string file = directory.Write("file", "precious");
        string link = Path.Combine(directory.Path, "link");
        File.CreateSymbolicLink(link, Path.Combine(directory.Path, "target"));
        using NamespaceHandle uts = NamespaceHandle.Current(Uts);
        string[] before = Mounts();
        foreach (string path in (string[])[file, link, directory.Path])
        {
            var e = Assert.Throws<NamespaceCallException>(() => uts.Pin(path));
            Assert.Equal("EEXIST", e.ErrnoName);
            Assert.Equal($"create {path}", e.Step);
        }

        string pin = Path.Combine(directory.Path, "pin");
        uts.Pin(pin);
        Assert.Equal("EEXIST", Assert.Throws<NamespaceCallException>(() => uts.Pin(pin)).ErrnoName);
        NamespaceHandle.Unpin(pin);
        Assert.Equal("precious", File.ReadAllText(file));
        Assert.False(File.Exists(Path.Combine(directory.Path, "target")));
        Assert.Equal(before, Mounts());
    }

    [KernelTheory, AsCaller]
    public void A_missing_directory_is_named(Namespaces user) => InChild.Run(PinWithoutDirectory, user | Mount);

    private static void PinWithoutDirectory()
    {
        using NamespaceHandle uts = NamespaceHandle.Current(Uts);
        var e = Assert.Throws<NamespaceCallException>(() => uts.Pin("/none/such"));
        Assert.Equal("ENOENT", e.ErrnoName);
        Assert.Equal("Its directory does not exist.", e.Hint);
        Assert.Equal(0, LibCMount("tmpfs", "/run", "tmpfs"));
        Assert.Contains("ip netns", Assert.Throws<NamespaceCallException>(() => uts.Pin("/run/netns/blue")).Hint, StringComparison.Ordinal);
    }

    [KernelTheory(Tools = "taskset unshare"), AsCaller]
    public void A_mount_namespace_is_pinned_from_an_older_one_only(Namespaces user) => InChild.Run(PinMountNamespaces, user | Mount);

    private static void PinMountNamespaces()
    {
        using var directory = new TemporaryDirectory();
        string path = Path.Combine(directory.Path, "pin");
        string[] before = Mounts();
        using NamespaceHandle own = NamespaceHandle.Current(Mount);
        var e = Assert.Throws<NamespaceCallException>(() => own.Pin(path));
        Assert.Equal("ELOOP", e.ErrnoName);
        Assert.Contains("older", e.Hint, StringComparison.Ordinal);
        AssertNothingAt(path); // the file had been made
        Assert.Equal(before, Mounts());

        ForYounger("private", younger =>
        {
            younger.Pin(path);
            using NamespaceHandle pinned = NamespaceHandle.Open(path, Mount);
            Assert.Equal(younger.Id, pinned.Id);
        });
        NamespaceHandle.Unpin(path);
        AssertNothingAt(path);

        // Where the mount is shared with what is pinned, the pin would appear inside it.
        Assert.Equal(0, LibCMount("none", directory.Path, "tmpfs"));
        Assert.Equal(0, LibCMount("none", directory.Path, "", 1 << 20)); // MS_SHARED
        ForYounger("unchanged", younger =>
        {
            e = Assert.Throws<NamespaceCallException>(() => younger.Pin(path));
            if (e.ErrnoName == "ELOOP")
            {
                throw e;
            }
        });
        Assert.Equal("EINVAL", e.ErrnoName);
        Assert.Contains("--make-private", e.Hint, StringComparison.Ordinal);
        AssertNothingAt(path);
        Assert.Equal(0, LibC.Umount(directory.Path, LibC.MNT_DETACH));
    }

    /// <summary>
    /// Linux 6.18 judges which mount namespace is older by numbers that each processor deals out on its own: a younger one that was made on
    /// another processor may be refused. On the same it never is, so one of them will do.
    /// </summary>
    private static void ForYounger(string propagation, Action<NamespaceHandle> pin)
    {
        for (int processor = 0; processor < 2 * Environment.ProcessorCount; processor++)
        {
            string[] arguments =
            [
                "-c", processor.ToString(CultureInfo.InvariantCulture),
                "unshare", "--mount", "--propagation", propagation, "sh", "-c", "echo ready; exec cat",
            ];
            using IsolatedProcess child = IsolatedProcess.Start(
                "taskset",
                arguments,
                new() { StandardInput = Redirection.Pipe, StandardOutput = Redirection.Pipe, StandardError = Redirection.Null });
            if (child.StandardOutput.ReadLine() is null)
            {
                continue; // a processor that this process may not use
            }

            using NamespaceHandle younger = NamespaceHandle.Of(child, Mount);
            child.Kill();
            child.WaitForExit();
            try
            {
                pin(younger);
                return;
            }
            catch (NamespaceCallException e) when (e.ErrnoName == "ELOOP")
            {
                Assert.Contains("processor", e.Hint, StringComparison.Ordinal);
            }
        }

        Assert.Fail("a younger mount namespace cannot be pinned, whatever processor it was made on");
    }

    [KernelFact(Requires.Unprivileged)]
    public void Without_privilege_no_file_is_made()
    {
        using var directory = new TemporaryDirectory();
        string path = Path.Combine(directory.Path, "pin");
        using NamespaceHandle uts = NamespaceHandle.Current(Uts);
        var e = Assert.Throws<NamespaceCallException>(() => uts.Pin(path));
        Assert.Equal("EPERM", e.ErrnoName);
        Assert.Contains("CAP_SYS_ADMIN", e.Hint, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(directory.Path));
    }

    [KernelTheory, AsCaller]
    public void Unpin_touches_nothing_but_a_pin(Namespaces user) => InChild.Run(UnpinOthers, user | Mount);

    private static void UnpinOthers()
    {
        using var directory = new TemporaryDirectory();
        string file = directory.Write("file", "precious");
        Assert.Equal("ENOTTY", Assert.Throws<NamespaceCallException>(() => NamespaceHandle.Unpin(file)).ErrnoName);
        Assert.Equal("precious", File.ReadAllText(file));

        string[] before = Mounts();
        Assert.Equal("ENOTTY", Assert.Throws<NamespaceCallException>(() => NamespaceHandle.Unpin("/proc")).ErrnoName);
        Assert.Equal("EINVAL", Assert.Throws<NamespaceCallException>(() => NamespaceHandle.Unpin("/proc/self/ns/uts")).ErrnoName);
        Assert.Equal("ENOENT", Assert.Throws<NamespaceCallException>(() => NamespaceHandle.Unpin("/none/such")).ErrnoName);
        Assert.Equal(before, Mounts());

        // A link to a pin is not the pin.
        string pin = Path.Combine(directory.Path, "pin");
        string link = Path.Combine(directory.Path, "link");
        using NamespaceHandle uts = NamespaceHandle.Current(Uts);
        uts.Pin(pin);
        File.CreateSymbolicLink(link, pin);
        Assert.Equal("EINVAL", Assert.Throws<NamespaceCallException>(() => NamespaceHandle.Unpin(link)).ErrnoName);
        using (NamespaceHandle still = NamespaceHandle.Open(pin, Uts))
        {
            Assert.Equal(uts.Id, still.Id);
        }

        NamespaceHandle.Unpin(pin);
        Assert.Equal(before, Mounts());
    }

    [KernelTheory, AsCaller]
    public void Those_who_have_a_pin_open_keep_the_namespace_when_it_is_undone(Namespaces user)
        => InChild.Run(UnpinWhileOpen, user | Mount | Uts);

    private static void UnpinWhileOpen()
    {
        using var directory = new TemporaryDirectory();
        string pin = Path.Combine(directory.Path, "pin");
        using (IsolatedProcess child = Shell.StartWaiting(new() { Namespaces = Uts, HostName = "ghost" }))
        {
            using NamespaceHandle handle = NamespaceHandle.Of(child, Uts);
            handle.Pin(pin);
            child.Kill();
            child.WaitForExit();
        }

        using NamespaceHandle open = NamespaceHandle.Open(pin);
        NamespaceHandle.Unpin(pin);
        using (open.Enter())
        {
            Assert.Equal("ghost", Environment.MachineName);
        }
    }

    [KernelTheory(Tools = "ip"), AsCaller]
    public void Ip_netns_and_pins_see_each_others(Namespaces user) => InChild.Run(ShareWithIpNetns, user | Mount | Net);

    private static void ShareWithIpNetns()
    {
        string ip = Requirements.FindTool("ip")!;
        Assert.Equal(0, LibCMount("tmpfs", "/run", "tmpfs"));
        Directory.CreateDirectory("/run/netns");
        NamespaceId id;
        using (IsolatedProcess child = Shell.StartWaiting(new() { Namespaces = Net }))
        {
            using NamespaceHandle net = NamespaceHandle.Of(child, Net);
            net.Pin("/run/netns/blue");
            id = net.Id;
            child.Kill();
        }

        Assert.StartsWith("blue", Run(ip, "netns", "list"), StringComparison.Ordinal);
        string inside = Run(ip, "netns", "exec", "blue", "readlink", "/proc/self/ns/net");
        Assert.Equal($"net:{id}", inside);
        Run(ip, "netns", "delete", "blue");
        AssertNothingAt("/run/netns/blue");

        Run(ip, "netns", "add", "red");
        using (NamespaceHandle red = NamespaceHandle.Open("/run/netns/red", Net))
        {
            Assert.Equal($"net:{red.Id}", Run(ip, "netns", "exec", "red", "readlink", "/proc/self/ns/net"));
        }

        NamespaceHandle.Unpin("/run/netns/red");
        AssertNothingAt("/run/netns/red");
        Assert.Equal("", Run(ip, "netns", "list"));
    }

    private static string Run(string program, params string[] arguments)
    {
        Finished finished = TestApp.Run(new ProcessStartInfo(program, arguments));
        Assert.True(finished.Status.IsSuccess, $"{string.Join(' ', arguments)}: {finished.Error}");
        return finished.Output.Trim();
    }

    private static void AssertNothingAt(string path)
    {
        Assert.False(File.Exists(path));
        Assert.DoesNotContain(Mounts(), line => line.Contains(path, StringComparison.Ordinal));
    }

    private static string[] Mounts() => File.ReadAllLines("/proc/self/mountinfo");

    private static unsafe int LibCMount(string source, string target, string type, int flags = 0)
    {
        fixed (byte* s = Encoding.UTF8.GetBytes(source + '\0'))
        fixed (byte* t = Encoding.UTF8.GetBytes(target + '\0'))
        fixed (byte* f = Encoding.UTF8.GetBytes(type + '\0'))
        {
            return (int)LibC.Syscall(SyscallNumbers.Mount, (nint)s, (nint)t, (nint)f, flags);
        }
    }
}
