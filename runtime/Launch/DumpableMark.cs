using NsGen.Native;

namespace NsGen.Launch;

/// <summary>
/// The mark of this process's memory that says whether /proc/self belongs to its user. A change of credentials to what was not there before
/// takes it away (commit_creds in kernel/cred.c), and a child's memory is this process's until its execve.
/// </summary>
/// <remarks>
/// The parent puts it back when the child has gone to memory of its own. Not the child, and not before: whoever is the child's new user could
/// trace it then, and read this process's memory (ptrace(2), PTRACE_MODE_ATTACH).
/// </remarks>
internal sealed class DumpableMark : IDisposable
{
    private static readonly ReaderWriterLockSlim s_lock = new();

    private readonly bool _changes;
    private readonly int _before;

    private DumpableMark(bool changes)
    {
        _changes = changes;
        if (changes)
        {
            // One at a time, else one would take the other's mark for the rightful one.
            s_lock.EnterWriteLock();
            _before = LibC.Prctl(LibC.PR_GET_DUMPABLE);
        }
        else
        {
            s_lock.EnterReadLock();
        }
    }

    /// <summary>To be held around the clone of a child that may take the mark away, or that has to write its own /proc/self: not both at once.</summary>
    /// <returns>Null for a child that does neither.</returns>
    public static DumpableMark? Of(LaunchPlan plan)
        => plan.UserId is not null || plan.GroupId is not null || plan.Join.HasFlag(Namespaces.User) ? new(changes: true)
            : plan.Namespaces.HasFlag(Namespaces.User) ? new(changes: false)
            : null;

    public void Dispose()
    {
        if (!_changes)
        {
            s_lock.ExitReadLock();
            return;
        }

        if (_before == 1)
        {
            _ = LibC.Prctl(LibC.PR_SET_DUMPABLE, 1);
        }

        s_lock.ExitWriteLock();
    }
}
