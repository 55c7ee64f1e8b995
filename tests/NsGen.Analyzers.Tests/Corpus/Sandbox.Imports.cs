// Own P/Invokes with an enum for the flags and a checking wrapper; the child is waited for with __WALL, as it has no exit signal.
[Flags]
internal enum CloneFlags : uint
{
    None = 0,
    SharedRoot = 0x200,
    Mount = 0x20000,
    Uts = 0x04000000,
    Ipc = 0x08000000,
    Net = 0x40000000,
    Signal = 17,
}

internal static unsafe partial class Sandbox
{
    private const string LibC = "libc";
    private const int WaitAll = 0x40000000;

    [DllImport(LibC, EntryPoint = "unshare", SetLastError = true)]
    private static extern int UnshareCore(CloneFlags flags);

    [DllImport(LibC, EntryPoint = "clone", SetLastError = true)]
    private static extern int CloneCore(nint function, nint stackTop, CloneFlags flags, nint argument);

    [DllImport(LibC, SetLastError = true)]
    private static extern int waitpid(int pid, int* status, int options);

    public static void Unshare(CloneFlags flags)
    {
        if (UnshareCore(flags) == -1)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"unshare({flags})");
        }
    }

    public static void OnThread(Action body, bool hidden)
    {
        Exception? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                Unshare(CloneFlags.Uts | CloneFlags.Ipc | (hidden ? CloneFlags.Net : CloneFlags.None));
                body();
            }
            catch (Win32Exception e)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        if (failure is not null)
        {
            throw failure;
        }
    }

    public static int Run(nint library, nint argument, CloneFlags requested)
    {
        const int Size = 64 * 1024;
        nint stack = Marshal.AllocHGlobal(Size);
        try
        {
            // Whatever is requested, the root directory is not shared.
            CloneFlags flags = (requested | CloneFlags.Mount) & ~CloneFlags.SharedRoot;
            int pid = CloneCore(NativeLibrary.GetExport(library, "child_main"), stack + Size, flags & ~(CloneFlags)0xFF, argument);
            if (pid < 0)
            {
                throw new Win32Exception(Marshal.GetLastPInvokeError());
            }

            int status;
            while (waitpid(pid, &status, WaitAll) == -1 && Marshal.GetLastPInvokeError() == 4)
            {
            }

            return status;
        }
        finally
        {
            Marshal.FreeHGlobal(stack);
        }
    }
}
