// Asks the running kernel what it makes of flags. Runs in a process of its own: KernelAnswers clone|clone3|unshare|setns < flags > answers.
// One hexadecimal number per line comes in, one errno per line goes out (0: the call succeeded).
using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading;

internal static unsafe class KernelAnswers
{
    private const int CloneFs = 0x200;
    private const int ClonePidFd = 0x1000;
    private const int CloneVfork = 0x4000;
    private const int CloneThread = 0x10000;
    private const int WaitAll = 0x40000000;
    private const int Einval = 22;

    private static readonly string[] s_namespaces = ["cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts"];

    [DllImport("libc", SetLastError = true)]
    private static extern int clone(nint fn, byte* stack, int flags, nint arg, int* parentTid, nint tls, int* childTid);

    [DllImport("libc", SetLastError = true)]
    private static extern int unshare(int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int setns(int fd, int nstype);

    [DllImport("libc", SetLastError = true)]
    private static extern int open(byte[] path, int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern long syscall(long number, long a, long b);

    [DllImport("libc")]
    private static extern int close(int fd);

    [DllImport("libc")]
    private static extern int waitpid(int pid, int* status, int options);

    [DllImport("libc")]
    private static extern int pthread_sigmask(int how, byte* set, byte* old);

    private static int Main(string[] args)
    {
        ulong[] wide = Array.ConvertAll(
            Console.In.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries), static l => Convert.ToUInt64(l, 16));
        int[] flags = Array.ConvertAll(wide, static f => unchecked((int)f));
        int[] answers = args[0] switch
        {
            "clone" => Array.ConvertAll(flags, Clone),
            "clone3" => Array.ConvertAll(wide, Clone3),
            "unshare" => OnThrowawayThreads(flags, static f => unshare(f) == 0 ? 0 : Marshal.GetLastPInvokeError()),
            "setns" => Setns(flags),
            _ => throw new ArgumentException(args[0]),
        };
        Console.Out.Write(string.Join('\n', answers) + "\n");
        return 0;
    }

    /// <summary>
    /// The child's function is libc's own syscall(), with exit as its argument: no managed code runs in it, and of a CLONE_THREAD child only the
    /// thread ends. CLONE_VFORK holds this thread until the child is gone, so one stack serves all. Blocked signals are inherited, so no
    /// handler of .NET's runs in a child that shares its memory.
    /// </summary>
    private static int Clone(int flags)
    {
        const int Size = 64 * 1024;
        nint exit = NativeLibrary.GetExport(NativeLibrary.Load("libc.so.6"), "syscall");
        nint number = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 60 : 93;
        byte* stack = (byte*)NativeMemory.AlignedAlloc(Size, 4096);
        byte* all = stackalloc byte[128];
        byte* old = stackalloc byte[128];
        new Span<byte>(all, 128).Fill(0xFF);
        int pidFd = -1;
        int tid = 0;
        pthread_sigmask(0, all, old);
        int pid = clone(exit, stack + Size, flags | CloneVfork, number, (flags & ClonePidFd) != 0 ? &pidFd : &tid, 0, null);
        int errno = pid == -1 ? Marshal.GetLastPInvokeError() : 0;
        pthread_sigmask(2, old, null);
        if (pid != -1)
        {
            if ((flags & CloneThread) == 0)
            {
                waitpid(pid, null, WaitAll);
            }

            if ((flags & ClonePidFd) != 0)
            {
                close(pidFd);
            }
        }

        NativeMemory.AlignedFree(stack);
        return errno;
    }

    /// <summary>
    /// With a cgroup that is none: a call whose flags are taken fails with EBADF, after all checks of flags and before there is a child.
    /// </summary>
    private static int Clone3(ulong flags)
    {
        const long Number = 435;
        const ulong IntoCgroup = 0x200000000;
        int pidFd;
        int tid;

        // struct clone_args: flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size, cgroup.
        ulong* args = stackalloc ulong[11];
        new Span<ulong>(args, 11).Clear();
        args[0] = flags | IntoCgroup;
        args[1] = (ulong)&pidFd;
        args[3] = (ulong)&tid;
        args[10] = int.MaxValue;
        long result = syscall(Number, (long)args, 11 * sizeof(ulong));
        if (result == 0)
        {
            Environment.FailFast("a child where none should be");
        }

        return result > 0 ? throw new InvalidOperationException("a child where none should be") : Marshal.GetLastPInvokeError();
    }

    /// <summary>The answer over all descriptors setns takes: EINVAL only if each of them gets it.</summary>
    private static int[] Setns(int[] flags)
    {
        int[] fds = Array.ConvertAll(s_namespaces, static n => open(System.Text.Encoding.UTF8.GetBytes($"/proc/self/ns/{n}\0"), 0x80000));
        const int PidfdOpen = 434;
        fds = [.. fds, (int)syscall(PidfdOpen, Environment.ProcessId, 0)];
        int[] best = [];
        foreach (int fd in fds)
        {
            if (fd < 0)
            {
                throw new IOException("no descriptor to ask with");
            }

            int[] answers = OnThrowawayThreads(flags, f =>
            {
                // Entering a mount namespace needs a root directory of one's own.
                _ = unshare(CloneFs);
                return setns(fd, f) == 0 ? 0 : Marshal.GetLastPInvokeError();
            });
            best = best.Length == 0 ? answers : [.. Merge(best, answers)];
        }

        return best;

        static int[] Merge(int[] a, int[] b)
        {
            int[] merged = new int[a.Length];
            for (int i = 0; i < a.Length; i++)
            {
                merged[i] = a[i] == Einval ? b[i] : a[i];
            }

            return merged;
        }
    }

    /// <summary>A refused call changes nothing, so the thread asks on; after a success it is given up. No other thread is touched.</summary>
    private static int[] OnThrowawayThreads(int[] flags, Func<int, int> ask)
    {
        int[] answers = new int[flags.Length];
        int next = 0;
        while (next < flags.Length)
        {
            Thread thread = new(() =>
            {
                do
                {
                    answers[next] = ask(flags[next]);
                }
                while (answers[next++] != 0 && next < flags.Length);
            });
            thread.Start();
            thread.Join();
        }

        return answers;
    }
}
