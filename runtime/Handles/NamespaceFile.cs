using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using NsGen.Native;

namespace NsGen.Handles;

/// <summary>
/// Reads the files of /proc/PID/ns. No call throws: a process may end at any moment, and each caller makes something else of that.
/// </summary>
internal static unsafe class NamespaceFile
{
    /// <summary>
    /// A directory of a process, such as /proc/12/ns. It stays that process's: when the number is used again, looking into it fails
    /// with ESRCH or ENOENT.
    /// </summary>
    /// <returns>Null, and the reason in <paramref name="errno"/>.</returns>
    public static SafeFileHandle? TryOpenDirectory(string path, out int errno)
        => Owned(LibC.Open(path, LibC.O_PATH | LibC.O_CLOEXEC), out errno);

    /// <inheritdoc cref="TryOpenDirectory(string, out int)"/>
    public static SafeFileHandle? TryOpenDirectory(SafeFileHandle directory, string name, out int errno)
        => Owned(LibC.OpenAt(directory, name, LibC.O_PATH | LibC.O_CLOEXEC), out errno);

    public static SafeFileHandle? TryOpen(SafeFileHandle directory, string name, out int errno)
        => Owned(LibC.OpenAt(directory, name, LibC.O_CLOEXEC), out errno);

    /// <returns>0, or the errno.</returns>
    public static int TryGetId(SafeHandle directory, string name, out NamespaceId id)
    {
        Statx statx = default;
        id = default;
        bool added = false;
        try
        {
            directory.DangerousAddRef(ref added);
            fixed (byte* path = Encoding.ASCII.GetBytes(name + '\0'))
            {
                nint fd = directory.DangerousGetHandle();
                if (LibC.Syscall(
                    SyscallNumbers.Statx, fd, (nint)path, name.Length == 0 ? LibC.AT_EMPTY_PATH : 0, Statx.INO, (nint)(&statx)) != 0)
                {
                    return Marshal.GetLastPInvokeError();
                }
            }
        }
        finally
        {
            if (added)
            {
                directory.DangerousRelease();
            }
        }

        id = new NamespaceId(Device(statx.DeviceMajor, statx.DeviceMinor), statx.Inode);
        return 0;
    }

    /// <summary>The start of a small file.</summary>
    public static byte[] ReadStart(SafeFileHandle directory, string name, int atMost)
    {
        using SafeFileHandle? file = TryOpen(directory, name, out _);
        if (file is null)
        {
            return [];
        }

        var buffer = new byte[atMost];
        fixed (byte* start = buffer)
        {
            nint length = LibC.Read(file.Number(), start, (nuint)atMost);
            return buffer[..(int)Math.Max(0, length)];
        }
    }

    /// <summary>makedev(3).</summary>
    private static ulong Device(uint major, uint minor)
        => (minor & 0xFF) | ((major & 0xFFFUL) << 8) | ((minor & ~0xFFUL) << 12) | ((major & ~0xFFFUL) << 32);

    private static SafeFileHandle? Owned(int fd, out int errno)
    {
        errno = fd < 0 ? Marshal.GetLastPInvokeError() : 0;
        return fd < 0 ? null : FileDescriptor.Owned(fd);
    }

    /// <summary>struct statx, the same on every architecture, which struct stat is not.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Statx
    {
        public const int INO = 0x100; // STATX_INO

        [FieldOffset(32)]
        public ulong Inode;

        [FieldOffset(136)]
        public uint DeviceMajor;

        [FieldOffset(140)]
        public uint DeviceMinor;
    }
}
