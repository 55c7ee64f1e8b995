using System.Runtime.InteropServices;
using NsGen;
using Tmds.Linux;
using static NsGen.Namespaces;
using static Tmds.Linux.LibC;

namespace RawInterop;

/// <summary>clone(2): a child in namespaces of its own.</summary>
internal static unsafe partial class CloneAChild
{
    private const int StackSize = 64 * 1024;

    private static int s_sum;

    // Tmds.LibC has no waitpid.
    [DllImport("libc", SetLastError = true)]
    private static extern int waitpid(int pid, int* status, int options);

    public static int AddRaw(int a, int b)
    {
        byte* stack = (byte*)mmap(null, StackSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
        int[] arguments = [a, b];
        int child;
        fixed (int* first = arguments)
        {
            // NSG103: the stack grows down from here, out of the mapping. stack + StackSize is meant.
            // NSG105: no SIGCHLD, so waitpid below would answer ECHILD.
            // NSG108: C# does not survive in a child that shares the memory of its parent.
            child = clone((delegate* unmanaged<void*, int>)&AddInChild, stack, CLONE_VM | CLONE_NEWUTS | CLONE_NEWPID, first);
        }

        // NSG208: any child. One that Process has started would be missed there, and the runtime would end the program.
        int status;
        _ = waitpid(-1, &status, 0);
        _ = munmap(stack, StackSize);
        return child < 0 ? -1 : s_sum;
    }

    [UnmanagedCallersOnly]
    private static int AddInChild(void* argument)
    {
        s_sum = ((int*)argument)[0] + ((int*)argument)[1];
        return 0;
    }

    /// <summary>The stack, the signals, the wait and the way back are NsGen's.</summary>
    [Isolated(Uts | Pid | Mount, UserIfNeeded = true)]
    public static partial int Add(int a, int b);

    private static int AddCore(int a, int b) => a + b;
}
