// Starts a child in namespaces of its own with raw clone(2): a mapped stack with a guard page, a native function, every result looked at.
using Tmds.Linux;
using static Tmds.Linux.LibC;

public static unsafe class NativeChild
{
    private const int StackSize = 256 * 1024;
    private const int PageSize = 4096;

    // Tmds.LibC has neither of these.
    private const int CLONE_PIDFD = 0x1000;
    private const int CLONE_NEWTIME = 0x80;

    private static readonly int s_namespaces = CLONE_NEWUTS | CLONE_NEWPID | CLONE_NEWNS;

    private static int Sharing => CLONE_VM | CLONE_VFORK;

    public static int Start(nint library, void* argument, bool network, int extra)
    {
        byte* stack = (byte*)mmap(null, StackSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_NORESERVE, -1, 0);
        if (stack == MAP_FAILED)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }

        if (mprotect(stack, PageSize, PROT_NONE) == -1)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }

        void* child = (void*)NativeLibrary.GetExport(library, "child_main");
        int flags = s_namespaces | Sharing | SIGCHLD | extra;
        if (network)
        {
            flags |= CLONE_NEWNET;
        }

        pid_t pidFd = -1;
        int pid = clone(child, stack + StackSize, flags | CLONE_PIDFD, argument, &pidFd);
        if (pid == -1)
        {
            int errno = Marshal.GetLastPInvokeError();
            _ = munmap(stack, StackSize);
            throw new Win32Exception(errno, errno == EPERM ? "CAP_SYS_ADMIN is missing" : null);
        }

        _ = munmap(stack, StackSize);
        return pid;
    }

    // A thread, as pthread_create makes one: no signal at its end, everything shared.
    public static int StartThread(nint library, byte* top, pid_t* tid, void* tls) => clone(
        (void*)NativeLibrary.GetExport(library, "thread_main"),
        top,
        CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM | CLONE_SETTLS | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID,
        null,
        tid,
        tls,
        tid);

    // The right order for a time namespace.
    public static int StartYesterday(void* child, byte* top)
    {
        if (unshare(CLONE_NEWTIME) == -1)
        {
            return -1;
        }

        File.WriteAllText("/proc/self/timens_offsets", "boottime -86400 0\n");
        return clone(child, top, SIGCHLD, null);
    }
}
