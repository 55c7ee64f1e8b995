using NsGen;
using static NsGen.Namespaces;

namespace NamespaceTour;

/// <summary>Rows 10 to 12: namespaces that are there already, and those made without a new process.</summary>
internal static partial class Joining
{
    private const Namespaces Kinds = Mount | Uts | Ipc | Net | Pid;

    /// <summary>nsenter --target PID --mount --uts --ipc --net --pid. All in one setns(2) on the target's pidfd.</summary>
    public static void Enter()
    {
        using IsolatedProcess other = Start();
        using var target = NamespaceTarget.FromProcess(other);
        JoinAll(target, Differing(other), "-c", "echo \"inside:  $(hostname)\"; ps ax");

        try
        {
            // setns(fd, CLONE_NEWUTS) on a network namespace is EINVAL, and says no more.
            using var handle = NamespaceHandle.Open("/proc/self/ns/net", Uts);
        }
        catch (NamespaceException e)
        {
            Console.WriteLine($"mismatch: {e.Message}");
        }
    }

    /// <summary>The caller's own link does not change, neither by joining nor by leaving.</summary>
    public static void EnterPid()
    {
        using IsolatedProcess other = Start();
        using var target = NamespaceTarget.FromProcess(other);
        NamespaceId? before = NamespaceSet.Current()[Pid];
        Console.WriteLine($"target:  pid:{NamespaceSet.Of(other.Id)[Pid]}");
        Console.WriteLine($"caller:  pid:{before}");
        JoinPid(target, new() { Join = Pid | (Differing(other).Join & User) }, "-c", "echo \"child:   $(readlink /proc/self/ns/pid)\"");
        Console.WriteLine($"caller:  pid:{NamespaceSet.Current()[Pid]}, {(NamespaceSet.Current()[Pid] == before ? "as before" : "changed")}");
    }

    /// <summary>unshare --mount --ipc --net --pid --fork --mount-proc, then what needs no new process: one thread with a host name of its own.</summary>
    public static void Unshare()
    {
        Unshared("-c", "ps ax; ip -brief link");
        try
        {
            Console.WriteLine($"thread:  {OnThread()}");
        }
        catch (NamespaceException e)
        {
            // A thread of a process that has several cannot have a user namespace, so here is no way around CAP_SYS_ADMIN.
            Console.WriteLine($"thread:  {e.Message}");
        }

        Console.WriteLine($"process: pid {Environment.ProcessId}, host name {Environment.MachineName}");
    }

    [Isolated(Join = Kinds, Exec = "/bin/sh")]
    private static partial int JoinAll(NamespaceTarget target, IsolationOptions options, params string[] arguments);

    [Isolated(Join = Pid, Exec = "/bin/sh")]
    private static partial int JoinPid(NamespaceTarget target, IsolationOptions options, params string[] arguments);

    [Isolated(Mount | Ipc | Net | Pid, Exec = "/bin/sh", UserIfNeeded = true)]
    private static partial int Unshared(params string[] arguments);

    [Isolated(Uts, Mode = IsolationMode.Thread, HostName = "thread")]
    private static partial string OnThread();

    private static string OnThreadCore() => $"pid {Environment.ProcessId}, host name {Environment.MachineName}";

    private static IsolatedProcess Start() => IsolatedProcess.Start(
        "cat", [], new() { Namespaces = Kinds, UserIfNeeded = true, HostName = "target", StandardInput = Redirection.Pipe });

    /// <summary>Whoever needed a user namespace to create the others has to join that one, too.</summary>
    private static IsolationOptions Differing(IsolatedProcess other) => new() { Join = NamespaceSet.Of(other.Id).Differences(NamespaceSet.Current()) };
}
