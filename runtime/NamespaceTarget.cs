using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using NsGen.Joining;
using NsGen.Launch;
using NsGen.Native;

namespace NsGen;

/// <summary>
/// Whose namespaces a child or a thread joins, see setns(2): those of a process, or those that handles or pins hold, which may have no
/// process any more.
/// </summary>
/// <remarks>
/// It holds descriptors of its own, so it goes on meaning the same process or namespace when a number or a path is used again.
/// </remarks>
/// <example>
/// <code>
/// using var blue = NamespaceTarget.FromPaths("/run/netns/blue");
/// using var child = IsolatedProcess.Start("ip", ["addr"], new() { Target = blue });
/// </code>
/// </example>
public abstract class NamespaceTarget : IDisposable
{
    private protected NamespaceTarget(string name) => Name = name;

    /// <summary>How messages call it.</summary>
    internal string Name { get; }

    /// <summary>The kinds it holds; null for a process, which is in one of each.</summary>
    internal virtual Namespaces? Kinds => null;

    /// <summary>Whether its user namespace is the caller's own, which setns(2) refuses to join (EINVAL).</summary>
    internal abstract bool IsInOwnUser { get; }

    /// <summary>Whether the caller may look at it at all (ptrace(2)), which setns(2) asks for first.</summary>
    internal virtual bool MayBeLookedAt => true;

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

        return new ProcessTarget(FileDescriptor.Owned((int)fd), string.Create(CultureInfo.InvariantCulture, $"process {processId}"));
    }

    /// <summary>The namespaces of an isolated child.</summary>
    /// <param name="process">A child that has not ended.</param>
    /// <exception cref="NamespaceException">It has ended.</exception>
    public static NamespaceTarget FromProcess(IsolatedProcess process)
    {
        ArgumentNullException.ThrowIfNull(process);
        return new ProcessTarget(process.DuplicatePidFd(), string.Create(CultureInfo.InvariantCulture, $"process {process.Id}"));
    }

    /// <summary>The namespaces of the process that a pidfd refers to.</summary>
    /// <param name="pidFd">A pidfd, see pidfd_open(2). It is duplicated; the caller keeps its own.</param>
    public static NamespaceTarget FromPidFd(SafeHandle pidFd)
    {
        ArgumentNullException.ThrowIfNull(pidFd);
        return new ProcessTarget(FileDescriptor.Duplicate(pidFd, 3), "the pidfd's process");
    }

    /// <summary>
    /// Namespaces held by handles, whether a process is in them or not; at most one of each kind. Where <see cref="IsolationOptions.Join"/>
    /// names none, all of them are joined.
    /// </summary>
    /// <param name="handles">The handles. They are duplicated; the caller keeps its own.</param>
    /// <exception cref="ArgumentException">There is none, or there are two of one kind.</exception>
    /// <exception cref="ObjectDisposedException">A handle is closed.</exception>
    /// <exception cref="LaunchException">No more descriptors may be opened (EMFILE).</exception>
    [SupportedOSPlatform("linux")]
    public static NamespaceTarget FromHandles(params NamespaceHandle[] handles)
    {
        ArgumentNullException.ThrowIfNull(handles);
        return HandlesTarget.Of(handles, static handle =>
        {
            ArgumentNullException.ThrowIfNull(handle, nameof(handles));
            return (NamespaceHandle.FromDescriptor(handle), handle.ToString());
        });
    }

    /// <summary>
    /// Namespaces held by files: pins as of <see cref="NamespaceHandle.Pin"/> or <c>ip netns</c>, or /proc/PID/ns/*. As
    /// <see cref="FromHandles"/>; the files are opened here, and not looked at again.
    /// </summary>
    /// <param name="paths">The files; links are followed.</param>
    /// <exception cref="ArgumentException">There is none, or there are two of one kind.</exception>
    /// <exception cref="NamespaceCallException">A file cannot be opened (ENOENT, EACCES), or is not a namespace (ENOTTY).</exception>
    [SupportedOSPlatform("linux")]
    public static NamespaceTarget FromPaths(params string[] paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return HandlesTarget.Of(paths, static path => (NamespaceHandle.Open(path), path));
    }

    /// <summary>Closes what it holds.</summary>
    public abstract void Dispose();

    /// <summary>Appends the calls of setns(2) that enter <paramref name="join"/>.</summary>
    internal abstract void AddSteps(ChildScript script, Namespaces join);
}
