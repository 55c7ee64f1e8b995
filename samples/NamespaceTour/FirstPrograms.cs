using NsGen;
using static NsGen.Namespaces;

namespace NamespaceTour;

/// <summary>
/// Rows 1 to 4: what every tutorial begins with. Root may create namespaces; <c>UserIfNeeded</c> gives anybody else a user namespace as well, in
/// which the right to create the others comes with being root.
/// </summary>
internal static partial class FirstPrograms
{
    /// <summary>A child with a body of its own, then one that executes a program. Nothing is isolated yet.</summary>
    public static void Clone()
    {
        Console.WriteLine($"parent: pid {Environment.ProcessId}");
        int returned = Child(NamespaceSet.Current().ToString());
        Console.WriteLine($"parent: the child returned {returned}");
        int exitCode = Shell("-c", "echo \"shell:  pid $$\"; exit 7");
        Console.WriteLine($"parent: the shell ended with exit code {exitCode}");
    }

    [Isolated]
    private static partial int Child(string parentsLinks);

    private static int ChildCore(string parentsLinks)
    {
        Console.WriteLine($"child:  pid {Environment.ProcessId}");
        Console.WriteLine($"child:  /proc/self/ns is {(NamespaceSet.Current().ToString() == parentsLinks ? "the same" : "another")} as the parent's");
        return 42;
    }

    [Isolated(Exec = "/bin/sh")]
    private static partial int Shell(params string[] arguments);

    /// <summary>The name is set before the program runs; the program may change it, and the outside does not see that either.</summary>
    public static void HostName()
    {
        InContainer("-c", "echo \"inside:  host name $(hostname)\"; hostname changed; echo \"inside:  host name $(hostname)\"");
        Console.WriteLine($"outside: host name {Environment.MachineName}");
    }

    [Isolated(Uts, Exec = "/bin/sh", HostName = "container", UserIfNeeded = true)]
    private static partial int InContainer(params string[] arguments);

    /// <summary>ipcmk -Q inside. While the queue exists the outside is asked, and once more afterwards.</summary>
    public static void MessageQueue()
    {
        Console.WriteLine($"outside: {Queues()} queues before");
        using (IsolatedProcess inside = MakeQueue(
            new() { StandardInput = Redirection.Pipe, StandardOutput = Redirection.Pipe }, "-c", "ipcmk -Q; ipcs -q | grep -c 0x; read _"))
        {
            Console.WriteLine($"inside:  {inside.StandardOutput.ReadLine()}");
            Console.WriteLine($"inside:  {inside.StandardOutput.ReadLine()} queues");
            Console.WriteLine($"outside: {Queues()} queues meanwhile");
        }

        Console.WriteLine($"outside: {Queues()} queues after");
    }

    [Isolated(Ipc, Exec = "/bin/sh", UserIfNeeded = true)]
    private static partial IsolatedProcess MakeQueue(IsolationOptions streams, params string[] arguments);

    /// <summary>The file has a line of headings.</summary>
    private static int Queues() => File.ReadLines("/proc/sysvipc/msg").Count() - 1;

    /// <summary>PID 1, and a parent that has no number here.</summary>
    public static void ProcessNumbers() => PidOne("-c", "echo $$ $PPID");

    [Isolated(Pid | Mount, Exec = "/bin/sh", UserIfNeeded = true)]
    private static partial int PidOne(params string[] arguments);
}
