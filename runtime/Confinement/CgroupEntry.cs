using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using NsGen.Launch;
using NsGen.Native;

namespace NsGen.Confinement;

/// <summary>
/// The control group a child is born into. The parent writes its limits and opens its cgroup.procs; the child writes itself ("0") there as
/// its first step. CLONE_INTO_CGROUP would do it in clone3(2), which has no wrapper that takes a stack and so no way in from C#; what
/// the child does before it has moved is a handful of system calls on its parent's memory, with nothing of its own to account.
/// </summary>
/// <remarks>
/// The kernel asks whether whoever opened the file may move a process, so this also works where the child itself no longer could:
/// in a user namespace, as another user.
/// </remarks>
internal sealed unsafe class CgroupEntry : IDisposable
{
    private const int PeriodMicroseconds = 100_000; // the kernel's default for cpu.max

    private readonly SafeFileHandle _processes;

    private CgroupEntry(SafeFileHandle processes) => _processes = processes;

    /// <summary>Writes the limits and opens the group; null where none is asked for.</summary>
    /// <exception cref="LaunchException">It is none of version 2, lacks a controller, or the caller may not.</exception>
    public static CgroupEntry? Open(LaunchPlan plan)
    {
        if (plan.CgroupPath is not { } group)
        {
            return null;
        }

        if (Explain(group) is { } explanation)
        {
            throw new LaunchException($"enter the control group {group}", Directory.Exists(group) ? Errno.EINVAL : Errno.ENOENT, explanation);
        }

        if (plan.CgroupLimits is { } limits)
        {
            Write(plan, "memory.max", limits.MemoryMax?.ToString(CultureInfo.InvariantCulture));
            Write(plan, "pids.max", limits.PidsMax?.ToString(CultureInfo.InvariantCulture));
            Write(plan, "cpu.max", limits.CpuMax is { } cpu ? FormattableString.Invariant($"{(long)(cpu * PeriodMicroseconds)} {PeriodMicroseconds}") : null);
        }

        return new(OpenFile(plan, "cgroup.procs"));
    }

    /// <summary>Appends the child's part, before anything that could hide the hierarchy or take the right to enter it.</summary>
    public static void AddSteps(ChildScript script, LaunchPlan plan, CgroupEntry? entry)
    {
        if (entry is null)
        {
            return;
        }

        script.Add(LaunchStep.Cgroup, $"enter the control group {plan.CgroupPath}", SyscallNumbers.Write, entry._processes.Number(), script.Utf8("0"), 1);
        if (plan.Namespaces.HasFlag(Namespaces.Cgroup))
        {
            // A cgroup namespace is rooted where its maker is at that moment (cgroup_namespaces(7)), so clone would be too early.
            script.Add(LaunchStep.Cgroup, "unshare(CLONE_NEWCGROUP)", SyscallNumbers.Unshare, (nint)(int)Namespaces.Cgroup);
        }
    }

    /// <summary>Why a group cannot be entered; null where nothing speaks against it.</summary>
    public static string? Explain(string group)
    {
        if (!Directory.Exists(group))
        {
            return "There is no such directory. Make it first: Directory.CreateDirectory in a cgroup2 file system makes a control group.";
        }

        return File.Exists(Path.Combine(group, "cgroup.controllers"))
            ? null
            : File.Exists(Path.Combine(group, "cgroup.clone_children")) || File.Exists(Path.Combine(group, "tasks"))
                ? "It belongs to a hierarchy of version 1; give a group of version 2, a directory in a cgroup2 file system."
                : "It is no control group: give a directory in a cgroup2 file system.";
    }

    public void Dispose() => _processes.Dispose();

    private static void Write(LaunchPlan plan, string file, string? value)
    {
        if (value is null)
        {
            return;
        }

        using SafeFileHandle handle = OpenFile(plan, file);
        byte[] bytes = System.Text.Encoding.ASCII.GetBytes(value);
        fixed (byte* start = bytes)
        {
            if (LibC.Write(handle.Number(), start, (nuint)bytes.Length) < 0)
            {
                throw Failed($"write {value} to {Path.Combine(plan.CgroupPath!, file)}", plan);
            }
        }
    }

    private static SafeFileHandle OpenFile(LaunchPlan plan, string file)
    {
        string path = Path.Combine(plan.CgroupPath!, file);
        int fd = LibC.Open(path, LibC.O_WRONLY | LibC.O_CLOEXEC);
        return fd >= 0 ? FileDescriptor.Owned(fd) : throw Failed($"open {path}", plan);
    }

    private static LaunchException Failed(string step, LaunchPlan plan)
    {
        int errno = Marshal.GetLastPInvokeError();
        return new(step, errno, LaunchHints.For(LaunchStep.CgroupLimits, errno, plan));
    }
}
