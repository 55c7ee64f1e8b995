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

    [Isolated]
    public static partial void Sleep(int milliseconds, IsolationOptions options, CancellationToken cancellationToken = default);

    private static void SleepCore(int milliseconds) => Thread.Sleep(milliseconds);

    [Isolated]
    public static partial Task SleepAsync(int milliseconds, IsolationOptions options, CancellationToken cancellationToken);

    private static Task SleepAsyncCore(int milliseconds) => Task.Delay(milliseconds);

    [Isolated]
    public static partial Task<string> UntilCancelled(string started, bool giveUp, IsolationOptions options, CancellationToken cancellationToken);

    private static async Task<string> UntilCancelledCore(string started, bool giveUp, CancellationToken cancellationToken)
    {
        await File.WriteAllTextAsync(started, "", cancellationToken);
        try
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
        catch (OperationCanceledException) when (!giveUp)
        {
            // clean up
        }

        return "cleaned up";
    }

    [Isolated]
    public static partial Task IgnoreCancellation(string started, IsolationOptions options, CancellationToken cancellationToken);

    private static async Task IgnoreCancellationCore(string started, CancellationToken cancellationToken)
    {
        await File.WriteAllTextAsync(started, "", cancellationToken);
        await Task.Delay(Timeout.Infinite, CancellationToken.None);
    }
}
