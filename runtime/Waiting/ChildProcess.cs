using Microsoft.Win32.SafeHandles;
using NsGen.Native;

namespace NsGen.Waiting;

/// <summary>
/// A child from its execve to its reaping. The reactor holds it until then, so a child whose owner has forgotten it is reaped all the
/// same; only while a thread blocks in <see cref="WaitForExit"/>, that thread stands in for the reactor.
/// </summary>
internal sealed class ChildProcess
{
    private readonly object _gate = new();
    private readonly SafeFileHandle _pidFd;
    private readonly TaskCompletionSource<ExitStatus> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Action<ChildProcess, ExitStatus>? _onExit;
    private long _token;
    private readonly List<Deadline> _deadlines = [];
    private bool _reaped;
    private bool _threadWaits;
    private volatile bool _timedOut;

    private ChildProcess(int processId, SafeFileHandle pidFd, Action<ChildProcess, ExitStatus>? onExit)
    {
        ProcessId = processId;
        _pidFd = pidFd;
        _onExit = onExit;
    }

    public int ProcessId { get; }

    /// <summary>Ends when the child has been reaped.</summary>
    public Task<ExitStatus> Exited => _exited.Task;

    /// <summary>Whether its number may be another's by now. Where it is not, the number was the child's in all that went before.</summary>
    public bool IsReaped
    {
        get
        {
            lock (_gate)
            {
                return _reaped;
            }
        }
    }

    /// <summary>Whether <see cref="KillAfter"/> has killed it.</summary>
    public bool TimedOut => _timedOut;

    /// <summary>Waits for the child's end from now on.</summary>
    /// <param name="processId">Its id as the parent sees it.</param>
    /// <param name="pidFd">Its pidfd, which the result owns.</param>
    /// <param name="onExit">Runs once before <see cref="Exited"/> is completed, on the reactor or on the thread that waits.</param>
    /// <exception cref="LaunchException">The reactor takes no more (EMFILE, ENOSPC); the child is killed and reaped.</exception>
    public static ChildProcess Watch(int processId, SafeFileHandle pidFd, Action<ChildProcess, ExitStatus>? onExit)
    {
        var child = new ChildProcess(processId, pidFd, onExit);
        try
        {
            lock (child._gate)
            {
                child._token = Reactor.Instance.Add(pidFd, child.OnExit);
            }
        }
        catch
        {
            Wait.KillAndReap(pidFd);
            throw;
        }

        return child;
    }

    /// <summary>Sends a signal; nothing where the child has ended.</summary>
    /// <exception cref="NamespaceException">The kernel refuses, for example EPERM for a child that became another user.</exception>
    public void Kill(int signal)
    {
        lock (_gate)
        {
            if (_reaped)
            {
                return;
            }

            if (LibC.Syscall(SyscallNumbers.PidFdSendSignal, _pidFd.Number(), signal, 0, 0) != 0)
            {
                int errno = System.Runtime.InteropServices.Marshal.GetLastPInvokeError();
                if (errno != Errno.ESRCH)
                {
                    throw new NamespaceException(
                        $"Sending {SignalNames.Get(signal)} to process {ProcessId}: {Errno.Describe(errno)} ({Errno.NameOf(errno)}).");
                }
            }
        }
    }

    /// <exception cref="NamespaceException">The child has ended.</exception>
    public SafeFileHandle DuplicatePidFd()
    {
        lock (_gate)
        {
            return _reaped ? throw new NamespaceException($"Process {ProcessId} has ended.") : FileDescriptor.Duplicate(_pidFd, 3);
        }
    }

    /// <summary>Runs an action on the reactor after a while, unless the child has ended by then.</summary>
    public void After(TimeSpan delay, Action action)
    {
        lock (_gate)
        {
            if (!_reaped)
            {
                _deadlines.Add(new Deadline(delay, action));
            }
        }
    }

    /// <summary>Kills the child after a while.</summary>
    public void KillAfter(TimeSpan timeout) => After(timeout, () =>
    {
        lock (_gate)
        {
            // It may have ended just now, on the thread that waits: then it did so in time.
            _timedOut = !_reaped;
            TryKill();
        }
    });

    /// <summary>
    /// Kills the child where the kernel lets us: on the reactor nobody could catch the exception for a child that became another user, such
    /// as sudo(8).
    /// </summary>
    public void TryKill()
    {
        try
        {
            Kill(LibC.SIGKILL);
        }
        catch (NamespaceException)
        {
            // It goes on, and so does whoever waits for it.
        }
    }

    /// <summary>
    /// Blocks until the child has ended. The first thread that does waits on the pidfd itself: to be woken by the kernel instead of by the
    /// reactor, which the kernel would have to wake before, saves a twentieth of a short program's life (docs/performance.md).
    /// </summary>
    /// <returns>Whether the child has ended within the time.</returns>
    public bool WaitForExit(TimeSpan timeout)
    {
        if (!TakeOver())
        {
            return _exited.Task.Wait(timeout);
        }

        bool ended = false;
        try
        {
            ended = Wait.ForReadable(_pidFd, timeout);
        }
        finally
        {
            _pidFd.DangerousRelease();
            if (!ended)
            {
                GiveBack();
            }
        }

        if (ended)
        {
            OnExit();
            _exited.Task.Wait(); // the reactor may have come to the end first, and be about to say so
        }

        return ended;
    }

    private bool TakeOver()
    {
        lock (_gate)
        {
            if (_reaped || _threadWaits)
            {
                return false;
            }

            _threadWaits = true;
            Reactor.Instance.Pause(_token, paused: true);

            // The reactor may be at this child already, and would close the descriptor under the thread that waits on it.
            bool added = false;
            _pidFd.DangerousAddRef(ref added);
            return true;
        }
    }

    private void GiveBack()
    {
        lock (_gate)
        {
            _threadWaits = false;
            Reactor.Instance.Pause(_token, paused: false);
        }
    }

    private void OnExit()
    {
        ExitStatus status;
        lock (_gate)
        {
            if (_reaped)
            {
                return;
            }

            Reactor.Instance.Remove(_token);
            status = Wait.ForExit(_pidFd) ?? ExitStatus.Unknown;
            _reaped = true;
            _pidFd.Dispose();
            foreach (Deadline deadline in _deadlines)
            {
                deadline.Dispose();
            }

            _deadlines.Clear();
        }

        _onExit?.Invoke(this, status);
        _exited.TrySetResult(status);
    }
}
