using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NsGen.Launch;

/// <summary>One call of the child: what to call, what counts as failure, where the result goes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ChildStep
{
    /// <summary>A function of libc: <c>syscall</c>, or <c>clone</c>, which happens to take as many arguments.</summary>
    public delegate* managed<nint, nint, nint, nint, nint, nint, nint, nint> Function;

    /// <summary>The system call's number.</summary>
    public nint Number;
    public nint A0;
    public nint A1;
    public nint A2;
    public nint A3;
    public nint A4;
    public nint A5;

    /// <summary>The step fails where its result, as an unsigned number, is above this: -1 is the largest of all.</summary>
    public nuint Limit;

    /// <summary>Receives the result; often an argument of the next step. Never null.</summary>
    public nint* ResultTo;
}

/// <summary>What parent and child share. The parent writes all of it before clone and reads the outcome after the child's exec or exit.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ChildState
{
    public delegate* managed<nint, nint, nint, nint, nint, nint, nint, nint> Syscall;
    public delegate* managed<int*> ErrnoLocation;
    public ChildStep* Current;
    public ChildStep* End;

    /// <summary>exit_group, or exit where the child is a thread.</summary>
    public nint ExitNumber;

    /// <summary>0 while no step has failed.</summary>
    public int Failed;

    public int Errno;

    /// <summary>Where results go that nobody reads.</summary>
    public nint Ignored;

    /// <summary>The launching thread's signal mask, for the child to restore.</summary>
    public ulong SignalMask;

    /// <summary>CLONE_PIDFD writes the child's pidfd here.</summary>
    public int PidFd;
}

/// <summary>
/// The only managed code that ever runs in a cloned child, between clone(2) and execve(2): a leaf without allocation, transition, poll,
/// exception or object reference. The child shares the parent's memory and thread-local storage but has no Thread of its own, so
/// anything that leads into the runtime would corrupt the parent. ChildInterpreterTests reads the JIT's disassembly and fails where the
/// method calls a runtime helper.
/// </summary>
internal static unsafe class ChildInterpreter
{
    private const int SignalCount = 64;

    /// <summary>Runs the steps, stops at the first that fails, and ends the child. Only a successful execve(2) leaves it otherwise.</summary>
    /// <remarks>
    /// Plain static, not UnmanagedCallersOnly: a reverse-P/Invoke frame would tie the parent's Thread to this stack, and the next garbage
    /// collection would walk it (segmentation fault within 10,000 launches under GC stress). Aggressive optimization means no tiering and
    /// so no call-counting stub; libc is called through function pointers that need no transition and no lazy binding.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static int Run(void* shared)
    {
        var state = (ChildState*)shared;
        ChildStep* step = state->Current;
        ChildStep* end = state->End;
        while (step != end)
        {
            nint result = step->Function(step->Number, step->A0, step->A1, step->A2, step->A3, step->A4, step->A5);
            if ((nuint)result > step->Limit)
            {
                state->Errno = *state->ErrnoLocation();
                state->Failed = 1;
                break;
            }

            *step->ResultTo = result;
            step++;
        }

        state->Current = step;
        return (int)state->Syscall(state->ExitNumber, 127, 0, 0, 0, 0, 0);
    }

    /// <summary>
    /// Sets the signals that have a handler to default. Asked of the kernel in the child, as glibc's posix_spawn does: there no other thread
    /// can install one any more, and the parent need not ask 62 times which signals are ignored.
    /// </summary>
    /// <remarks>
    /// A step's function, so its arguments are the step's: rt_sigaction's number, the address of libc's syscall, a kernel's struct sigaction of
    /// zeros, and another one to be overwritten. Returns 0, or -1 with errno.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static nint ResetHandlers(nint rtSigAction, nint syscall, nint byDefault, nint current, nint a3, nint a4, nint a5)
    {
        var call = (delegate* managed<nint, nint, nint, nint, nint, nint, nint, nint>)syscall;
        for (nint signal = 1; signal <= SignalCount; signal++)
        {
            if (call(rtSigAction, signal, 0, current, sizeof(ulong), 0, 0) != 0)
            {
                return -1;
            }

            // 0 and 1 are SIG_DFL and SIG_IGN, which execve(2) keeps.
            if (*(nuint*)current > 1 && call(rtSigAction, signal, byDefault, 0, sizeof(ulong), 0, 0) != 0)
            {
                return -1;
            }
        }

        return 0;
    }

    /// <summary>
    /// Opens a path inside a root. The kernel gives up with EAGAIN where a path climbs ("..") while something is mounted or renamed anywhere on
    /// the machine, and leaves it to the caller to ask again (openat2(2)).
    /// </summary>
    /// <remarks>A step's function: openat2's number, the addresses of libc's syscall and errno, the directory, the path, the struct open_how.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static nint OpenInRoot(nint openAt2, nint syscall, nint errnoLocation, nint directory, nint path, nint how, nint a5)
    {
        const int again = 11; // EAGAIN
        const nint sizeOfOpenHow = 24;
        var call = (delegate* managed<nint, nint, nint, nint, nint, nint, nint, nint>)syscall;
        var errno = (delegate* managed<int*>)errnoLocation;
        nint result;
        int attempts = 1000;
        do
        {
            result = call(openAt2, directory, path, how, sizeOfOpenHow, 0, 0);
        }
        while (result < 0 && *errno() == again && --attempts > 0);

        return result;
    }
}
