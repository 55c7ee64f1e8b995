using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using NsGen.Native;

namespace NsGen;

/// <summary>
/// A process whose namespaces a child joins; see setns(2). It holds a pidfd, so it names that process also when the number is used again.
/// </summary>
public sealed class NamespaceTarget : IDisposable
{
    private readonly SafeFileHandle _pidFd;

    private NamespaceTarget(SafeFileHandle pidFd, string name)
    {
        _pidFd = pidFd;
        Name = name;
    }

    internal SafeHandle Handle => _pidFd;

    /// <summary>How messages call it.</summary>
    internal string Name { get; }

    /// <summary>The namespaces of a process.</summary>
    /// <param name="processId">Its id as the calling process sees it, see /proc.</param>
    /// <exception cref="NamespaceException">There is no such process.</exception>
    public static NamespaceTarget FromProcess(int processId)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(processId);
        nint fd = LibC.Syscall(SyscallNumbers.PidFdOpen, processId, 0);
        if (fd < 0)
        {
            int errno = Marshal.GetLastPInvokeError();
            throw new NamespaceException(
                $"Process {processId} cannot be a target: {Errno.Describe(errno)} ({Errno.NameOf(errno)}). "
                + (errno == Errno.EINVAL ? "It is a thread: give the id of its process." : "It has ended, or is not visible in this PID namespace."));
        }

        return new NamespaceTarget(FileDescriptor.Owned((int)fd), $"process {processId}");
    }

    /// <summary>The namespaces of an isolated child.</summary>
    /// <param name="process">A child that has not ended.</param>
    /// <exception cref="NamespaceException">It has ended.</exception>
    public static NamespaceTarget FromProcess(IsolatedProcess process)
    {
        ArgumentNullException.ThrowIfNull(process);
        return new NamespaceTarget(process.DuplicatePidFd(), $"process {process.Id}");
    }

    /// <summary>The namespaces of the process that a pidfd refers to.</summary>
    /// <param name="pidFd">A pidfd, see pidfd_open(2). It is duplicated; the caller keeps its own.</param>
    public static NamespaceTarget FromPidFd(SafeHandle pidFd)
    {
        ArgumentNullException.ThrowIfNull(pidFd);
        return new NamespaceTarget(FileDescriptor.Duplicate(pidFd, 3), "the pidfd's process");
    }

    /// <summary>Closes the pidfd.</summary>
    public void Dispose() => _pidFd.Dispose();

    /// <summary>The link of one of its namespaces, such as <c>net:[4026531840]</c>; null where it cannot be read.</summary>
    internal string? Link(string name)
    {
        string? pid = ProcFile.Field(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fdinfo/{_pidFd.Number()}"), "Pid:");
        try
        {
            return pid is null or "-1" ? null : File.ResolveLinkTarget($"/proc/{pid}/ns/{name}", returnFinalTarget: false)?.Name;
        }
        catch (IOException)
        {
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
    }
}
