// Launches children under GC stress: UnmanagedChild csharp|native SECONDS. With "csharp" the child runs an [UnmanagedCallersOnly] method that
// makes a system call, with "native" libc's function for that system call; nothing else differs. Prints a line for each launch.
using System;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;

internal static unsafe class UnmanagedChild
{
    private const int Vm = 0x100;
    private const int Vfork = 0x4000;
    private const int SigChld = 17;
    private const int StackSize = 256 * 1024;
    private const int ProtReadWrite = 3;
    private const int MapPrivateAnonymous = 0x22;
    private const int Microseconds = 200;

    private static volatile object? s_garbage;

    [DllImport("libc")]
    private static extern int clone(nint fn, byte* stack, int flags, nint arg);

    [DllImport("libc")]
    private static extern byte* mmap(nint address, nint length, int protection, int flags, int fd, nint offset);

    [DllImport("libc")]
    private static extern int waitpid(int pid, int* status, int options);

    [DllImport("libc")]
    private static extern int usleep(uint microseconds);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Child(nint argument) => usleep((uint)argument);

    private static void Main(string[] args)
    {
        nint child = args[0] == "csharp"
            ? (nint)(delegate* unmanaged[Cdecl]<nint, int>)&Child
            : NativeLibrary.GetExport(NativeLibrary.Load("libc.so.6"), "usleep");
        int seconds = int.Parse(args[1]);

        // Mapped before the threads' stacks and therefore above them. Frames are ordered by address, and the parent's then seem to lie
        // inside the child's; from the main thread, whose stack lies above everything, no crash has been seen.
        byte* top = mmap(0, StackSize, ProtReadWrite, MapPrivateAnonymous, -1, 0) + StackSize;

        for (int i = 0; i < 4; i++)
        {
            Start(static () => s_garbage = new byte[256]);
        }

        Start(static () =>
        {
            GC.Collect();
            Thread.Sleep(1);
        });

        Thread launcher = new(() => Launch(child, top, seconds));
        launcher.Start();
        launcher.Join();
    }

    private static void Launch(nint child, byte* top, int seconds)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (watch.Elapsed.TotalSeconds < seconds)
        {
            int pid = clone(child, top, Vm | Vfork | SigChld, Microseconds);
            if (pid > 0)
            {
                waitpid(pid, null, 0);
            }

            Console.WriteLine(pid);
        }
    }

    private static void Start(Action work)
    {
        Thread thread = new(() =>
        {
            while (true)
            {
                work();
            }
        })
        {
            IsBackground = true,
        };
        thread.Start();
    }
}
