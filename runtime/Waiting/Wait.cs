using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using NsGen.Native;

namespace NsGen.Waiting;

/// <summary>Reaps a child through its pidfd, which names it whatever happens to its number.</summary>
internal static unsafe class Wait
{
    private const int CldExited = 1;
    private const int CldDumped = 3;

    // PIDFD_GET_INFO and PIDFD_INFO_EXIT, include/uapi/linux/pidfd.h, Linux 6.15.
    private const nuint PidFdGetInfo = 0xC040FF0B;
    private const ulong PidFdInfoExit = 1 << 3;

    /// <summary>Waits for the end of the child and reaps it.</summary>
    /// <returns>
    /// How it ended. When .NET runs as PID 1, its SIGCHLD handling reaps children it does not know, so waitid may find nothing; Linux 6.15
    /// still tells then. Null where nobody does.
    /// </returns>
    public static ExitStatus? ForExit(SafeFileHandle pidFd)
    {
        LibC.SigInfo info = default;
        while (LibC.WaitId(LibC.P_PIDFD, pidFd.Number(), &info, LibC.WEXITED) != 0)
        {
            if (Marshal.GetLastPInvokeError() != Errno.EINTR)
            {
                return AfterReaping(pidFd);
            }
        }

        return info.Code == CldExited
            ? ExitStatus.Exited(info.Status)
            : ExitStatus.Killed(info.Status, info.Code == CldDumped);
    }

    /// <summary>Blocks until the descriptor is readable, which a pidfd is from the child's end on.</summary>
    /// <returns>Whether it is, within the time; an infinite time is allowed.</returns>
    public static bool ForReadable(SafeFileHandle handle, TimeSpan timeout)
    {
        double milliseconds = timeout.TotalMilliseconds;
        ArgumentOutOfRangeException.ThrowIfLessThan(milliseconds, System.Threading.Timeout.Infinite, nameof(timeout));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(milliseconds, int.MaxValue, nameof(timeout));
        long start = Stopwatch.GetTimestamp();
        LibC.PollFd poll = new() { Fd = handle.Number(), Events = LibC.POLLIN };
        while (true)
        {
            // Rounded up: a fraction of a millisecond is not none.
            int rest = milliseconds == System.Threading.Timeout.Infinite ? -1 : (int)Math.Ceiling(Math.Max(0, milliseconds - Stopwatch.GetElapsedTime(start).TotalMilliseconds));
            int count = LibC.Poll(&poll, 1, rest);
            if (count >= 0)
            {
                return count > 0;
            }

            if (Marshal.GetLastPInvokeError() != Errno.EINTR)
            {
                FileDescriptor.Check(count, "wait for a descriptor");
            }
        }
    }

    /// <summary>Ends a child that nobody shall hear of, and closes its pidfd.</summary>
    public static void KillAndReap(SafeFileHandle pidFd)
    {
        _ = LibC.Syscall(SyscallNumbers.PidFdSendSignal, pidFd.Number(), LibC.SIGKILL, 0, 0);
        _ = ForExit(pidFd);
        pidFd.Dispose();
    }

    private static ExitStatus? AfterReaping(SafeFileHandle pidFd)
    {
        PidFdInfo info = new() { Mask = PidFdInfoExit };
        if (LibC.Ioctl(pidFd.Number(), PidFdGetInfo, &info) != 0 || (info.Mask & PidFdInfoExit) == 0)
        {
            return null;
        }

        // As wait(2) encodes it.
        int signal = info.ExitCode & 0x7F;
        return signal == 0
            ? ExitStatus.Exited(info.ExitCode >> 8)
            : ExitStatus.Killed(signal, (info.ExitCode & 0x80) != 0);
    }

    [StructLayout(LayoutKind.Explicit, Size = 64)]
    private struct PidFdInfo
    {
        [FieldOffset(0)]
        public ulong Mask;

        [FieldOffset(60)]
        public int ExitCode;
    }
}
