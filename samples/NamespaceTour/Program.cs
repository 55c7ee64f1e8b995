// The programs of the namespace tutorials, which are written in C or typed into a shell, as calls from C#. All of them run in turn, or one:
//
//     dotnet run --project samples/NamespaceTour [number | name]

using System.Globalization;
using System.Runtime.Versioning;
using NamespaceTour;
using NsGen;

[assembly: SupportedOSPlatform("linux")]

Row[] rows =
[
    new(1, "clone", "clone(child, stack, SIGCHLD): a child process", FirstPrograms.Clone),
    new(2, "uts", "CLONE_NEWUTS: a host name of its own", FirstPrograms.HostName),
    new(3, "ipc", "CLONE_NEWIPC: a message queue seen inside only", FirstPrograms.MessageQueue),
    new(4, "pid", "CLONE_NEWPID: echo $$ $PPID", FirstPrograms.ProcessNumbers),
    new(5, "proc", "CLONE_NEWPID | CLONE_NEWNS: ps ax with a /proc of its own", Surroundings.Processes),
    new(6, "net", "CLONE_NEWNET: ip link", Surroundings.Devices),
    new(7, "three", "CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET in one launch", Surroundings.Three),
    new(8, "user", "CLONE_NEWUSER: root inside, an ordinary user outside", Surroundings.Root),
    new(9, "time", "CLONE_NEWCGROUP and CLONE_NEWTIME: the root of the groups, clocks that were moved", Surroundings.GroupsAndClocks),
    new(10, "nsenter", "setns(fd, nstype), then a program", Joining.Enter),
    new(11, "setns-pid", "setns(fd, CLONE_NEWPID): the caller stays, its next child is inside", Joining.EnterPid),
    new(12, "unshare", "unshare(flags): a program, and a thread of this process", Joining.Unshare),
    new(13, "links", "ls -l /proc/$$/ns: are two processes in one namespace?", Lifetimes.Links),
    new(14, "pin", "A namespace lives on while its file is open or mounted", Lifetimes.Survivor),
    new(15, "fork-unshare", "clone(flags) is fork() and unshare(flags), but for PID", Lifetimes.ForkAndUnshare),
    new(16, "eperm", "CLONE_NEWUTS without privilege", Lifetimes.WithoutPrivilege),
];

Row[] chosen = args is [var choice]
    ? [.. rows.Where(row => row.Name == choice || row.Number.ToString(CultureInfo.InvariantCulture) == choice)]
    : rows;
if (args.Length > 1 || chosen.Length == 0)
{
    Console.Error.WriteLine($"usage: NamespaceTour [number | name]\n\n{string.Join('\n', rows.Select(static row => row.Heading))}");
    return 2;
}

int failures = 0;
foreach (Row row in chosen)
{
    Console.WriteLine(row.Heading);
    try
    {
        row.Run();
    }
    catch (NamespaceException e)
    {
        // What is missing on this machine: a tool, a kernel feature, the permission to create user namespaces.
        Console.WriteLine($"    error: {e.Message}");
        failures++;
    }

    Console.WriteLine();
}

return failures == 0 ? 0 : 1;

internal sealed record Row(int Number, string Name, string Title, Action Run)
{
    public string Heading => $"{Number,2} {Name}: {Title}";
}
