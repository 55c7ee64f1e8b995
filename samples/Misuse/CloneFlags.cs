// NSG1xx: clone(2) and fork(2) as the manual shows them, which is for C.

using System.Runtime.InteropServices;
using static Misuse.LibC;

namespace Misuse;

internal static unsafe class CloneFlags
{
    private const int StackSize = 256 * 1024;

    private static readonly nint s_child = NativeLibrary.GetExport(NativeLibrary.Load("libchild.so"), "child_main");

    // NSG101: EINVAL, always. Who gets mounts of his own cannot share a root directory.
    public static int MountsAndSharedRoot(byte* top) => Check(clone(s_child, top, CLONE_NEWNS | CLONE_FS | SIGCHLD, null));

    // NSG102: succeeds, and there is no time namespace. 0x80 is read as part of the exit signal.
    public static int Yesterday(byte* top) => Check(clone(s_child, top, CLONE_NEWTIME | SIGCHLD, null));

    public static int Contained()
    {
        byte* stack = (byte*)NativeMemory.Alloc(StackSize);

        // NSG103: stacks grow down. The child's first push writes below the memory it was given.
        return Check(clone(s_child, stack, CLONE_NEWUTS | SIGCHLD, null));
    }

    public static void InBackground()
    {
        // NSG104: the child has none of the runtime's other threads, but their locks. It hangs now and then, in the allocation of the text
        // or in the first method to be compiled.
        if (Check(fork()) == 0)
        {
            File.WriteAllText("/tmp/report", $"done at {DateTime.UtcNow}");
            _exit(0);
        }
    }

    public static int Wait(byte* top)
    {
        // NSG105: no exit signal. If the child fails before it execs, waitpid says ECHILD and the child stays a zombie.
        int child = Check(clone(s_child, top, CLONE_NEWUTS, null));
        int status;
        return Check(waitpid(child, &status, 0));
    }

    public static void Hide(string directory)
    {
        // NSG106: EPERM for anybody but root. The program goes on and hides the host's directory from everybody.
        unshare(CLONE_NEWNS);
        Check(mount("none", "/", null, 0x44000 /* MS_REC | MS_PRIVATE */, null));
        Check(mount("none", directory, "tmpfs", 0, null));
    }

    public static int OnTheHeap()
    {
        fixed (byte* stack = new byte[StackSize])
        {
            // NSG107: the array is free to move when this returns, and the child still runs on it.
            return Check(clone(s_child, stack + StackSize, CLONE_VM | CLONE_NEWUTS | SIGCHLD, null));
        }
    }

    // NSG108: works in every test, and crashes the parent when a garbage collection walks the child's stack.
    public static int InCSharp(byte* top)
        => Check(clone((nint)(delegate* unmanaged<void*, int>)&Child, top, CLONE_VM | CLONE_VFORK | CLONE_NEWUTS | SIGCHLD, null));

    [UnmanagedCallersOnly]
    private static int Child(void* argument) => 0;
}
