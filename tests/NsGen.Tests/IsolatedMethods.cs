using System.Text;
using NsGen.Native;

namespace NsGen.Tests;

/// <summary>Isolated methods of the tests themselves: xunit's test host is one of the hosts they have to work in.</summary>
internal static partial class IsolatedMethods
{
    [Isolated]
    public static partial long TickCount(IsolationOptions options);

    private static long TickCountCore() => Environment.TickCount64;

    [Isolated]
    public static partial string ChangeHostName(string name, IsolationOptions options);

    private static unsafe string ChangeHostNameCore(string name)
    {
        fixed (byte* bytes = Encoding.UTF8.GetBytes(name))
        {
            _ = LibC.Syscall(SyscallNumbers.SetHostName, (nint)bytes, name.Length);
        }

        return Environment.MachineName;
    }

    [Isolated]
    public static partial string[] OpenFiles(IsolationOptions options);

    private static string[] OpenFilesCore()
        => [.. Directory.EnumerateFiles("/proc/self/fd").Select(static link => new FileInfo(link).LinkTarget ?? "").Where(static target => target.Length > 0)];

    [Isolated]
    public static partial string Target(string link, IsolationOptions options);

    private static string TargetCore(string link) => Proc.Target(link);
}
