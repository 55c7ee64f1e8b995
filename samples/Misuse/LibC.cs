using System.Runtime.InteropServices;

namespace Misuse;

/// <summary>The declarations that a program writes which calls libc by itself. The rules know them by library and name.</summary>
internal static unsafe class LibC
{
    public const int CLONE_FS = 0x200;
    public const int CLONE_VM = 0x100;
    public const int CLONE_VFORK = 0x4000;
    public const int CLONE_NEWTIME = 0x80;
    public const int CLONE_NEWNS = 0x20000;
    public const int CLONE_NEWUTS = 0x04000000;
    public const int CLONE_NEWUSER = 0x10000000;
    public const int CLONE_NEWPID = 0x20000000;
    public const int CLONE_NEWNET = 0x40000000;
    public const int SIGCHLD = 17;

    [DllImport("libc", SetLastError = true)]
    public static extern int clone(nint fn, void* stack, int flags, void* arg);

    [DllImport("libc", SetLastError = true)]
    public static extern int fork();

    [DllImport("libc", SetLastError = true)]
    public static extern int unshare(int flags);

    [DllImport("libc", SetLastError = true)]
    public static extern int setns(int fd, int nstype);

    [DllImport("libc", SetLastError = true)]
    public static extern int mount(string? source, string target, string? type, ulong flags, void* data);

    [DllImport("libc", SetLastError = true)]
    public static extern int waitpid(int pid, int* status, int options);

    [DllImport("libc")]
    public static extern void _exit(int status);

    /// <summary>A system call that fails says -1 and leaves the reason in errno.</summary>
    public static int Check(int result)
        => result == -1 ? throw new System.ComponentModel.Win32Exception(Marshal.GetLastPInvokeError()) : result;
}
