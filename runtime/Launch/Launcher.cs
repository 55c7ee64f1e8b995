using System.Globalization;
using Microsoft.Win32.SafeHandles;
using NsGen.Confinement;
using NsGen.Handles;
using NsGen.Native;
using NsGen.Waiting;

namespace NsGen.Launch;

/// <summary>Carries out a <see cref="LaunchPlan"/>: script, clone, and what the parent does when a step has failed.</summary>
internal static unsafe class Launcher
{
    private const ulong ForOneChild = CloneFlagRules.Vfork | CloneFlagRules.PidFd | LibC.SIGCHLD;

    private static readonly Lazy<SafeFileHandle> s_self = new(
        static () => FileDescriptor.PidFd(LibC.GetPid()), LazyThreadSafetyMode.PublicationOnly); // the default would keep an EMFILE for ever

    private static volatile bool s_entersTimeAtExec;

    /// <summary>Starts the child. When this returns it has executed its program.</summary>
    /// <exception cref="LaunchException">A step failed; the child is gone and reaped.</exception>
    public static (int ProcessId, SafeFileHandle PidFd) Launch(LaunchPlan plan, ChildDescriptors descriptors)
    {
        EnteredNamespace.ThrowIfInside();
        return plan.KillOnParentExit && !LauncherThreads.OutlivesProcess()
            ? LauncherThreads.Run(() => LaunchHere(plan, descriptors))
            : LaunchHere(plan, descriptors);
    }

    /// <summary>Starts the child. When the task ends it has executed its program.</summary>
    /// <exception cref="LaunchException">A step failed; the child is gone and reaped.</exception>
    public static Task<(int ProcessId, SafeFileHandle PidFd)> LaunchAsync(LaunchPlan plan, ChildDescriptors descriptors)
    {
        EnteredNamespace.ThrowIfInside();
        return LauncherThreads.RunAsync(() => LaunchHere(plan, descriptors));
    }

    /// <summary>As <see cref="Launch"/>, from the calling thread: the child is killed when this thread ends.</summary>
    public static (int ProcessId, SafeFileHandle PidFd) LaunchHere(LaunchPlan plan, ChildDescriptors descriptors)
    {
        // setns(2) into a time namespace refuses a process whose memory another one shares (EUSERS): then the child gets a copy of it.
        bool sharesMemory = !plan.Join.HasFlag(Namespaces.Time);
        using var gate = plan.MapsNeedParent ? new IdMapGate() : null;
        using CgroupEntry? cgroup = CgroupEntry.Open(plan);
        using InitGate? init = plan.Init ? new InitGate(descriptors.Numbers.Length) : null;
        using var reserved = new ReservedDescriptors();
        using var script = new ChildScript(!sharesMemory, MountSteps.AreAsked(plan) ? ChildScript.MostSteps : ChildScript.UsualSteps);
        ChildScriptBuilder.Build(script, plan, descriptors.Numbers, s_self.Value.Number(), gate, cgroup, init, reserved);
        using IdMapper? mapper = gate is null ? null : IdMapper.Start(gate, plan, script);

        ulong memory = sharesMemory ? CloneFlagRules.Vm : 0;
        (int pid, int errno) = plan.NeedsSecondClone
            ? CloneTwice(plan, script, memory)
            : Clone(plan, plan.CloneFlags | memory | (script.MayShareDescriptors ? CloneFlagRules.Files : 0) | ForOneChild, script, inner: null);
        if (pid < 0)
        {
            throw new LaunchException(CloneCall(plan), errno, LaunchHints.For(LaunchStep.Clone, errno, plan));
        }

        SafeFileHandle pidFd = FileDescriptor.Owned(script.State->PidFd);
        Exception? failure = mapper?.Failure ?? Failure(plan, script) ?? TimeFailure(plan, pid) ?? init?.WaitForProgram(plan, pidFd);
        if (failure is not null)
        {
            Wait.KillAndReap(pidFd);
            throw failure;
        }

        return (pid, pidFd);
    }

    /// <summary>
    /// A first child joins, and gives birth to the one that is wanted: as its sibling (CLONE_PARENT), with its pidfd in the descriptor table
    /// that the first child shares with this process.
    /// </summary>
    private static (int ProcessId, int Errno) CloneTwice(LaunchPlan plan, ChildScript script, ulong memory)
    {
        using var joiner = new ChildScript(memory == 0);
        using var innerStack = new ChildStack(plan.StackSize);
        plan.Target!.AddSteps(joiner, plan.Join);
        joiner.AddClone(
            CloneCall(plan), plan.CloneFlags | CloneFlagRules.Vm | CloneFlagRules.Parent | ForOneChild, script, innerStack);
        (int joinerPid, int errno) = Clone(plan, memory | CloneFlagRules.Files | ForOneChild, joiner, script);
        if (joinerPid < 0)
        {
            return (joinerPid, errno);
        }

        Wait.KillAndReap(FileDescriptor.Owned(joiner.State->PidFd));
        if (Failure(plan, joiner) is { } failure)
        {
            throw failure;
        }

        if (script.State->PidFd < 0)
        {
            throw new LaunchException(CloneCall(plan), Errno.ESRCH, "The child that joins the namespaces was killed before its own child was born.");
        }

        string? pid = ProcFile.Field(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fdinfo/{script.State->PidFd}"), "Pid:");
        return (int.Parse(pid ?? "0", CultureInfo.InvariantCulture), 0);
    }

    private static (int ProcessId, int Errno) Clone(LaunchPlan plan, ulong flags, ChildScript script, ChildScript? inner)
    {
        using DumpableMark? mark = DumpableMark.Of(plan);
        int pid = Cloner.Clone(flags, script, LauncherThreads.Stack(plan.StackSize), out int errno, inner);
        return (pid, errno);
    }

    private static LaunchException? Failure(LaunchPlan plan, ChildScript script)
        => script.Failure is var (step, name, errno) ? new LaunchException(name, errno, LaunchHints.For(step, errno, plan)) : null;

    /// <summary>
    /// That execve(2) enters the time namespace made before it is younger than the namespaces themselves. Where the kernel does not, the
    /// child would silently have the caller's clocks.
    /// </summary>
    private static LaunchException? TimeFailure(LaunchPlan plan, int pid)
    {
        // One look is enough: it is the kernel's doing and not the child's.
        if (!plan.Namespaces.HasFlag(Namespaces.Time) || s_entersTimeAtExec)
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

        s_entersTimeAtExec = own is not null && childs is not null && own != childs;
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
