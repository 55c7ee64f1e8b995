// The first three programs of the namespace tutorials, as calls of C# methods: a child process, a child with a host name of its own, a
// child that is PID 1. Then what C cannot show: a typed result and an exception that come back from there.

using System.Runtime.Versioning;
using NsGen;
using static NsGen.Namespaces;

[assembly: SupportedOSPlatform("linux")]

Console.WriteLine($"parent: pid {Environment.ProcessId}, host name {Environment.MachineName}");

// 1. clone(child, stack_top, SIGCHLD): no namespace yet, a child process like any other.
int exitCode = HelloContainer.PlainChild();
Console.WriteLine($"parent: the child ended with exit code {exitCode}");

// 2. CLONE_NEWUTS | CLONE_NEWPID, and a /proc that fits them (Mount), with a program: $$ is 1, $PPID is 0. Root may create these namespaces;
// with UserIfNeeded anybody else gets a user namespace as well, and is root in there.
HelloContainer.Shell("-c", "echo \"shell:  pid $$, parent $PPID, host name $(hostname)\"");

// 3. The same with a method: argument and result are typed.
Greeting greeting = HelloContainer.Greet("world");
Console.WriteLine($"child:  pid {greeting.ProcessId}, host name {greeting.HostName}, says \"{greeting.Text}\"");

// 4. What the method throws arrives as an exception, with the stack it had in the child.
try
{
    HelloContainer.Fail();
}
catch (IsolatedMethodException e)
{
    Console.WriteLine($"parent: the child threw {e.RemoteType}: {e.RemoteMessage}");
}

Console.WriteLine($"parent: pid {Environment.ProcessId}, host name {Environment.MachineName} as before");

internal sealed record Greeting(string Text, int ProcessId, string HostName);

internal static partial class HelloContainer
{
    [Isolated]
    public static partial int PlainChild();

    private static int PlainChildCore()
    {
        Console.WriteLine($"child:  pid {Environment.ProcessId}, host name {Environment.MachineName}");
        return 42;
    }

    [Isolated(Uts | Pid | Mount, Exec = "/bin/sh", HostName = "container", UserIfNeeded = true)]
    public static partial int Shell(params string[] arguments);

    [Isolated(Uts | Pid | Mount, HostName = "container", UserIfNeeded = true)]
    public static partial Greeting Greet(string name);

    private static Greeting GreetCore(string name) => new($"hello {name}", Environment.ProcessId, Environment.MachineName);

    [Isolated(Uts | Pid | Mount, UserIfNeeded = true)]
    public static partial void Fail();

    private static void FailCore() => throw new InvalidOperationException("no such ship");
}
