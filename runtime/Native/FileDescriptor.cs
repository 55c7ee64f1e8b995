using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using NsGen.Launch;

namespace NsGen.Native;

/// <summary>Makes the descriptors the runtime works with, all close-on-exec.</summary>
internal static unsafe class FileDescriptor
{
    public static (SafeFileHandle Read, SafeFileHandle Write) Pipe()
    {
        int* ends = stackalloc int[2];
        Check(LibC.Pipe2(ends, LibC.O_CLOEXEC), "create a pipe");
        return (Owned(ends[0]), Owned(ends[1]));
    }

    /// <summary>A connected pair of stream sockets.</summary>
    public static (SafeFileHandle Parent, SafeFileHandle Child) SocketPair()
    {
        int* ends = stackalloc int[2];
        Check(LibC.SocketPair(LibC.AF_UNIX, LibC.SOCK_STREAM | LibC.SOCK_CLOEXEC, 0, ends), "create a socket pair");
        return (Owned(ends[0]), Owned(ends[1]));
    }

    public static SafeFileHandle OpenNull() => Owned(Check(LibC.Open("/dev/null", LibC.O_RDWR | LibC.O_CLOEXEC), "open /dev/null"));

    public static SafeFileHandle EventFd() => Owned(Check(LibC.EventFd(0, LibC.O_CLOEXEC), "create an eventfd"));

    /// <summary>A file in memory, to be sealed.</summary>
    /// <param name="name">For /proc/PID/fd.</param>
    /// <param name="mode">MFD_EXEC or MFD_NOEXEC_SEAL: whether it can ever be executed. Before Linux 6.3 that cannot be said (EINVAL).</param>
    public static SafeFileHandle Memory(string name, uint mode)
    {
        const uint always = LibC.MFD_CLOEXEC | LibC.MFD_ALLOW_SEALING;
        int fd = LibC.MemfdCreate(name, always | mode);
        if (fd < 0 && Marshal.GetLastPInvokeError() == Errno.EINVAL)
        {
            fd = LibC.MemfdCreate(name, always);
        }

        return Owned(Check(fd, $"create the memory file {name}"));
    }

    public static SafeFileHandle PidFd(int processId) => Owned(Check((int)LibC.Syscall(SyscallNumbers.PidFdOpen, processId, 0), "open a pidfd"));

    /// <summary>Duplicates a descriptor to a number that is at least <paramref name="minimum"/>.</summary>
    public static SafeFileHandle Duplicate(SafeHandle source, int minimum)
    {
        bool added = false;
        try
        {
            source.DangerousAddRef(ref added);
            return Owned(Check(LibC.Fcntl((int)source.DangerousGetHandle(), LibC.F_DUPFD_CLOEXEC, minimum), "duplicate a descriptor"));
        }
        finally
        {
            if (added)
            {
                source.DangerousRelease();
            }
        }
    }

    public static SafeFileHandle Owned(int fd) => new(fd, ownsHandle: true);

    public static int Number(this SafeFileHandle handle) => (int)handle.DangerousGetHandle();

    /// <summary>Throws for a negative result.</summary>
    public static int Check(int result, string step)
    {
        if (result < 0)
        {
            int errno = Marshal.GetLastPInvokeError();
            throw new LaunchException(step, errno, LaunchHints.For(LaunchStep.Prepare, errno, plan: null));
        }

        return result;
    }
}
