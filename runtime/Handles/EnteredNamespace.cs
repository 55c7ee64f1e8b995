using System.Runtime.InteropServices;
using NsGen.Native;
using NsGen.Threads;

namespace NsGen.Handles;

/// <summary>
/// The state of a <see cref="NamespaceScope"/>: an object, so that copies of the struct agree on whether it has been left.
/// </summary>
internal sealed class EnteredNamespace
{
    [ThreadStatic]
    private static EnteredNamespace? t_innermost;

    private readonly NamespaceHandle _previous;
    private readonly EnteredNamespace? _outer;
    private bool _left;

    private EnteredNamespace(NamespaceHandle previous, string name)
    {
        _previous = previous;
        _outer = t_innermost;
        Namespace = name;
    }

    /// <summary>What was entered, such as <c>net:[4026531840]</c>.</summary>
    private string Namespace { get; }

    /// <summary>
    /// No child is started in a scope, and no thread-mode body. Whether it would be inside depends on the thread that clones it; and a
    /// thread that is born inside and kept would stay there, with all children it ever has.
    /// </summary>
    public static void ThrowIfInside()
    {
        IsolatedThreads.ThrowIfInside();
        if (t_innermost is { } entered)
        {
            throw new InvalidOperationException(
                $"This thread is in {entered.Namespace} for the time of a {nameof(NamespaceScope)}; a child or body started now might "
                + $"not be: other threads start them. Leave the scope first; to have it inside, set "
                + $"{nameof(IsolationOptions)}.{nameof(IsolationOptions.Join)}.");
        }
    }

    public static EnteredNamespace Enter(NamespaceHandle handle)
    {
        ObjectDisposedException.ThrowIf(handle.IsClosed, handle);
        if (Refusal(handle.Type) is { } refusal)
        {
            throw new NotSupportedException(
                $"A thread cannot enter {handle} and come back: {refusal} ({nameof(IsolationOptions)}.{nameof(IsolationOptions.Join)}).");
        }

        // Threads that .NET starts when it first needs them would be born inside and stay there.
        RuntimeThreads.EnsureStarted();
        NamespaceHandle previous = NamespaceHandle.Current(handle.Type);
        try
        {
            // First to where the thread is already: the kernel then says whether the way back is open, before it is needed.
            if (LibC.SetNs(previous, (int)handle.Type) != 0)
            {
                int errno = Marshal.GetLastPInvokeError();
                throw HandleHints.ForReturn(errno) is { } hint
                    ? new NamespaceCallException($"setns({previous}), the way back from {handle}", errno, hint)
                    : new NamespaceCallException($"setns({handle})", errno, HandleHints.ForEnter(handle.Type, errno));
            }

            // Made before the thread moves: no allocation that fails may come between that and the caller's using.
            var entered = new EnteredNamespace(previous, handle.ToString());
            if (LibC.SetNs(handle, (int)handle.Type) != 0)
            {
                int errno = Marshal.GetLastPInvokeError();
                throw new NamespaceCallException($"setns({handle})", errno, HandleHints.ForEnter(handle.Type, errno));
            }

            t_innermost = entered;
            return entered;
        }
        catch
        {
            previous.Dispose();
            throw;
        }
    }

    public void Leave()
    {
        if (_left)
        {
            return;
        }

        if (!IsOfThisThread())
        {
            Environment.FailFast(
                $"NsGen: a NamespaceScope that entered {Namespace} is disposed on another thread than the one that entered. That one is "
                + "still inside, out of reach, and its next work would be done in the wrong namespace: the process is ended.");
        }

        if (t_innermost != this)
        {
            throw new InvalidOperationException(
                $"The scope of {Namespace} is not the innermost: {t_innermost!.Namespace} was entered in it and has to be left first. "
                    + "Write using.");
        }

        if (LibC.SetNs(_previous, (int)_previous.Type) != 0)
        {
            int errno = Marshal.GetLastPInvokeError();
            Environment.FailFast(
                $"NsGen: a thread could not go back from {Namespace} to {_previous}: {Errno.Describe(errno)} ({Errno.NameOf(errno)}). "
                + "Its next work would be done in the wrong namespace: the process is ended. "
                + "Do not give up capabilities in a NamespaceScope.");
        }

        _left = true;
        t_innermost = _outer;
        _previous.Dispose();
    }

    private static string? Refusal(Namespaces type) => type switch
    {
        Namespaces.Uts or Namespaces.Ipc or Namespaces.Net or Namespaces.Cgroup => null,
        Namespaces.User => "setns(2) lets no process with several threads into another user namespace (EINVAL), and a .NET process has "
            + "several. Let a child join it",
        Namespaces.Time => "setns(2) lets no process with several threads into another time namespace (EUSERS), and a .NET process has "
            + "several. Let a child join it",
        Namespaces.Pid => "setns(2) does not move the caller into another PID namespace, only the children it has afterwards. Let a "
            + "child join it",
        _ => "it would have to give up for good that it shares its root and working directory with the other threads (unshare(CLONE_FS)). "
            + $"Let a thread join it that ends afterwards, by {nameof(IsolationMode)}.{nameof(IsolationMode.Thread)}, or a child",
    };

    /// <summary>By the thread's own list: a thread's number may be given to another when it ends.</summary>
    private bool IsOfThisThread()
    {
        for (EnteredNamespace? scope = t_innermost; scope is not null; scope = scope._outer)
        {
            if (scope == this)
            {
                return true;
            }
        }

        return false;
    }
}
