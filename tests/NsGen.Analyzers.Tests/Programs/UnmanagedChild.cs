// Launches children under GC stress: UnmanagedChild csharp|native SECONDS. With "csharp" the child runs an [UnmanagedCallersOnly] method,
// with "native" a function of libc; nothing else differs. Prints the number of launches.
using System;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Threading;

internal static unsafe class UnmanagedChild
{
    private const int Vm = 0x100;
    private const int Vfork = 0x4000;
    private const int SigChld = 17;

    private static volatile object? s_garbage;

    [DllImport("libc", SetLastError = true)]
    private static extern int clone(nint fn, byte* stack, int flags, nint arg);

    [DllImport("libc")]
    private static extern int waitpid(int pid, int* status, int options);

    [UnmanagedCallersOnly(CallConvs = [typeof(System.Runtime.CompilerServices.CallConvCdecl)])]
    private static int Child(nint argument) => 0;

    private static void Main(string[] args)
    {
        for (int i = 0; i < 4; i++)
        {
            new Thread(() =>
            {
                while (true)
                {
                    s_garbage = new byte[256];
                }
            }) { IsBackground = true }.Start();
        }

        new Thread(() =>
        {
            while (true)
            {
                GC.Collect();
            }
        }) { IsBackground = true }.Start();

        const int Size = 256 * 1024;
        byte* stack = (byte*)NativeMemory.AlignedAlloc(Size, 4096);
        nint child = args[0] == "csharp"
            ? (nint)(delegate* unmanaged[Cdecl]<nint, int>)&Child
            : NativeLibrary.GetExport(NativeLibrary.Load("libc.so.6"), "abs");
        Stopwatch watch = Stopwatch.StartNew();
        int launches = 0;
        while (watch.Elapsed.TotalSeconds < int.Parse(args[1]))
        {
            int pid = clone(child, stack + Size, Vm | Vfork | SigChld, 0);
            if (pid > 0)
            {
                waitpid(pid, null, 0);
            }

            launches++;
        }

        Console.WriteLine(launches);
    }
}
