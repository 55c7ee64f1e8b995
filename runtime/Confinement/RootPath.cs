using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using NsGen.Native;

namespace NsGen.Confinement;

/// <summary>Paths inside a root directory, looked up as the child will: no link leads out (openat2(2), RESOLVE_IN_ROOT). Mounts to come are not seen.</summary>
internal static unsafe class RootPath
{
    private const int OPath = 0x200000;
    private const ulong ResolveInRoot = 0x10;

    public static bool Exists(string root, string path)
    {
        int fd = LibC.Open(root, OPath | LibC.O_CLOEXEC);
        if (fd < 0)
        {
            return false;
        }

        using SafeFileHandle handle = FileDescriptor.Owned(fd);
        ulong* how = stackalloc ulong[] { OPath | LibC.O_CLOEXEC, 0, ResolveInRoot };
        fixed (byte* text = System.Text.Encoding.UTF8.GetBytes(path + "\0"))
        {
            int found;
            do
            {
                found = (int)LibC.Syscall(SyscallNumbers.OpenAt2, fd, (nint)text, (nint)how, 3 * sizeof(ulong));
            }
            while (found < 0 && Marshal.GetLastPInvokeError() == Errno.EAGAIN); // a mount or rename at the same time

            if (found >= 0)
            {
                _ = LibC.Close(found);
            }

            return found >= 0;
        }
    }
}
