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

// Root may create namespaces. Anybody else gets a user namespace as well, and is root in there.
var options = new IsolationOptions { Namespaces = Environment.IsPrivilegedProcess ? Uts | Pid : Uts | Pid | User };

// 2. CLONE_NEWUTS | CLONE_NEWPID with a program: $$ is 1, $PPID is 0.
HelloContainer.Shell(options, "-c", "echo \"shell:  pid $$, parent $PPID, host name $(hostname)\"");

// 3. The same with a method: argument and result are typed.
Greeting greeting = HelloContainer.Greet("world", options);
Console.WriteLine($"child:  pid {greeting.ProcessId}, host name {greeting.HostName}, says \"{greeting.Text}\"");

// 4. What the method throws arrives as an exception, with the stack it had in the child.
try
{
    HelloContainer.Fail(options);
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

    [Isolated(Uts | Pid, Exec = "/bin/sh", HostName = "container")]
    public static partial int Shell(IsolationOptions options, params string[] arguments);

    [Isolated(Uts | Pid, HostName = "container")]
    public static partial Greeting Greet(string name, IsolationOptions options);

    private static Greeting GreetCore(string name) => new($"hello {name}", Environment.ProcessId, Environment.MachineName);

    [Isolated(Uts | Pid)]
    public static partial void Fail(IsolationOptions options);

    private static void FailCore() => throw new InvalidOperationException("no such ship");
}
