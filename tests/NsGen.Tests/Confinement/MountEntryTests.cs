using NsGen.Native;

namespace NsGen.Tests;

public sealed class MountEntryTests
{
    [KernelTheory(Tools = BusyBoxRoot.Tool), AsCaller]
    public void A_bind_shows_a_directory_and_writes_through(Namespaces with)
    {
        using var root = new BusyBoxRoot();
        using var data = new TemporaryDirectory();
        data.Write("in", "from outside");
        string said = Shell.Output(root.Options(with, MountEntry.Bind(data.Path, "/data")), "cat /data/in && echo from inside > /data/out");
        Assert.Equal("from outside", said);
        Assert.Equal("from inside\n", File.ReadAllText(Path.Combine(data.Path, "out")));
    }

    [KernelTheory(Tools = BusyBoxRoot.Tool), AsCaller]
    public void A_file_can_be_bound_where_none_is(Namespaces with)
    {
        using var root = new BusyBoxRoot();
        using var data = new TemporaryDirectory();
        string file = data.Write("resolv.conf", "nameserver 127.0.0.1");
        Finished finished = Shell.Run(
            root.Options(with, MountEntry.BindReadOnly(file, "/etc/deep/resolv.conf")), "cat /etc/deep/resolv.conf; echo x > /etc/deep/resolv.conf");
        Assert.Equal("nameserver 127.0.0.1", finished.Output);
        Assert.Contains("Read-only file system", finished.Error, StringComparison.Ordinal);
        Assert.Equal("", File.ReadAllText(Path.Combine(root.Path, "etc/deep/resolv.conf")));
    }

    /// <summary>/dev has mounts of its own below it on any machine.</summary>
    [KernelTheory(Tools = BusyBoxRoot.Tool), AsCaller]
    public void A_read_only_bind_is_read_only_all_the_way_down(Namespaces with)
    {
        using var root = new BusyBoxRoot();
        string mounts = Shell.Output(root.Options(with, MountEntry.BindReadOnly("/dev", "/d")), "awk '$5 ~ \"^/d\" {print $6}' /proc/self/mountinfo");
        string[] options = mounts.Split('\n');
        Assert.True(options.Length > 1, mounts);
        Assert.All(options, static line => Assert.StartsWith("ro", line, StringComparison.Ordinal));
    }

    [KernelTheory(Tools = BusyBoxRoot.Tool), AsCaller]
    public void A_tmpfs_has_its_size_and_mode(Namespaces with)
    {
        using var root = new BusyBoxRoot();
        IsolationOptions options = root.Options(
            with, MountEntry.Tmpfs("/tmp"), MountEntry.Tmpfs("/small", size: 8192, mode: UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
        Finished finished = Shell.Run(options, "stat -c %a /tmp /small; head -c 10000 /bin/busybox > /small/file; wc -c < /small/file");
        Assert.Equal("1777\n700\n8192", finished.Output);
        Assert.Contains("No space left", finished.Error, StringComparison.Ordinal);
        Assert.Contains("nosuid,nodev", Shell.Output(options, "grep ' /tmp tmpfs ' /proc/mounts"), StringComparison.Ordinal);
    }

    [KernelTheory(Tools = BusyBoxRoot.Tool), AsCaller]
    public void Mounts_may_lie_in_earlier_ones(Namespaces with)
    {
        using var root = new BusyBoxRoot();
        using var data = new TemporaryDirectory();
        data.Write("file", "here");
        IsolationOptions options = root.Options(with, MountEntry.Tmpfs("/run"), MountEntry.Bind(data.Path, "/run/a/b"));
        options.ReadOnlyRoot = true;
        Assert.Equal("here", Shell.Output(options, "cat /run/a/b/file"));
        Assert.False(root.Has("run/a"));
    }

    [KernelTheory(Tools = BusyBoxRoot.Tool), AsCaller]
    public void A_link_in_the_root_does_not_lead_a_mount_out(Namespaces with)
    {
        using var root = new BusyBoxRoot();
        using var outside = new TemporaryDirectory();
        using var data = new TemporaryDirectory();
        data.Write("file", "here");
        File.CreateSymbolicLink(Path.Combine(root.Path, "absolute"), outside.Path);
        File.CreateSymbolicLink(Path.Combine(root.Path, "climbing"), "../../../../../../../bin");

        // "absolute" dangles inside: refused. "climbing" stops at the root: its own bin.
        var refused = Assert.Throws<LaunchException>(() => Shell.Run(root.Options(with, MountEntry.Bind(data.Path, "/absolute/new")), "true"));
        Assert.Equal(Errno.ENOENT, refused.Errno);
        Assert.Contains("link leads nowhere", refused.Hint, StringComparison.Ordinal);
        Assert.Equal("here", Shell.Output(root.Options(with, MountEntry.Bind(data.Path, "/climbing/new")), "cat /bin/new/file"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(outside.Path));
        Assert.True(root.Has("bin/new"));
    }

    /// <summary>The kernel then gives up on a path that climbs (EAGAIN), and has to be asked again.</summary>
    [KernelTheory(Tools = BusyBoxRoot.Tool), AsCaller]
    public async Task A_mount_elsewhere_at_the_same_time_does_not_matter(Namespaces with)
    {
        using var root = new BusyBoxRoot();
        File.CreateSymbolicLink(Path.Combine(root.Path, "climbing"), string.Concat(Enumerable.Repeat("../", 200)) + "bin");
        using var done = new CancellationTokenSource();
        Task elsewhere = Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
            {
                Shell.Output(new() { Namespaces = Mount | with, Mounts = [MountEntry.Tmpfs("/tmp"), MountEntry.Tmpfs("/tmp/a"), MountEntry.Tmpfs("/tmp/b")] }, "true");
            }
        });
        for (int i = 0; i < 100; i++)
        {
            Shell.Output(root.Options(with, MountEntry.Tmpfs("/climbing/new")), "true");
        }

        await done.CancelAsync();
        await elsewhere;
    }

    [KernelTheory(Tools = BusyBoxRoot.Tool), AsCaller]
    public void The_minimal_dev_works(Namespaces with)
    {
        using var root = new BusyBoxRoot();
        string said = Shell.Output(
            root.Options(with, MountEntry.Dev()),
            """
            ls /dev
            echo x > /dev/null && head -c 4 /dev/zero | wc -c && head -c 4 /dev/urandom | wc -c
            echo y | cat /dev/stdin > /dev/stdout
            echo z 2>/dev/null > /dev/full || echo full
            readlink /dev/ptmx && test -c /dev/pts/ptmx && stat -c %a /dev/shm && touch /dev/shm/file
            """);
        Assert.Equal("fd\nfull\nnull\nptmx\npts\nrandom\nshm\nstderr\nstdin\nstdout\ntty\nurandom\nzero\n4\n4\ny\nfull\npts/ptmx\n1777", said);
    }

    [KernelTheory(Requires.Root, Tools = BusyBoxRoot.Tool)]
    [InlineData(true)]
    [InlineData(false)]
    public void Root_that_is_somebody_else_inside_has_them_too(bool readOnlyRoot)
    {
        // Its own id means nothing in the user namespace, and nothing can be made there under it (EOVERFLOW).
        using var root = new BusyBoxRoot();
        IsolationOptions options = root.Options(User, MountEntry.Dev(), MountEntry.Tmpfs("/tmp"), MountEntry.Tmpfs("/tmp/below/it"), MountEntry.Proc());
        options.UidMap = [new(0, 65534)];
        options.GidMap = [new(0, 65534)];
        options.ReadOnlyRoot = readOnlyRoot;
        Assert.Equal("0:0 0:0", Shell.Output(options, "echo x > /tmp/below/it/file && echo $(stat -c %u:%g /dev/shm /tmp/below/it/file) && echo x > /dev/null"));
        Assert.True(root.Has("dev"));

        options.UidMap = [new(0, 100_000, 65_536)];
        options.GidMap = [new(0, 100_000, 65_536)];
        options.UserId = 5;
        Assert.Equal("0:0 5", Shell.Output(options, "echo $(stat -c %u:%g /dev/shm) $(id -u)"));
    }

    [KernelTheory(Tools = BusyBoxRoot.Tool), AsCaller]
    public void A_masked_proc_shows_and_changes_nothing_of_the_machine(Namespaces with)
    {
        using var root = new BusyBoxRoot();
        Finished finished = Shell.Run(
            root.Options(with, MountEntry.Proc(), MountEntry.Dev()),
            """
            test -d /proc/self && cat /proc/sys/kernel/ostype
            cat /proc/keys /proc/timer_list /proc/interrupts 2>/dev/null | wc -c
            ls /proc/acpi 2>/dev/null | wc -l
            echo other > /proc/sys/kernel/domainname
            """);
        Assert.Equal("Linux\n0\n0", finished.Output);
        Assert.Contains("Read-only file system", finished.Error, StringComparison.Ordinal);
    }

    [KernelTheory, AsCaller]
    public void Mounts_work_without_a_new_root(Namespaces with)
    {
        using var directory = new TemporaryDirectory();
        using var data = new TemporaryDirectory();
        data.Write("file", "here");
        var options = new IsolationOptions
        {
            Namespaces = Mount | with,
            Mounts = [MountEntry.Tmpfs(directory.Path), MountEntry.Bind(data.Path, directory.Path + "/made/below")],
        };
        Assert.Equal("here", Shell.Output(options, $"cat {directory.Path}/made/below/file"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(directory.Path));

        // But nothing is made among the machine's own directories.
        options.Mounts = [MountEntry.Tmpfs(directory.Path + "/missing")];
        var missing = Assert.Throws<LaunchException>(() => Shell.Run(options, "true"));
        Assert.Equal(Errno.ENOENT, missing.Errno);
        Assert.Contains("without RootDirectory none is made", missing.Hint, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(directory.Path));
    }

    /// <summary>A tmpfs over the source's own directory does not hide it from the later mount.</summary>
    [KernelTheory, AsCaller]
    public void Sources_are_what_the_caller_sees(Namespaces with)
    {
        using var data = new TemporaryDirectory();
        data.Write("file", "here");
        var options = new IsolationOptions { Namespaces = Mount | with, Mounts = [MountEntry.Tmpfs("/tmp"), MountEntry.Bind(data.Path, "/tmp/seen")] };
        Assert.Equal("here", Shell.Output(options, "cat /tmp/seen/file; ls /tmp | grep -v seen || true"));
    }

    [KernelTheory, AsCaller]
    public void The_programs_umask_stays_the_callers(Namespaces with)
    {
        string own = Shell.Output(new(), "umask");
        Assert.Equal(own, Shell.Output(new() { Namespaces = Mount | with, Mounts = [MountEntry.Tmpfs("/tmp")] }, "umask"));
    }

    [KernelTheory, AsCaller]
    public void A_source_that_does_not_exist_is_reported(Namespaces with)
    {
        var options = new IsolationOptions { Namespaces = Mount | with, Mounts = [MountEntry.Bind("/nonexistent", "/tmp")] };
        var missing = Assert.Throws<LaunchException>(() => Shell.Run(options, "true"));
        Assert.Equal("open_tree /nonexistent", missing.Step);
        Assert.Equal("The source does not exist, as the caller sees it.", missing.Hint);
        options.Mounts = [MountEntry.Bind("/etc/passwd", "/tmp")];
        Assert.Equal("A directory can be mounted on a directory only, and a file on a file.", Assert.Throws<LaunchException>(() => Shell.Run(options, "true")).Hint);
    }

    [KernelFact(Requires.UserNamespaces)]
    public void What_is_locked_read_only_stays_so_in_a_user_namespace()
    {
        // The outer child has a read-only bind; the inner one, in a user namespace below, cannot make it writable again.
        using var data = new TemporaryDirectory();
        var options = new IsolationOptions { Namespaces = Mount | User | Pid, Mounts = [MountEntry.BindReadOnly(data.Path)] };
        Finished finished = Shell.Run(options, $"unshare -Urm sh -c 'mount -o remount,bind,rw {data.Path}; touch {data.Path}/file'");
        Assert.False(finished.Status.IsSuccess);
        Assert.Empty(Directory.EnumerateFileSystemEntries(data.Path));
    }

    [Fact]
    public void Targets_are_absolute_and_sources_are_made_so()
    {
        Assert.Equal("/a/b", MountEntry.Tmpfs("//a/./b/").Target);
        Assert.Equal($"{Directory.GetCurrentDirectory()}/x on /y (bind, read-only)", MountEntry.BindReadOnly("x", "/y").ToString());
        foreach (string target in (string[])["", "a", "/a/../b", "/", "/.", "/a\0b"])
        {
            Assert.ThrowsAny<ArgumentException>(() => MountEntry.Tmpfs(target));
        }

        Assert.Throws<ArgumentOutOfRangeException>(static () => MountEntry.Tmpfs("/tmp", size: 0));
        Assert.ThrowsAny<ArgumentException>(static () => MountEntry.Bind(""));
    }

    [Fact]
    public void Options_out_of_range_are_refused_before_anything_starts()
    {
        IsolationOptions many = new() { Namespaces = Mount, Mounts = [.. Enumerable.Range(0, 65).Select(static i => MountEntry.Tmpfs($"/tmp/{i}"))] };
        Assert.Contains("at most 64", Assert.Throws<ArgumentException>(() => Shell.Run(many, "true")).Message, StringComparison.Ordinal);
        IsolationOptions proc = new() { Namespaces = Mount | User, Mounts = [MountEntry.Proc()] };
        Assert.Contains("Add Pid", Assert.Throws<ArgumentException>(() => Shell.Run(proc, "true")).Message, StringComparison.Ordinal);
    }

    [KernelTheory(Tools = BusyBoxRoot.Tool), AsCaller]
    public void Sixty_four_mounts_are_possible(Namespaces with)
    {
        using var root = new BusyBoxRoot();
        IsolationOptions options = root.Options(with, [.. Enumerable.Range(0, 64).Select(static i => MountEntry.Tmpfs($"/a/b/c/d/e/f/{i}"))]);
        Assert.Equal("64", Shell.Output(options, "ls /a/b/c/d/e/f | wc -l"));
    }
}
