// NsGen's own style: isolated methods and a program in namespaces.
using NsGen;
using static NsGen.Namespaces;

public static partial class Greeter
{
    [Isolated(Uts | Pid | Mount, HostName = "container")]
    public static partial string Greet(string name);

    private static string GreetCore(string name) => $"hello {name} from {Environment.MachineName}, pid {Environment.ProcessId}";
}
