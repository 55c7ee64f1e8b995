using System.Globalization;
using NsGen.Native;

namespace NsGen.Tests;

public sealed class NamespaceSetTests
{
    [KernelFact]
    public void It_prints_as_ls_does()
    {
        string listed = Shell.Output(new(), $"ls -l /proc/{Environment.ProcessId}/ns");
        string[] links = [.. listed.Split('\n')
            .Skip(1)
            .Select(static line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^3..]))];
        Assert.Contains(links, static link => link.StartsWith("pid_for_children -> pid:[", StringComparison.Ordinal));
        Assert.Equal(links, NamespaceSet.Of(Environment.ProcessId).ToString().Split('\n'));
    }

    [KernelFact]
    public void Each_id_is_that_of_the_handle()
    {
        NamespaceSet own = NamespaceSet.Current();
        foreach (Namespaces kind in Proc.Links.Keys)
        {
            using NamespaceHandle handle = NamespaceHandle.Current(kind);
            Assert.Equal(handle.Id, own[kind]);
        }

        Assert.Equal(own[Pid], own.PidForChildren);
        Assert.Equal(own[Time], own.TimeForChildren);
    }

    [KernelFact]
    public void A_plain_child_is_in_the_same_namespaces()
    {
        using IsolatedProcess child = Shell.StartWaiting(new());
        NamespaceSet own = NamespaceSet.Current();
        NamespaceSet childs = NamespaceSet.Of(child.Id);
        Assert.Equal(None, own.Differences(childs));
        Assert.Equal(own, childs);
        Assert.True(own == childs);
        Assert.False(own != childs);
        Assert.Equal(own.GetHashCode(), childs.GetHashCode());
        Assert.False(own.Equals(null));
        child.Kill();
    }

    [KernelTheory, AsCaller]
    public void Differences_are_what_was_created(Namespaces user)
    {
        foreach (Namespaces kinds in (Namespaces[])[Uts, Pid | Mount, Net | Ipc | Cgroup, Time, All])
        {
            using IsolatedProcess child = Shell.StartWaiting(new() { Namespaces = kinds | user });
            NamespaceSet childs = NamespaceSet.Of(child.Id);
            Assert.Equal(kinds | user, childs.Differences(NamespaceSet.Current()));
            Assert.Equal(kinds | user, NamespaceSet.Current().Differences(childs));
            Assert.False(childs == NamespaceSet.Current());
            child.Kill();
        }
    }

    [KernelTheory, AsCaller]
    public void After_unshare_of_pid_only_future_children_are_elsewhere(Namespaces user) => InChild.Run(UnsharePid, user | Uts);

    private static void UnsharePid()
    {
        NamespaceSet before = NamespaceSet.Current();
        NamespaceSet? unborn = null;
        var thread = new Thread(() =>
        {
            Assert.Equal(0, LibC.Syscall(SyscallNumbers.Unshare, (nint)Pid));
            unborn = NamespaceSet.Current();
        });
        thread.Start();
        thread.Join();
        Assert.Equal(before[Pid], unborn![Pid]);
        Assert.Null(unborn.PidForChildren); // no process has been born there
        Assert.DoesNotContain("pid_for_children", unborn.ToString(), StringComparison.Ordinal);
        Assert.Equal(before, unborn);
    }

    [KernelTheory, AsCaller]
    public void It_is_that_of_the_thread_for_the_thread_and_of_the_first_for_the_process(Namespaces user)
        => InChild.Run(MoveAThread, user | Uts);

    private static void MoveAThread()
    {
        NamespaceSet process = NamespaceSet.Of(Environment.ProcessId);
        NamespaceSet? moved = null;
        NamespaceSet? byNumber = null;
        NamespaceSet? meanwhile = null;
        var thread = new Thread(() =>
        {
            Assert.Equal(0, LibC.Syscall(SyscallNumbers.Unshare, (nint)Uts));
            moved = NamespaceSet.Current();
            string self = File.ResolveLinkTarget("/proc/thread-self", returnFinalTarget: false)!.Name;
            byNumber = NamespaceSet.Of(int.Parse(self, CultureInfo.InvariantCulture));
            meanwhile = NamespaceSet.Of(Environment.ProcessId);
        });
        thread.Start();
        thread.Join();
        Assert.Equal(Uts, process.Differences(moved!));
        Assert.Equal(moved, byNumber);
        Assert.Equal(process, meanwhile);
    }
}
