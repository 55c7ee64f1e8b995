// NSG3xx: bodies of isolated methods that forget where they run.

using NsGen;
using static NsGen.Namespaces;

namespace Misuse;

internal static partial class Bodies
{
    private static readonly List<string> s_found = [];

    private static string s_root = "/";

    // NSG302 is about this: the child has its own s_root, and nobody has called SetRoot there.
    public static void SetRoot(string root) => s_root = root;

    [Isolated(Net)]
    public static partial void Scan();

    private static void ScanCore()
    {
        // NSG302: "/", whatever SetRoot was given.
        foreach (string file in Directory.EnumerateFiles(s_root))
        {
            // NSG301: the child's list, which dies with it. The caller's stays empty.
            s_found.Add(file);
        }
    }

    [Isolated(Net, Mode = IsolationMode.Thread)]
    public static partial int CountInterfaces();

    // NSG303: the pool's new thread stays in the namespace, or an old one was never in it.
    private static int CountInterfacesCore() => Task.Run(() => Directory.GetDirectories("/sys/class/net").Length).Result;

    [Isolated(Uts)]
    public static partial int Depth(string directory);

    // NSG304: one more process for each level, every one with a runtime of its own.
    private static int DepthCore(string directory)
        => Directory.GetDirectories(directory) is [var first, ..] ? 1 + Depth(first) : 0;

    [Isolated(Time, BoottimeOffsetSeconds = 86400)]
    public static partial DateTime Tomorrow();

    // NSG305: today. A time namespace moves the monotonic and the boot clock, and a machine has one date.
    private static DateTime TomorrowCore() => DateTime.UtcNow;

    // NSG306: the host's processes: /proc is the host's still.
    [Isolated(Pid, Exec = "/bin/ps")]
    public static partial int ListProcesses();

    [Isolated(Ipc)]
    public static partial string Convert(string document);

    private static string ConvertCore(string document)
    {
        if (document.Length == 0)
        {
            // NSG307: no result. The call throws IsolatedExitException, and says exit code 0.
            Environment.Exit(0);
        }

        return document.ToUpperInvariant();
    }
}
