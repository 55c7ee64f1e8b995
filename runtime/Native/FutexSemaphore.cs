using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NsGen.Native;

/// <summary>
/// A semaphore on futex(2). A launch goes to another thread and back, and the runtime's own primitives (a condition variable under a
/// monitor under a SemaphoreSlim, then a task) made that a tenth of the whole; this is one system call to wake and one to sleep.
/// </summary>
internal sealed unsafe class FutexSemaphore
{
    private const nint WaitPrivate = 0 | 128;
    private const nint WakePrivate = 1 | 128;

    // Pinned, for the kernel; and collected, so that a wake-up that comes late finds no freed memory.
    private readonly int[] _word = GC.AllocateArray<int>(1, pinned: true);
    private int _sleepers;

    private int* Count => (int*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_word));

    /// <summary>Lets one thread pass.</summary>
    public void Release()
    {
        Interlocked.Increment(ref _word[0]);
        if (Volatile.Read(ref _sleepers) > 0)
        {
            _ = LibC.Syscall(SyscallNumbers.Futex, (nint)Count, WakePrivate, 1);
        }
    }

    /// <summary>Blocks until it may pass.</summary>
    public void Wait()
    {
        while (!TryTake())
        {
            // Announced before the kernel compares: a release in between is either seen by it or sees the announcement.
            Interlocked.Increment(ref _sleepers);
            _ = LibC.Syscall(SyscallNumbers.Futex, (nint)Count, WaitPrivate, 0);
            Interlocked.Decrement(ref _sleepers);
        }
    }

    private bool TryTake()
    {
        int count = Volatile.Read(ref _word[0]);
        while (count > 0)
        {
            int seen = Interlocked.CompareExchange(ref _word[0], count - 1, count);
            if (seen == count)
            {
                return true;
            }

            count = seen;
        }

        return false;
    }
}
