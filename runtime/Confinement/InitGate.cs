using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using NsGen.Launch;
using NsGen.Native;

namespace NsGen.Confinement;

/// <summary>
/// What a launch with init needs beside its script. The child's execve is now that of init, so that the program itself could be executed comes by
/// an eventfd: a launch still ends when the program runs, or with the reason why it does not.
/// </summary>
internal sealed unsafe class InitGate : IDisposable
{
    private const nint AtEmptyPath = 0x1000;

    private readonly int _firstFree;
    private readonly SafeFileHandle _report;
    private readonly SafeFileHandle _program;

    /// <param name="firstFree">The lowest number that is not one of the child's own descriptors; it and the next are init's.</param>
    public InitGate(int firstFree)
    {
        _firstFree = firstFree;

        // Above the targets, so that moving one there cannot overwrite the other.
        _program = FileDescriptor.Duplicate(InitProgram.File, firstFree + 2);
        using SafeFileHandle report = FileDescriptor.EventFd();
        _report = FileDescriptor.Duplicate(report, firstFree + 2);
    }

    /// <summary>The lowest number that neither the program nor init uses.</summary>
    public int FirstClosed => _firstFree + 2;

    /// <summary>Appends the steps that put init's descriptors in place, after the program's own.</summary>
    public void AddDescriptors(ChildScript script)
    {
        script.Add(LaunchStep.Init, "dup the report's descriptor", SyscallNumbers.Dup3, _report.Number(), _firstFree);
        script.Add(LaunchStep.Init, "dup the init program", SyscallNumbers.Dup3, _program.Number(), _firstFree + 1, LibC.O_CLOEXEC);
    }

    /// <summary>Appends the last step. What init expects as its arguments stands in init/x64.S.</summary>
    public void AddExec(ChildScript script, LaunchPlan plan)
    {
        List<string> arguments = ["nsgen-init", FormattableString.Invariant($"{_firstFree}{(plan.NewSession ? "s" : "")}")];
        if (plan.Candidates.Count > 0)
        {
            arguments.AddRange(plan.Candidates);
        }
        else
        {
            arguments.Add(plan.FileName);
        }

        script.Add(
            LaunchStep.Init,
            "execute the init program",
            SyscallNumbers.ExecveAt,
            _firstFree + 1,
            script.Utf8(""),
            script.Utf8Array([.. arguments, "", .. plan.Arguments]),
            script.Environment(plan.Environment),
            AtEmptyPath);
    }

    /// <summary>Waits until init has started the program, or not.</summary>
    /// <returns>Why not; null where it runs, and where init was killed first: that shows in how the child ended.</returns>
    public LaunchException? WaitForProgram(LaunchPlan plan, SafeFileHandle pidFd)
    {
        LibC.PollFd* ends = stackalloc LibC.PollFd[2];
        ends[0] = new() { Fd = _report.Number(), Events = LibC.POLLIN };
        ends[1] = new() { Fd = pidFd.Number(), Events = LibC.POLLIN };
        int ready;
        do
        {
            ready = LibC.Poll(ends, 2, -1);
        }
        while (ready < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR);

        ulong report = 1;
        if (ready > 0 && ends[0].ReturnedEvents != 0)
        {
            _ = LibC.Read(_report.Number(), &report, sizeof(ulong));
        }

        int errno = (int)report - 1;
        return errno == 0 ? null : new($"execve {plan.FileName}", errno, LaunchHints.For(LaunchStep.Exec, errno, plan));
    }

    public void Dispose()
    {
        _report.Dispose();
        _program.Dispose();
    }
}
