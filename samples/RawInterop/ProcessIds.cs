using NsGen;
using Tmds.Linux;
using static NsGen.Namespaces;
using static Tmds.Linux.LibC;

namespace RawInterop;

/// <summary>unshare(2) of a PID namespace: being PID 1.</summary>
internal static partial class ProcessIds
{
    public static int ReadPidRaw()
    {
        if (unshare(CLONE_NEWPID) != 0)
        {
            return -1;
        }

        // NSG201: the number it always had. Only children born from now on are in the namespace.
        int pid = getpid();

        // NSG201: pthread_create says EINVAL until the namespace is left, and .NET makes an OutOfMemoryException of it.
        new Thread(() => Console.WriteLine("watching")).Start();
        return pid;
    }

    /// <summary>A child that is PID 1, with a /proc that shows it.</summary>
    [Isolated(Pid | Mount, UserIfNeeded = true)]
    public static partial int ReadPid();

    private static int ReadPidCore() => Environment.ProcessId;
}
