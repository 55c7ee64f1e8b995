using NsGen.Native;

namespace NsGen.Tests;

public sealed class RootDirectoryTests
{
    [KernelTheory(Tools = BusyBoxRoot.Tool), AsCaller]
    public void The_program_sees_the_new_root_and_nothing_else(Namespaces with)
    {
        using var root = new BusyBoxRoot();
        Assert.Equal("bin\nproc\n/", Shell.Output(root.Options(with), "ls / && pwd"));

        // The old root is gone from the namespace, not merely hidden.
        Assert.Equal("/\n/proc", Shell.Output(root.Options(with), "awk '{print $5}' /proc/self/mountinfo"));
    }

    [KernelTheory(Tools = BusyBoxRoot.Tool), AsCaller]
    public void No_chroot_escape_leads_out(Namespaces with)
    {
        using var root = new BusyBoxRoot();
        Assert.Equal("bin\nproc", Shell.Output(root.Options(with), "cd ../../../.. && ls . && test ! -e /etc"));
    }

    [KernelTheory(Tools = BusyBoxRoot.Tool), AsCaller]
    public void The_hosts_mounts_are_unchanged(Namespaces with)
    {
        using var root = new BusyBoxRoot();
        string before = File.ReadAllText("/proc/self/mountinfo");
        Shell.Output(root.Options(with, MountEntry.Tmpfs("/tmp"), MountEntry.Dev()), "true");
        Assert.Equal(before, File.ReadAllText("/proc/self/mountinfo"));
    }

    [KernelTheory(Tools = BusyBoxRoot.Tool), AsCaller]
    public void The_program_is_found_in_the_roots_own_PATH(Namespaces with)
    {
        using var root = new BusyBoxRoot();
        Finished found = Shell.RunProgram(root.Options(with), "readlink", "/proc/self/exe");
        Assert.Equal("/bin/busybox", found.Output);
    }

    [KernelTheory(Tools = BusyBoxRoot.Tool), AsCaller]
    public void The_first_directory_of_PATH_wins_also_where_it_is_mounted(Namespaces with)
    {
        using var root = new BusyBoxRoot();
        using var tools = new TemporaryDirectory();
        tools.Write("which", "#!/bin/sh\necho mounted\n", executable: true);
        root.Write("bin/which", "");
        IsolationOptions options = root.Options(with, MountEntry.BindReadOnly(tools.Path, "/sbin"));
        Assert.Equal("mounted", Shell.RunProgram(options, "which").Output);
    }

    [KernelTheory(Tools = BusyBoxRoot.Tool), AsCaller]
    public void A_link_to_an_absolute_path_is_followed_inside(Namespaces with)
    {
        using var root = new BusyBoxRoot();
        File.CreateSymbolicLink(Path.Combine(root.Path, "bin/hello"), "/bin/busybox");
        root.Write("etc/passwd", "mine");
        Assert.Equal("mine", Shell.RunProgram(root.Options(with), "cat", "/etc/passwd").Output);
        Assert.Equal("mine", Shell.RunProgram(root.Options(with), "sh", "-c", "cat /../etc/passwd").Output);
        Assert.Contains("hello", Shell.RunProgram(root.Options(with), "hello").Error, StringComparison.Ordinal);
    }

    [KernelTheory(Tools = BusyBoxRoot.Tool), AsCaller]
    public void A_program_the_root_does_not_have_is_not_run_from_the_host(Namespaces with)
    {
        using var root = new BusyBoxRoot();
        var missing = Assert.Throws<LaunchException>(() => Shell.RunProgram(root.Options(with), "dd"));
        Assert.Equal(Errno.ENOENT, missing.Errno);
        Assert.Contains("No directory of PATH has a program of the name dd inside the root.", missing.Message, StringComparison.Ordinal);

        var dynamic = Assert.Throws<LaunchException>(() =>
        {
            File.Copy("/bin/true", Path.Combine(root.Path, "bin/dynamic"));
            Shell.RunProgram(root.Options(with), "dynamic");
        });
        Assert.Equal("execve /bin/dynamic", dynamic.Step);
        Assert.Contains("dynamic loader", dynamic.Hint, StringComparison.Ordinal);
    }

    [KernelTheory(Tools = BusyBoxRoot.Tool), AsCaller]
    public void The_working_directory_is_one_inside(Namespaces with)
    {
        using var root = new BusyBoxRoot();
        IsolationOptions options = root.Options(with, MountEntry.Tmpfs("/tmp"));
        options.WorkingDirectory = "/tmp";
        Assert.Equal("/tmp", Shell.RunProgram(options, "pwd").Output);
    }

    [KernelTheory(Tools = BusyBoxRoot.Tool), AsCaller]
    public void A_read_only_root_takes_no_file_but_its_mounts_do(Namespaces with)
    {
        using var root = new BusyBoxRoot();
        using var data = new TemporaryDirectory();
        IsolationOptions options = root.Options(with, MountEntry.Tmpfs("/tmp"), MountEntry.Bind(data.Path, "/var/data"), MountEntry.Dev(),
            MountEntry.Bind(data.Write("file", ""), "/var/file"));
        options.ReadOnlyRoot = true;
        Finished finished = Shell.Run(options, "touch /tmp/a /var/data/b && echo x > /dev/null && test -f /var/file && echo made; touch /c");
        Assert.Equal("made", finished.Output);
        Assert.Contains("Read-only file system", finished.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(data.Path, "b")));
        Assert.False(root.Has("c"));
    }

    [KernelTheory, AsCaller]
    public void The_callers_own_root_can_be_made_read_only(Namespaces with)
    {
        using var directory = new TemporaryDirectory();
        var options = new IsolationOptions { Namespaces = Mount | with, ReadOnlyRoot = true, Mounts = [MountEntry.Tmpfs("/tmp")] };
        Finished finished = Shell.Run(options, "touch /tmp/a && echo made; touch /var/tmp/nsgen");
        Assert.Equal("made", finished.Output);
        Assert.Contains("Read-only file system", finished.Error, StringComparison.Ordinal);
        options.Mounts = null;
        Assert.Equal(Directory.GetCurrentDirectory(), Shell.Output(options, "pwd -P"));
    }

    [KernelTheory(Tools = BusyBoxRoot.Tool), AsCaller]
    public void The_host_root_itself_can_be_the_root(Namespaces with)
        => Assert.Equal("1", Shell.Output(new() { Namespaces = Mount | Pid | with, RootDirectory = "/" }, "echo $$"));

    [KernelTheory(Tools = BusyBoxRoot.Tool), AsCaller]
    public void Slave_propagation_goes_with_a_root(Namespaces with)
    {
        using var root = new BusyBoxRoot();
        IsolationOptions options = root.Options(with);
        options.Propagation = MountPropagation.Slave;
        Assert.Equal("bin\nproc", Shell.RunProgram(options, "ls", "/").Output);
    }

    [KernelTheory, AsCaller]
    public void A_root_that_does_not_exist_is_reported(Namespaces with)
    {
        var missing = Assert.Throws<LaunchException>(
            () => Shell.Run(new() { Namespaces = Mount | with, RootDirectory = "/nonexistent-root" }, "true"));
        Assert.Equal(Errno.ENOENT, missing.Errno);
        Assert.Equal("RootDirectory does not exist.", missing.Hint);
        var file = Assert.Throws<LaunchException>(() => Shell.Run(new() { Namespaces = Mount | with, RootDirectory = "/etc/passwd" }, "true"));
        Assert.Equal(Errno.ENOTDIR, file.Errno);
    }

    [KernelFact]
    public void It_needs_a_mount_namespace_of_its_own()
    {
        foreach (IsolationOptions options in (IsolationOptions[])[
            new() { RootDirectory = "/srv" },
            new() { ReadOnlyRoot = true },
            new() { Mounts = [MountEntry.Tmpfs("/tmp")] }])
        {
            Assert.Contains("needs Mount", Assert.Throws<ArgumentException>(() => Shell.Run(options, "true")).Message, StringComparison.Ordinal);
        }

        var shared = new IsolationOptions { Namespaces = Mount, RootDirectory = "/srv", Propagation = MountPropagation.Shared };
        Assert.Contains("pivot_root", Assert.Throws<ArgumentException>(() => Shell.Run(shared, "true")).Message, StringComparison.Ordinal);
    }
}
