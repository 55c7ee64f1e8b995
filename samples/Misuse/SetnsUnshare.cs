// NSG2xx: setns(2) and unshare(2), which concern a thread, in a process whose threads are the runtime's.

using Microsoft.Win32.SafeHandles;
using static Misuse.LibC;

namespace Misuse;

internal static unsafe class SetnsUnshare
{
    public static int BecomeInit()
    {
        Check(unshare(CLONE_NEWPID));

        // NSG201: the old pid. Only children born from now on are in the namespace.
        return Environment.ProcessId;
    }

    // NSG202: EINVAL, always. A .NET process has several threads before Main runs, and all of them share one user namespace.
    public static void BecomeRoot() => Check(unshare(CLONE_NEWUSER));

    public static void EnterMounts(int processId)
    {
        using SafeFileHandle mounts = File.OpenHandle($"/proc/{processId}/ns/mnt");

        // NSG203: EINVAL. All threads share the root directory that this would change; unshare(CLONE_FS) ends that for this one.
        Check(setns((int)mounts.DangerousGetHandle(), CLONE_NEWNS));
    }

    public static Task<int> CountAsync(int network) => Task.Run(() =>
    {
        // NSG204: nobody leads the thread back. Whatever the pool runs on it next has no network, or another.
        Check(setns(network, CLONE_NEWNET));
        return Directory.GetDirectories("/sys/class/net").Length;
    });

    public static void EnterNetwork(int processId)
    {
        using SafeFileHandle network = File.OpenHandle($"/proc/{processId}/ns/net");

        // NSG205: EINVAL. The file is that of a network namespace.
        Check(setns((int)network.DangerousGetHandle(), CLONE_NEWUTS));
    }

    // NSG206: enters whatever the descriptor stands for, and reports success.
    public static void Enter(int descriptor) => Check(setns(descriptor, 0));

    public static void PrivateTmp()
    {
        Check(unshare(CLONE_NEWNS));

        // NSG207: where systemd has made / shared, this hides the host's /tmp as well.
        Check(mount("none", "/tmp", "tmpfs", 0, null));
    }

    public static int Reap()
    {
        int status;

        // NSG208: takes the children of Process too. The runtime ends the program when it misses one.
        return Check(waitpid(-1, &status, 0));
    }

    // NSG209: EPERM for anybody but root, until "deny" stands in /proc/PID/setgroups.
    public static void MapGroup(int child, uint group) => File.WriteAllText($"/proc/{child}/gid_map", $"0 {group} 1\n");
}
