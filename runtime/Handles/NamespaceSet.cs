using System.Globalization;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using NsGen.Handles;
using NsGen.Native;

namespace NsGen;

/// <summary>
/// Which namespaces a process or thread is in, as read at one moment from /proc/PID/ns; see namespaces(7). It holds none of them.
/// </summary>
/// <example>
/// <code>
/// Namespaces own = NamespaceSet.Of(child.Id).Differences(NamespaceSet.Current()); // Uts | Pid
/// </code>
/// </example>
[SupportedOSPlatform("linux")]
public sealed class NamespaceSet : IEquatable<NamespaceSet>
{
    private readonly NamespaceId?[] _ids;

    private NamespaceSet(NamespaceId?[] ids) => _ids = ids;

    /// <summary>
    /// Where the children will be that are born from now on; null where no process has been born there yet. It differs from
    /// <c>this[Namespaces.Pid]</c> after setns(2) or unshare(2), which never move the caller itself into another PID namespace.
    /// </summary>
    public NamespaceId? PidForChildren => Link(ProcessLinks.PidForChildren);

    /// <summary>
    /// Where the children will be that are born from now on; it differs from <c>this[Namespaces.Time]</c> after unshare(2).
    /// </summary>
    public NamespaceId? TimeForChildren => Link(ProcessLinks.TimeForChildren);

    /// <summary>The namespace of one kind; null where the kernel was built without.</summary>
    /// <param name="one">Which, exactly one.</param>
    /// <exception cref="ArgumentException"><paramref name="one"/> is not exactly one kind.</exception>
    public NamespaceId? this[Namespaces one] => Link(NamespaceNames.Link(one));

    /// <summary>Whether all eight are the same.</summary>
    public static bool operator ==(NamespaceSet? left, NamespaceSet? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Whether any of the eight differs.</summary>
    public static bool operator !=(NamespaceSet? left, NamespaceSet? right) => !(left == right);

    /// <summary>The namespaces of a process: of its first thread, as others may have moved (setns(2)).</summary>
    /// <param name="processId">Its id as /proc shows it, or that of a thread.</param>
    /// <remarks>
    /// All are those of one process, also where it ends meanwhile and its number is given away. For a process of another user
    /// CAP_SYS_PTRACE is needed.
    /// </remarks>
    /// <exception cref="NamespaceCallException">
    /// There is no such process, it has ended, or the caller may not look at it (EACCES).
    /// </exception>
    public static NamespaceSet Of(int processId)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(processId);
        return Read(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/ns"), processId);
    }

    /// <summary>The namespaces of the calling thread.</summary>
    /// <exception cref="NamespaceCallException">/proc is not mounted.</exception>
    public static NamespaceSet Current() => Read("/proc/thread-self/ns", processId: null);

    /// <summary>The kinds in which two processes are in different namespaces.</summary>
    /// <param name="other">Those of another process or moment.</param>
    /// <returns><see cref="Namespaces.None"/> where both are in the same.</returns>
    public Namespaces Differences(NamespaceSet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Namespaces differences = Namespaces.None;
        for (int i = 0; i < _ids.Length; i++)
        {
            if (_ids[i] != other._ids[i])
            {
                differences |= ProcessLinks.All[i].Kind;
            }
        }

        return differences;
    }

    /// <summary>Whether both are in the same namespaces of all eight kinds, whatever their future children will be in.</summary>
    /// <param name="other">Those of another process or moment.</param>
    public bool Equals(NamespaceSet? other) => other is not null && Differences(other) == Namespaces.None;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as NamespaceSet);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        for (int i = 0; i < _ids.Length; i++)
        {
            if (ProcessLinks.All[i].Kind != Namespaces.None)
            {
                hash.Add(_ids[i]);
            }
        }

        return hash.ToHashCode();
    }

    /// <summary>One line a link, as <c>ls -l /proc/PID/ns</c> shows them: <c>uts -> uts:[4026531838]</c>.</summary>
    public override string ToString() => string.Join(
        '\n',
        from pair in ProcessLinks.All.Zip(_ids)
        where pair.Second is not null
        let name = pair.First.Name
        let kind = name.Split('_')[0] // pid_for_children leads to pid:[...]
        select $"{name} -> {kind}:{pair.Second}");

    private static NamespaceSet Read(string path, int? processId)
    {
        using SafeFileHandle? directory = NamespaceFile.TryOpenDirectory(path, out int errno);
        if (directory is null)
        {
            throw new NamespaceCallException($"open {path}", errno, HandleHints.ForProcess(processId, link: null, errno));
        }

        var ids = new NamespaceId?[ProcessLinks.All.Length];
        errno = ProcessLinks.Read(directory, ids);
        if (errno == 0 && HasEnded(ids))
        {
            errno = Errno.ESRCH;
        }

        return errno == 0
            ? new NamespaceSet(ids)
            : throw new NamespaceCallException($"read {path}", errno, HandleHints.ForProcess(processId, link: null, errno));
    }

    /// <summary>
    /// A process that has ended keeps its PID and user namespaces until it is reaped, and loses the others, which every kernel has.
    /// </summary>
    private static bool HasEnded(NamespaceId?[] ids)
    {
        for (int i = 0; i < ids.Length; i++)
        {
            if (ids[i] is null && ProcessLinks.All[i].Kind == Namespaces.Mount)
            {
                return true;
            }
        }

        return false;
    }

    private NamespaceId? Link(string name) => _ids[Array.FindIndex(ProcessLinks.All, link => link.Name == name)];
}
