using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using NsGen;
using static NsGen.Namespaces;

[assembly: SupportedOSPlatform("linux")]

var options = new IsolationOptions { Namespaces = Environment.IsPrivilegedProcess ? Uts | Pid : Uts | Pid | User };
Console.WriteLine(Demo.Greet("world", options));
Console.WriteLine(Demo.Add(new Sum(2, 3), options));

internal sealed record Sum(int Left, int Right);

[System.Text.Json.Serialization.JsonSerializable(typeof(Sum))]
internal sealed partial class DemoContext : System.Text.Json.Serialization.JsonSerializerContext;

internal static partial class Demo
{
    [Isolated(Uts | Pid, HostName = "container")]
    public static partial string Greet(string name, IsolationOptions options);

    private static string GreetCore(string name) => $"hello {name} from {Environment.MachineName}, pid {Environment.ProcessId}";

    [Isolated(Uts | Pid, JsonContext = typeof(DemoContext))]
    public static partial int Add(Sum sum, IsolationOptions options);

    private static int AddCore(Sum sum) => sum.Left + sum.Right;

    // For the rules: the result of a call that may fail is thrown away.
    [DllImport("libc", SetLastError = true)]
    private static extern int unshare(int flags);

    public static void Leave()
    {
        unshare(0x04000000);
    }
}
