using Microsoft.Win32.SafeHandles;
using NsGen.Native;

namespace NsGen.Tests;

public sealed class InheritedHandlesTests
{
    [KernelTheory, AsCaller]
    public void They_become_3_4_5_in_the_order_given(Namespaces with)
    {
        using var directory = new TemporaryDirectory();
        string[] files = [directory.Write("a", "a"), directory.Write("b", "b"), directory.Write("c", "c")];
        SafeFileHandle[] handles = [.. files.Select(static file => File.OpenHandle(file))];
        var options = new IsolationOptions { Namespaces = with };
        foreach (int index in (int[])[2, 0, 1])
        {
            options.InheritedHandles.Add(handles[index]);
        }

        Assert.Equal("c a b", Shell.Output(options, "echo $(cat <&3) $(cat <&4) $(cat <&5)"));
        Assert.All(handles, static handle => handle.Dispose());
    }

    [KernelFact]
    public void The_same_handle_may_be_given_twice()
    {
        using SafeFileHandle zero = File.OpenHandle("/dev/zero");
        var options = new IsolationOptions();
        options.InheritedHandles.Add(zero);
        options.InheritedHandles.Add(zero);
        Assert.Equal("/dev/zero /dev/zero", Shell.Output(options, "echo $(readlink /proc/$$/fd/3) $(readlink /proc/$$/fd/4)"));
    }

    [KernelFact]
    public void Nothing_else_crosses_whether_close_on_exec_or_not()
    {
        // As native libraries do: without O_CLOEXEC.
        using SafeFileHandle open = FileDescriptor.Owned(LibC.Open("/dev/zero", 0));
        Assert.Equal(0, LibC.Fcntl(open.Number(), LibC.F_GETFD, 0));
        Assert.Equal("0\n1\n2\n3", Shell.RunProgram(new(), "/bin/ls", "/proc/self/fd").Output); // 3 is the directory that ls reads

        using SafeFileHandle wanted = File.OpenHandle("/dev/null");
        var options = new IsolationOptions();
        options.InheritedHandles.Add(wanted);
        Assert.Equal("0\n1\n2\n3\n4", Shell.RunProgram(options, "/bin/ls", "/proc/self/fd").Output);
    }

    /// <summary>A child may share the parent's table until it closes what is not its own: that must not close it here.</summary>
    [KernelTheory, AsCaller]
    public void The_parent_keeps_what_the_child_closes(Namespaces with)
    {
        using SafeFileHandle open = File.OpenHandle("/dev/zero");
        using (IsolatedProcess child = IsolatedProcess.Start("/bin/sh", ["-c", "[ $(ls /proc/self/fd | wc -l) = 4 ]"], new() { Namespaces = with }))
        {
            Assert.Equal(0, child.WaitForExit().ExitCode);
        }

        Assert.Throws<LaunchException>(() => IsolatedProcess.Start("/no/such/program", [], new() { Namespaces = with }));
        byte[] one = [1];
        Assert.Equal(1, RandomAccess.Read(open, one, 0));
        Assert.Equal(0, one[0]);
    }

    [KernelFact]
    public void A_descriptor_left_open_would_be_seen()
    {
        // The twin: Process.Start leaves what is not close-on-exec open, and the same command shows it.
        using SafeFileHandle open = FileDescriptor.Owned(LibC.Open("/dev/zero", 0));
        string seen = TestApp.Run(new("/bin/sh", ["-c", "echo $(readlink /proc/$$/fd/*)"])).Output;
        Assert.Contains("/dev/zero", seen, StringComparison.Ordinal);
    }

    [KernelFact]
    public void A_managed_body_has_no_descriptor_of_the_parents()
    {
        using SafeFileHandle open = FileDescriptor.Owned(LibC.Open("/dev/full", 0));
        string[] seen = IsolatedMethods.OpenFiles(new());
        Assert.DoesNotContain("/dev/full", seen);
        Assert.Single(seen, static target => target.StartsWith("socket:", StringComparison.Ordinal)); // the result channel
    }

    [KernelFact]
    public void A_managed_body_finds_its_handles_from_3_on()
    {
        using SafeFileHandle full = File.OpenHandle("/dev/full");
        var options = new IsolationOptions();
        options.InheritedHandles.Add(full);
        Assert.Equal("/dev/full", IsolatedMethods.Target("/proc/self/fd/3", options));
    }

    [KernelFact]
    public void Many_are_possible()
    {
        using SafeFileHandle zero = File.OpenHandle("/dev/zero");
        var options = new IsolationOptions();
        for (int i = 0; i < 60; i++)
        {
            options.InheritedHandles.Add(zero);
        }

        Assert.Equal(64, Shell.RunProgram(options, "/bin/ls", "/proc/self/fd").Output.Split('\n').Length);
    }
}
