using System.Diagnostics;
using System.Globalization;
using NsGen.Native;

namespace NsGen.Tests;

public sealed class NamespaceHandleTests
{
    public static TheoryData<Namespaces> EachKind => [.. Proc.Links.Keys];

    [KernelTheory(Requires.Nothing), MemberData(nameof(EachKind))]
    public void The_calling_threads_namespace_has_its_kind_and_the_files_device_and_inode(Namespaces kind)
    {
        using NamespaceHandle handle = NamespaceHandle.Current(kind);
        Assert.Equal(kind, handle.Type);
        Assert.Equal(Proc.Link(Environment.ProcessId, kind), handle.ToString());
        Assert.Equal(Stat(Proc.Links[kind]), string.Create(CultureInfo.InvariantCulture, $"{handle.Id.Device} {handle.Id.Inode}"));
    }

    [KernelTheory, MemberData(nameof(EachKind))]
    public void A_childs_own_namespace_is_another_and_the_rest_are_the_same(Namespaces kind)
    {
        using IsolatedProcess child = Shell.StartWaiting(new() { Namespaces = Requirements.IsRoot ? kind : kind | User });
        using NamespaceHandle own = NamespaceHandle.Current(kind);
        using NamespaceHandle childs = NamespaceHandle.Of(child.Id, kind);
        using NamespaceHandle again = NamespaceHandle.Of(child, kind);
        Assert.Equal(kind, childs.Type);
        Assert.NotEqual(own.Id, childs.Id);
        Assert.Equal(own.Id.Device, childs.Id.Device);
        Assert.False(own.IsSameNamespace(childs));
        Assert.True(childs.IsSameNamespace(again));
        Assert.Equal(childs.Id.GetHashCode(), again.Id.GetHashCode());

        // Handles are resources: two of one namespace are not interchangeable.
        Assert.False(childs.Equals(again));

        Namespaces other = kind == Uts ? Ipc : Uts;
        using NamespaceHandle shared = NamespaceHandle.Of(child.Id, other);
        using NamespaceHandle ownOther = NamespaceHandle.Current(other);
        Assert.True(shared.IsSameNamespace(ownOther));
        child.Kill();
    }

    [KernelFact]
    public void A_disposed_handle_still_says_what_it_held_and_does_nothing_more()
    {
        NamespaceHandle handle = NamespaceHandle.Current(Uts);
        NamespaceId id = handle.Id;
        string text = handle.ToString();
        handle.Dispose();
        Assert.Equal(id, handle.Id);
        Assert.Equal(Uts, handle.Type);
        Assert.Equal(text, handle.ToString());
        Assert.True(handle.IsClosed);
        Assert.Throws<ObjectDisposedException>(() => handle.GetOwningUser());
        Assert.Throws<ObjectDisposedException>(() => handle.Pin("/proc/never"));
        Assert.Throws<ObjectDisposedException>(() => handle.Enter().Dispose());
    }

    [KernelFact]
    public void Open_follows_links_also_those_of_descriptors()
    {
        using NamespaceHandle one = NamespaceHandle.Open("/proc/self/ns/net");
        using NamespaceHandle again = NamespaceHandle.Open(
            string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{one.DangerousGetHandle()}"), Net);
        Assert.True(one.IsSameNamespace(again));
        Assert.Equal(Net, one.Type);
    }

    [KernelFact]
    public void A_descriptor_that_is_open_already_is_duplicated()
    {
        using NamespaceHandle one = NamespaceHandle.Current(Ipc);
        using NamespaceHandle again = NamespaceHandle.FromDescriptor(one);
        Assert.True(one.IsSameNamespace(again));
        Assert.NotEqual(one.DangerousGetHandle(), again.DangerousGetHandle());
        Assert.Equal(LibC.FD_CLOEXEC, LibC.Fcntl((int)again.DangerousGetHandle(), LibC.F_GETFD, 0) & LibC.FD_CLOEXEC);
        using var file = File.OpenRead("/dev/null");
        Assert.Equal("ENOTTY", Assert.Throws<NamespaceCallException>(() => NamespaceHandle.FromDescriptor(file.SafeFileHandle)).ErrnoName);
        Assert.False(file.SafeFileHandle.IsClosed);
    }

    [KernelFact]
    public void The_descriptor_is_closed_by_execve()
    {
        using NamespaceHandle handle = NamespaceHandle.Current(Uts);
        Assert.Equal(LibC.FD_CLOEXEC, LibC.Fcntl((int)handle.DangerousGetHandle(), LibC.F_GETFD, 0) & LibC.FD_CLOEXEC);
    }

    [KernelFact]
    public void A_namespace_of_another_kind_is_a_clear_error()
    {
        var e = Assert.Throws<NamespaceCallException>(() => NamespaceHandle.Open("/proc/self/ns/uts", Net));
        Assert.Equal("EINVAL", e.ErrnoName);
        Assert.Equal("open /proc/self/ns/uts as a net namespace", e.Step);
        Assert.Contains(Proc.Link(Environment.ProcessId, Uts), e.Message, StringComparison.Ordinal);
    }

    [KernelTheory(Requires.Nothing)]
    [InlineData("/dev/null")]
    [InlineData("/proc/self/status")]
    [InlineData("/proc")]
    [InlineData("/bin/sh")]
    public void What_is_no_namespace_is_refused(string path)
    {
        var e = Assert.Throws<NamespaceCallException>(() => NamespaceHandle.Open(path));
        Assert.Equal("ENOTTY", e.ErrnoName);
        Assert.StartsWith($"open {path} as a namespace: ", e.Message, StringComparison.Ordinal);
        Assert.Contains("/proc/PID/ns/", e.Hint, StringComparison.Ordinal);
    }

    [KernelFact(Tools = "mkfifo")]
    public void A_pipe_that_nobody_writes_to_does_not_block()
    {
        using var directory = new TemporaryDirectory();
        string path = Path.Combine(directory.Path, "pipe");
        Shell.Output(new(), $"mkfifo {path}");
        Assert.Equal("ENOTTY", Assert.Throws<NamespaceCallException>(() => NamespaceHandle.Open(path)).ErrnoName);
    }

    [KernelFact]
    public void An_empty_file_is_told_to_be_a_pin_that_was_undone()
    {
        using var directory = new TemporaryDirectory();
        string path = directory.Write("blue", "");
        File.SetUnixFileMode(path, UnixFileMode.None);
        var e = Assert.Throws<NamespaceCallException>(() => NamespaceHandle.Open(path));
        Assert.Equal(Requirements.IsRoot ? "ENOTTY" : "EACCES", e.ErrnoName);
        Assert.Contains(Requirements.IsRoot ? "nothing mounted on it" : "nothing is mounted on", e.Hint, StringComparison.Ordinal);
    }

    [KernelFact]
    public void A_missing_file_is_ENOENT()
        => Assert.Equal("ENOENT", Assert.Throws<NamespaceCallException>(() => NamespaceHandle.Open("/proc/self/ns/none")).ErrnoName);

    [KernelFact]
    public void Exactly_one_kind_has_to_be_named()
    {
        Assert.Equal("one", Assert.Throws<ArgumentException>(() => NamespaceHandle.Current(None)).ParamName);
        Assert.Equal("one", Assert.Throws<ArgumentException>(() => NamespaceHandle.Of(1, Uts | Net)).ParamName);
        Assert.Throws<ArgumentException>(() => NamespaceHandle.Open("/proc/self/ns/uts", (Namespaces)1));
        Assert.Throws<ArgumentException>(() => NamespaceSet.Current()[All]);
        Assert.Throws<ArgumentException>(() => NamespaceHandle.Open(""));
        Assert.Throws<ArgumentException>(() => NamespaceHandle.Open("/proc/self/ns/uts\0x"));
        Assert.Throws<ArgumentOutOfRangeException>(() => NamespaceHandle.Of(0, Uts));
    }

    [KernelFact]
    public void A_process_that_does_not_exist_is_named()
    {
        IsolatedProcess child = Shell.StartWaiting(new());
        child.Kill();
        child.WaitForExit();
        var e = Assert.Throws<NamespaceCallException>(() => NamespaceHandle.Of(child.Id, Uts));
        Assert.Contains($"no process {child.Id}", e.Hint, StringComparison.Ordinal);
        Assert.Throws<NamespaceCallException>(() => NamespaceHandle.Of(child, Uts));
        Assert.Throws<NamespaceCallException>(() => NamespaceSet.Of(child.Id));
    }

    [KernelFact(Tools = "python3")]
    public void A_process_that_waits_to_be_reaped_is_told_from_one_that_does_not_exist()
    {
        // Its parent does not wait for it.
        const string Script = """
            import os, sys
            p = os.fork()
            if p == 0: os._exit(0)
            os.waitid(os.P_PID, p, os.WEXITED | os.WNOWAIT)
            print(p, flush=True)
            sys.stdin.read()
            """;
        var start = new ProcessStartInfo("python3", ["-c", Script])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using Process parent = Process.Start(start)!;
        int zombie = int.Parse(parent.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);
        Assert.Equal('Z', Proc.State(zombie));
        var e = Assert.Throws<NamespaceCallException>(() => NamespaceHandle.Of(zombie, Uts));
        Assert.Contains("waits to be reaped", e.Hint, StringComparison.Ordinal);
        Assert.Contains(
            "waits to be reaped", Assert.Throws<NamespaceCallException>(() => NamespaceSet.Of(zombie)).Hint, StringComparison.Ordinal);
        Assert.NotEmpty(NamespaceListing.Read().Entries);
        parent.StandardInput.Close();
        parent.WaitForExit();
    }

    [KernelFact(Requires.Unprivileged)]
    public void A_process_of_another_user_is_not_to_be_looked_at()
    {
        var e = Assert.Throws<NamespaceCallException>(() => NamespaceHandle.Of(1, Uts));
        Assert.Equal("EACCES", e.ErrnoName);
        Assert.Contains("CAP_SYS_PTRACE", e.Hint, StringComparison.Ordinal);
        Assert.Contains("CAP_SYS_PTRACE", Assert.Throws<NamespaceCallException>(() => NamespaceSet.Of(1)).Hint, StringComparison.Ordinal);
    }

    [KernelTheory, AsCaller]
    public void A_pid_namespaces_parent_is_the_one_around_it(Namespaces user)
    {
        using IsolatedProcess child = Shell.StartWaiting(new() { Namespaces = user | Pid });
        using NamespaceHandle inner = NamespaceHandle.Of(child.Id, Pid);
        using NamespaceHandle? outer = inner.GetParent();
        using NamespaceHandle own = NamespaceHandle.Current(Pid);
        Assert.NotNull(outer);
        Assert.True(outer.IsSameNamespace(own));
        Assert.Null(own.GetParent()); // the edge of what the caller sees
        child.Kill();
    }

    [KernelFact(Requires.UserNamespaces)]
    public void A_user_namespaces_parent_and_owner_are_those_who_made_it()
    {
        using IsolatedProcess child = Shell.StartWaiting(new() { Namespaces = User });
        using NamespaceHandle inner = NamespaceHandle.Of(child.Id, User);
        using NamespaceHandle? parent = inner.GetParent();
        using NamespaceHandle? owning = inner.GetOwningUser();
        using NamespaceHandle own = NamespaceHandle.Current(User);
        Assert.Equal(own.Id, parent!.Id);
        Assert.Equal(own.Id, owning!.Id);
        Assert.Equal(LibC.GetEffectiveUserId(), inner.OwnerUid);
        Assert.Null(own.GetParent());
        Assert.Null(own.GetOwningUser());
        child.Kill();
    }

    [KernelFact(Requires.UserNamespaces)]
    public void The_user_namespace_made_with_the_others_owns_them()
    {
        using IsolatedProcess child = Shell.StartWaiting(new() { Namespaces = All });
        using NamespaceHandle user = NamespaceHandle.Of(child.Id, User);
        foreach (Namespaces kind in Proc.Links.Keys.Where(static kind => kind != User))
        {
            using NamespaceHandle handle = NamespaceHandle.Of(child.Id, kind);
            using NamespaceHandle? owner = handle.GetOwningUser();
            Assert.Equal(User, owner!.Type);
            Assert.Equal(user.Id, owner.Id);
        }

        child.Kill();
    }

    [KernelFact(Requires.UserNamespaces)]
    public void From_inside_the_owner_outside_is_beyond_the_edge() => InChild.Run(LookOutward, User);

    private static void LookOutward()
    {
        using NamespaceHandle outer = NamespaceHandle.Current(Uts); // the parent's, and owned by its user namespace
        Assert.Null(outer.GetOwningUser());
        using NamespaceHandle user = NamespaceHandle.Current(User);
        Assert.Null(user.GetParent());
        Assert.Equal(0u, user.OwnerUid); // the maker's number as it is mapped here
    }

    [KernelFact]
    public void Only_pid_and_user_namespaces_have_parents_and_only_user_namespaces_have_owners()
    {
        using NamespaceHandle uts = NamespaceHandle.Current(Uts);
        string parent = Assert.Throws<NotSupportedException>(() => uts.GetParent()).Message;
        Assert.Contains("only pid and user namespaces are nested", parent, StringComparison.Ordinal);
        string owner = Assert.Throws<NotSupportedException>(() => uts.OwnerUid).Message;
        Assert.Contains(nameof(NamespaceHandle.GetOwningUser), owner, StringComparison.Ordinal);
    }

    [KernelTheory, AsCaller]
    public void A_handle_outlives_the_namespaces_last_process(Namespaces user)
        => InChild.Run(OutliveTheLastProcess, user | Pid | Mount | Uts | Net);

    private static void OutliveTheLastProcess()
    {
        using IsolatedProcess child = Shell.StartWaiting(new() { Namespaces = Uts | Net, HostName = "ghost" });
        using NamespaceHandle uts = NamespaceHandle.Of(child, Uts);
        using NamespaceHandle net = NamespaceHandle.Of(child, Net);
        child.Kill();
        child.WaitForExit();
        Assert.DoesNotContain(NamespaceListing.Read().Entries, entry => entry.Id == uts.Id || entry.Id == net.Id);

        string outside = Environment.MachineName;
        using (uts.Enter())
        {
            Assert.Equal("ghost", Environment.MachineName);
        }

        Assert.Equal(outside, Environment.MachineName);

        // And another program joins it.
        string path = string.Create(CultureInfo.InvariantCulture, $"/proc/{Environment.ProcessId}/fd/{uts.DangerousGetHandle()}");
        if (Requirements.FindTool("nsenter") is { } nsenter)
        {
            Assert.Equal("ghost", Shell.Output(new(), $"{nsenter} --uts={path} uname -n"));
        }
    }

    [KernelTheory, AsCaller]
    public void No_descriptor_is_left_behind(Namespaces user) => InChild.Run(CountDescriptors, user | Uts | Mount | Pid);

    private static void CountDescriptors()
    {
        using var directory = new TemporaryDirectory();
        string path = Path.Combine(directory.Path, "pin");
        Use();
        int before = Directory.GetFiles("/proc/self/fd").Length;
        for (int i = 0; i < 20; i++)
        {
            Use();
        }

        Assert.Equal(before, Directory.GetFiles("/proc/self/fd").Length);

        void Use()
        {
            using (NamespaceHandle uts = NamespaceHandle.Current(Uts))
            using (uts.GetOwningUser())
            using (uts.Enter())
            {
                Assert.Throws<NamespaceCallException>(() => uts.Pin("/none/such"));
                uts.Pin(path);
                Assert.Throws<NamespaceCallException>(() => uts.Pin(path));
                NamespaceHandle.Unpin(path);
            }

            Assert.Throws<NamespaceCallException>(() => NamespaceHandle.Open("/dev/null"));
            using (FileStream file = File.OpenRead("/dev/null"))
            {
                Assert.Throws<NamespaceCallException>(() => NamespaceHandle.FromDescriptor(file.SafeFileHandle));
            }

            Assert.Throws<NamespaceCallException>(() => NamespaceHandle.Open("/proc/self/ns/uts", Net));
            using NamespaceHandle pid = NamespaceHandle.Current(Pid);
            Assert.Null(pid.GetParent());
            Assert.NotEmpty(NamespaceListing.Read().Entries);
            Assert.Equal(NamespaceSet.Current(), NamespaceSet.Of(Environment.ProcessId));
        }
    }

    [KernelFact]
    public void A_launch_that_fails_is_one_of_the_calls_that_fail()
    {
        NamespaceCallException e = Assert.Throws<LaunchException>(() => IsolatedProcess.Start("/none/such", []));
        Assert.Equal("execve /none/such", e.Step);
        Assert.Equal("ENOENT", e.ErrnoName);
        Assert.NotNull(e.Hint);
    }

    private static string Stat(string link) => Shell.Output(new(), $"stat -L -c '%d %i' /proc/{Environment.ProcessId}/ns/{link}");
}
