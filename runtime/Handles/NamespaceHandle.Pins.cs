using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using NsGen.Handles;
using NsGen.Native;

namespace NsGen;

// Pins: files that keep a namespace alive.
public sealed unsafe partial class NamespaceHandle
{
    /// <summary>
    /// Keeps the namespace alive without any process or handle: makes a file and mounts the namespace on it, as <c>ip netns add</c> does.
    /// With a path in /run/netns, <c>ip netns</c> sees it.
    /// </summary>
    /// <remarks>
    /// The file is new and empty, and nobody may read it: what is seen is what is mounted on it. Other mount namespaces see the pin where
    /// the directory's mount is shared with them (mount_namespaces(7)). A <see cref="Namespaces.Mount"/> namespace can only be pinned from
    /// an older one. Where any step fails, neither file nor mount is left.
    /// </remarks>
    /// <param name="path">The file to make; its directory has to exist.</param>
    /// <exception cref="NamespaceCallException">
    /// The file exists (EEXIST) and is left alone; the directory does not exist (ENOENT); the caller lacks CAP_SYS_ADMIN over its mount
    /// namespace (EPERM); a mount namespace would be pinned inside itself or a younger one (ELOOP), or where a shared mount would carry the
    /// pin into it (EINVAL).
    /// </exception>
    public void Pin(string path)
    {
        CheckPath(path);
        // Not attached anywhere yet, and gone with its descriptor: what can be refused is refused before there is a file. And as the mount
        // is moved from descriptor to descriptor, it lands on the file made here whoever renames what meanwhile.
        using SafeFileHandle mount = OpenTree(path);
        int fd = LibC.Create(path, LibC.O_CREAT | LibC.O_EXCL | LibC.O_CLOEXEC, 0);
        if (fd < 0)
        {
            int errno = Marshal.GetLastPInvokeError();
            throw new NamespaceCallException($"create {path}", errno, HandleHints.ForPinFile(path, errno));
        }

        using SafeFileHandle file = FileDescriptor.Owned(fd);
        byte nowhere = 0;
        if (LibC.Syscall(
            SyscallNumbers.MoveMount,
            mount.Number(),
            (nint)(&nowhere),
            fd,
            (nint)(&nowhere),
            LibC.MOVE_MOUNT_F_EMPTY_PATH | LibC.MOVE_MOUNT_T_EMPTY_PATH) != 0)
        {
            int errno = Marshal.GetLastPInvokeError();
            _ = LibC.Unlink(path);
            throw new NamespaceCallException($"mount {this} on {path}", errno, HandleHints.ForPinMount(Type, errno));
        }
    }

    /// <summary>Undoes a <see cref="Pin"/>, or what <c>ip netns add</c> has pinned: unmounts the file and deletes it.</summary>
    /// <remarks>
    /// The namespace ends when nobody holds it any more; those who have it open do not notice. The mount is detached (MNT_DETACH,
    /// umount2(2)), and nothing is touched unless a namespace is mounted on that very file.
    /// </remarks>
    /// <param name="path">The file; it may not be a link.</param>
    /// <exception cref="NamespaceCallException">
    /// It is not a namespace (ENOTTY), not a mount point (EINVAL), or the caller lacks CAP_SYS_ADMIN over its mount namespace (EPERM).
    /// Where the file was unmounted and could not be deleted, <see cref="NamespaceCallException.Step"/> begins with <c>unlink</c>.
    /// </exception>
    public static void Unpin(string path)
    {
        using (Open(path))
        {
            // It is a namespace, so what is unmounted is one.
        }

        if (LibC.Umount(path, LibC.MNT_DETACH | LibC.UMOUNT_NOFOLLOW) != 0)
        {
            int errno = Marshal.GetLastPInvokeError();
            throw new NamespaceCallException($"unmount {path}", errno, HandleHints.ForUnmount(errno));
        }

        if (LibC.Unlink(path) != 0)
        {
            int errno = Marshal.GetLastPInvokeError();
            throw new NamespaceCallException($"unlink {path}", errno, HandleHints.ForUnlink(errno));
        }
    }

    private SafeFileHandle OpenTree(string path)
    {
        byte nowhere = 0;
        bool added = false;
        try
        {
            DangerousAddRef(ref added);
            nint fd = LibC.Syscall(
                SyscallNumbers.OpenTree, handle, (nint)(&nowhere), LibC.OPEN_TREE_CLONE | LibC.O_CLOEXEC | LibC.AT_EMPTY_PATH);
            if (fd < 0)
            {
                int errno = Marshal.GetLastPInvokeError();
                throw new NamespaceCallException($"bind {this} to {path}", errno, HandleHints.ForBind(errno));
            }

            return FileDescriptor.Owned((int)fd);
        }
        finally
        {
            if (added)
            {
                DangerousRelease();
            }
        }
    }
}
