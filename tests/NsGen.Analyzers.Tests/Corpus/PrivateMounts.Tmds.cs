// Hides /tmp from a thread's children behind an empty tmpfs.
using Tmds.Linux;
using static Tmds.Linux.LibC;

public static unsafe class PrivateTmp
{
    public static void Hide()
    {
        Check(unshare(CLONE_NEWNS | CLONE_NEWIPC), "unshare");
        fixed (byte* none = "none"u8, root = "/"u8, tmp = "/tmp"u8, tmpfs = "tmpfs"u8)
        {
            Check(mount(none, root, null, MS_REC | MS_PRIVATE, null), "mount");
            Check(mount(none, tmp, tmpfs, MS_NOSUID | MS_NODEV, null), "mount");
            Check(mount(none, root, none, MS_REMOUNT | MS_BIND | MS_RDONLY, null), "mount");
        }
    }

    public static void Join(int mountNamespace)
    {
        // Each thread has a root of its own from here on.
        Check(unshare(CLONE_FS), "unshare");
        Check(setns(mountNamespace, CLONE_NEWNS), "setns");
    }

    private static void Check(int result, string call)
    {
        if (result == -1)
        {
            throw new Win32Exception(errno, call);
        }
    }
}
