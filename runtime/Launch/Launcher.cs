using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using NsGen.Native;
using NsGen.Waiting;

namespace NsGen.Launch;

/// <summary>Carries out a <see cref="LaunchPlan"/>: script, clone, and what the parent does when a step has failed.</summary>
internal static unsafe class Launcher
{
    private const ulong AlwaysSet = CloneFlagRules.Vm | CloneFlagRules.Vfork | CloneFlagRules.PidFd | LibC.SIGCHLD;

    private static readonly Lazy<SafeFileHandle> s_self = new(static () => FileDescriptor.PidFd(LibC.GetPid()));

    private static readonly object s_credentials = new();

    /// <summary>Starts the child. When the task ends it has executed its program.</summary>
    /// <exception cref="LaunchException">A step failed; the child is gone and reaped.</exception>
    public static Task<(int ProcessId, SafeFileHandle PidFd)> LaunchAsync(LaunchPlan plan, ChildDescriptors descriptors)
        => LauncherThreads.Run(() => LaunchHere(plan, descriptors));

    /// <summary>As <see cref="LaunchAsync"/>, from the calling thread: the child is killed when this thread ends.</summary>
    public static (int ProcessId, SafeFileHandle PidFd) LaunchHere(LaunchPlan plan, ChildDescriptors descriptors)
    {
        using var gate = plan.MapsNeedParent ? new IdMapGate() : null;
        using var script = new ChildScript();
        ChildScriptBuilder.Build(script, plan, descriptors.Numbers, plan.KillOnParentExit ? s_self.Value.Number() : -1, gate);
        using IdMapper? mapper = gate is null ? null : IdMapper.Start(gate, plan, script);

        int errno;
        int pid;
        if (plan.UserId is null && plan.GroupId is null)
        {
            pid = Cloner.Clone(plan.CloneFlags | AlwaysSet, script, LauncherThreads.Stack(plan.StackSize), out errno);
        }
        else
        {
            pid = CloneChangingCredentials(plan, script, out errno);
        }

        if (pid < 0)
        {
            throw new LaunchException(CloneCall(plan), errno, LaunchHints.For(LaunchStep.Clone, errno, plan));
        }

        SafeFileHandle pidFd = FileDescriptor.Owned(script.State->PidFd);
        Exception? failure = Failure(plan, script, mapper) ?? TimeFailure(plan, pid);
        if (failure is not null)
        {
            _ = LibC.Syscall(SyscallNumbers.PidFdSendSignal, pidFd.Number(), LibC.SIGKILL, 0, 0);
            _ = Wait.ForExit(pidFd);
            pidFd.Dispose();
            throw failure;
        }

        return (pid, pidFd);
    }

    /// <summary>
    /// A change of credentials marks the memory it happens in as not dumpable (commit_creds in kernel/cred.c), and the child's memory is
    /// this process's: its own /proc/self would then belong to root. So the mark is put back. One such child at a time, else one launch
    /// would take the other's mark for the rightful one.
    /// </summary>
    private static int CloneChangingCredentials(LaunchPlan plan, ChildScript script, out int errno)
    {
        lock (s_credentials)
        {
            int dumpable = LibC.Prctl(LibC.PR_GET_DUMPABLE);
            int pid = Cloner.Clone(plan.CloneFlags | AlwaysSet, script, LauncherThreads.Stack(plan.StackSize), out errno);
            if (dumpable == 1)
            {
                _ = LibC.Prctl(LibC.PR_SET_DUMPABLE, 1);
            }

            return pid;
        }
    }

    private static Exception? Failure(LaunchPlan plan, ChildScript script, IdMapper? mapper)
    {
        if (mapper?.Failure is { } mapping)
        {
            return mapping;
        }

        if (script.Failure is not { } failed)
        {
            return null;
        }

        return new LaunchException(failed.Name, failed.Errno, LaunchHints.For(failed.Step, failed.Errno, plan));
    }

    /// <summary>
    /// That execve(2) enters the time namespace made before it is younger than the namespaces themselves. Where the kernel does not, the
    /// child would silently have the caller's clocks.
    /// </summary>
    private static LaunchException? TimeFailure(LaunchPlan plan, int pid)
    {
        if (!plan.Namespaces.HasFlag(Namespaces.Time))
        {
            return null;
        }

        string? own = File.ResolveLinkTarget("/proc/self/ns/time", returnFinalTarget: false)?.Name;
        string? childs;
        try
        {
            childs = File.ResolveLinkTarget($"/proc/{pid}/ns/time", returnFinalTarget: false)?.Name;
        }
        catch (IOException)
        {
            return null; // already gone
        }
        catch (UnauthorizedAccessException)
        {
            return null; // became another user, and is none of ours to inspect
        }

        return own is null || own != childs
            ? null
            : new LaunchException(
                "enter the time namespace",
                Errno.EINVAL,
                "This kernel does not enter a new time namespace at execve(2): Linux 6.3 or later does. Leave Time out.");
    }

    private static string CloneCall(LaunchPlan plan) => plan.CloneFlags == 0
        ? "clone"
        : $"clone({string.Join('|', NamespaceNames.CloneFlags((Namespaces)(int)plan.CloneFlags))})";
}
