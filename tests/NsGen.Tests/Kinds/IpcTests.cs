namespace NsGen.Tests;

public sealed class IpcTests
{
    [KernelTheory(Tools = "ipcmk"), AsCaller]
    public void A_message_queue_made_inside_is_not_seen_outside(Namespaces with)
    {
        int before = Queues();
        string inside = Shell.In(Ipc | with, "ipcmk -Q >/dev/null && tail -n +2 /proc/sysvipc/msg | wc -l");
        Assert.Equal("1", inside.Trim());
        Assert.Equal(before, Queues());
    }

    [KernelTheory, AsCaller]
    public void The_child_starts_without_the_parents_queues(Namespaces with)
        => Assert.Equal("0", Shell.In(Ipc | with, "tail -n +2 /proc/sysvipc/msg | wc -l").Trim());

    private static int Queues() => File.ReadLines("/proc/sysvipc/msg").Count() - 1;
}
