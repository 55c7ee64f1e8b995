using System.Runtime.InteropServices;
using Xunit;

namespace NsGen.Analyzers.Tests.Truth;

/// <summary>
/// Makes the calls the rules speak of, to hear what the running kernel says. Always on a thread that ends afterwards: what it has
/// changed, namespaces and working directory, ends with it, and no other thread of the test host sees it.
/// </summary>
internal static partial class RawKernel
{
    public const int EINVAL = 22;
    public const int EUSERS = 87;

    /// <summary>What the calls of <paramref name="calls"/> return, seen from a thread of their own.</summary>
    public static T OnThrowawayThread<T>(Func<T> calls)
    {
        T result = default!;
        Exception? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                result = calls();
            }
            catch (Exception e)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        return failure is null ? result : throw new InvalidOperationException("the call threw", failure);
    }

    /// <summary>0, or the errno.</summary>
    public static int Unshare(int flags) => unshare(flags) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>0, or the errno of setns into the namespace behind <paramref name="path"/>.</summary>
    public static int Setns(string path, int nstype)
    {
        using var handle = File.OpenHandle(path);
        return setns((int)handle.DangerousGetHandle(), nstype) == 0 ? 0 : Marshal.GetLastPInvokeError();
    }

    /// <summary>0, or the errno of setns into namespaces of a process.</summary>
    public static int SetnsOfProcess(int pid, int namespaces)
    {
        int pidfd = (int)syscall(SysPidfdOpen, pid, 0);
        Assert.True(pidfd >= 0, "pidfd_open: errno " + Marshal.GetLastPInvokeError());
        int result = setns(pidfd, namespaces) == 0 ? 0 : Marshal.GetLastPInvokeError();
        _ = close(pidfd);
        return result;
    }

    // The same on every architecture since 5.3.
    private const nint SysPidfdOpen = 434;

    [LibraryImport("libc", SetLastError = true)]
    private static partial int unshare(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setns(int fd, int nstype);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint syscall(nint number, nint a, nint b);

    [LibraryImport("libc")]
    private static partial int close(int fd);

    [LibraryImport("libc")]
    private static partial uint geteuid();

    public static bool IsRoot => OperatingSystem.IsLinux() && geteuid() == 0;
}

/// <summary>A test that asks the running kernel.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class KernelFactAttribute : FactAttribute
{
    /// <param name="root">Whether it takes CAP_SYS_ADMIN to get as far as the claim.</param>
    /// <param name="tool">A program it runs.</param>
    public KernelFactAttribute(bool root = false, string? tool = null)
    {
        if (!OperatingSystem.IsLinux())
        {
            Skip = "asks the Linux kernel";
        }
        else if (root && !RawKernel.IsRoot)
        {
            Skip = "needs root";
        }
        else if (tool is not null && !Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(p => File.Exists(Path.Combine(p, tool))))
        {
            Skip = "needs " + tool;
        }
    }
}
