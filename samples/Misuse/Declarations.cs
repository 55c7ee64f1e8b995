// NSG0xx: isolated methods that are declared in a way that cannot work. The comment says what would happen without the rule.

using System.Diagnostics;
using NsGen;
using static NsGen.Namespaces;

namespace Misuse;

internal static partial class Declarations
{
    // NSG001: not partial, so nothing is generated. The host's own name changes.
    [Isolated(Uts)]
    public static void Rename(string name) => File.WriteAllText("/proc/sys/kernel/hostname", name);

    // NSG003: no BuildCore(string). Every call throws.
    [Isolated(Mount | Net)]
    public static partial int Build(string directory);

    // NSG004: a delegate is an address in this process. Every call throws.
    [Isolated(Net)]
    public static partial int Crawl(Uri start, Action<string> found);

    private static int CrawlCore(Uri start, Action<string> found)
    {
        found(start.Host);
        return 1;
    }

    // NSG005: the stream would be the child's, and the child has ended. Every call throws.
    [Isolated(Net)]
    public static partial Stream Download(Uri address);

    private static Stream DownloadCore(Uri address) => new MemoryStream(new byte[address.Port]);

    // NSG006: a thread cannot be PID 1. Every call throws.
    [Isolated(Pid, Mode = IsolationMode.Thread)]
    public static partial int First();

    private static int FirstCore() => 1;

    // NSG007: what follows the await runs on a thread of the pool, in the host's network. Every call throws.
    [Isolated(Net, Mode = IsolationMode.Thread)]
    public static partial Task<int> CountAsync();

    private static async Task<int> CountAsyncCore()
    {
        await Task.Yield();
        return Directory.GetDirectories("/sys/class/net").Length;
    }

    // NSG008: a host name without a Uts namespace would be the host's. Every call throws.
    [Isolated(Ipc, HostName = "worker")]
    public static partial int Work();

    private static int WorkCore() => 0;

    // NSG009: the kernel takes 64 bytes. Every call throws.
    [Isolated(Uts, HostName = "a-name-that-was-made-of-the-branch-and-of-the-commit-and-of-the-date")]
    public static partial int Test();

    private static int TestCore() => 0;

    // NSG010: a child process, and the host's namespaces. A bare [Isolated] isolates memory, nothing else.
    [Isolated]
    public static partial int Parse(string untrusted);

    private static int ParseCore(string untrusted) => untrusted.Length;

    // NSG011: the child is told by name what to run, and T has none there. Every call throws.
    [Isolated(Net)]
    public static partial T Load<T>(string path);

    private static T LoadCore<T>(string path) => (T)(object)File.ReadAllText(path);

    // NSG012: 35 ms to start a .NET runtime that starts ip(8). Exec = "/sbin/ip" does not need it.
    [Isolated(Net)]
    public static partial void ShowLinks();

    private static void ShowLinksCore() => Process.Start("/sbin/ip", "link").WaitForExit();
}

// NSG002: nothing can be written into Jobs, so Clean has no body, and C# drops the calls of a method without one. (With "public" in front
// of Clean, which NSG001 asks for, C# refuses to compile it: CS8795.)
internal static class Outer
{
    internal static partial class Jobs
    {
        [Isolated(Mount)]
        static partial void Clean(string directory);

        public static void Run() => Clean("/tmp");

        private static void CleanCore(string directory) => Directory.Delete(directory, recursive: true);
    }
}
