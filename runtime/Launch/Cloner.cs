using System.Runtime.InteropServices;
using NsGen.Native;

namespace NsGen.Launch;

/// <summary>clone(2) itself: what must be true around it, and nothing else.</summary>
internal static unsafe class Cloner
{
    private static readonly delegate* managed<void*, int> s_child = Prepare();

    /// <summary>
    /// Clones a child that runs <paramref name="script"/>. With CLONE_VM|CLONE_VFORK the calling thread is suspended until the child has
    /// executed its program or ended, so that the child may run on this process's memory: no page table is copied, however large the heap.
    /// </summary>
    /// <param name="flags">clone(2)'s, with the exit signal.</param>
    /// <param name="script">What the child does.</param>
    /// <param name="stack">Where it does it.</param>
    /// <param name="errno">The error, or 0.</param>
    /// <param name="inner">What a child of the child does, which inherits the signal mask from it.</param>
    /// <returns>The child's process id, or -1 with <paramref name="errno"/>.</returns>
    public static int Clone(ulong flags, ChildScript script, ChildStack stack, out int errno, ChildScript? inner = null)
    {
        ChildState* state = script.State;
        void* function = s_child;

        // No handler may run in the child: it would be .NET's, writing into this process's memory. The child inherits the mask, resets
        // the handlers and restores the mask itself (as glibc's posix_spawn does). Raw system calls, because glibc's pthread_sigmask
        // leaves its own SIGSETXID open.
        ulong all = ulong.MaxValue;
        ulong before;
        _ = LibC.Syscall(SyscallNumbers.RtSigProcMask, LibC.SIG_SETMASK, (nint)(&all), (nint)(&before), sizeof(ulong));
        state->SignalMask = before;
        if (inner is not null)
        {
            inner.State->SignalMask = before;
        }

        int pid = LibC.Clone(function, stack.Top, unchecked((int)flags), state, &state->PidFd, null, null);
        errno = pid < 0 ? Marshal.GetLastPInvokeError() : 0;

        _ = LibC.Syscall(SyscallNumbers.RtSigProcMask, LibC.SIG_SETMASK, (nint)(&before), 0, sizeof(ulong));
        return pid;
    }

    /// <summary>
    /// Compiles the child's methods and runs them once here, so that neither the JIT nor a stub that still has to be patched is met in the
    /// child. The run has no steps and getpid in place of exit, and the loop over the signals ends at once, as getpid is not 0.
    /// </summary>
    private static delegate* managed<void*, int> Prepare()
    {
        using var script = new ChildScript();
        script.State->ExitNumber = SyscallNumbers.GetPid;
        delegate* managed<void*, int> child = &ChildInterpreter.Run;
        _ = child(script.State);
        delegate* managed<nint, nint, nint, nint, nint, nint, nint, nint> resetHandlers = &ChildInterpreter.ResetHandlers;
        _ = resetHandlers(SyscallNumbers.GetPid, (nint)script.State->Syscall, 0, 0, 0, 0, 0);
        delegate* managed<nint, nint, nint, nint, nint, nint, nint, nint> openInRoot = &ChildInterpreter.OpenInRoot;
        _ = openInRoot(SyscallNumbers.GetPid, (nint)script.State->Syscall, (nint)script.State->ErrnoLocation, 0, 0, 0, 0);
        return child;
    }
}
