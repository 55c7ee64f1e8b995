using System.Collections.Concurrent;
using NsGen.Calls;
using NsGen.CompilerServices;
using NsGen.Waiting;

namespace NsGen;

/// <summary>
/// Children kept ready for one isolated method (<see cref="IsolatedAttribute.Warm"/>): each in fresh namespaces, its runtime up and the body
/// compiled, waiting for arguments. Each serves one call and ends; the pool starts another in the background. The first call fills it. A
/// call that finds no child ready, or has options of its own, starts a child as any other.
/// </summary>
/// <remarks>
/// A child is as old as its start: it has the environment and working directory this process had then. An idle one holds the memory of a
/// small .NET process. All of them end with this process.
/// </remarks>
public sealed class IsolationPool : IDisposable
{
    /// <summary>The largest <see cref="IsolatedAttribute.Warm"/>.</summary>
    public const int MaximumSize = 64;

    private static readonly ConcurrentDictionary<string, IsolationPool> s_pools = new(StringComparer.Ordinal);

    private readonly object _gate = new();
    private readonly IsolatedMethod _method;
    private readonly Stack<WarmChild> _ready = new();
    private TaskCompletionSource _filled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _starting;
    private long _served;
    private long _coldStarts;
    private bool _disposed;

    internal IsolationPool(IsolatedMethod method)
    {
        _method = method;
        s_pools.TryAdd(method.Id, this);
    }

    /// <summary>The pools of this process: one for each method with warm children that has been called.</summary>
    public static IReadOnlyCollection<IsolationPool> All => [.. s_pools.Values];

    /// <summary>The method, such as <c>Demo.Greet(string)</c>.</summary>
    public string Name => _method.Id;

    /// <summary>How many children the pool keeps.</summary>
    public int Size => _method.Warm;

    /// <summary>Children that wait for a call.</summary>
    public int Ready
    {
        get
        {
            lock (_gate)
            {
                return _ready.Count;
            }
        }
    }

    /// <summary>Children that are being started.</summary>
    public int Starting => Volatile.Read(ref _starting);

    /// <summary>Calls that a warm child has taken.</summary>
    public long Served => Volatile.Read(ref _served);

    /// <summary>Calls that found none ready.</summary>
    public long ColdStarts => Volatile.Read(ref _coldStarts);

    /// <summary>Why the last attempt to start a child failed; null once one has succeeded. The next call tries again.</summary>
    public Exception? LastFailure { get; private set; }

    internal int[] ReadyProcessIds
    {
        get
        {
            lock (_gate)
            {
                return [.. _ready.Select(static child => child.Connection!.Started.Child.ProcessId)];
            }
        }
    }

    /// <summary>Starts what is missing and waits until the pool is full.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="LaunchException">A child could not be started.</exception>
    /// <exception cref="ObjectDisposedException">The pool has been disposed of.</exception>
    public Task FillAsync(CancellationToken cancellationToken = default)
    {
        Task filled;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_ready.Count >= Size)
            {
                return Task.CompletedTask;
            }

            filled = _filled.Task;
        }

        Refill();
        return filled.WaitAsync(cancellationToken);
    }

    /// <summary>Ends the idle children. Later calls start a child each.</summary>
    public void Dispose()
    {
        WarmChild[] idle;
        lock (_gate)
        {
            _disposed = true;
            idle = [.. _ready];
            _ready.Clear();
            _filled.TrySetException(new ObjectDisposedException(nameof(IsolationPool)));
            _ = _filled.Task.Exception;
        }

        foreach (WarmChild child in idle)
        {
            child.Kill();
        }
    }

    /// <summary>Gives the call to a child that is ready, if there is one, and has the pool filled again.</summary>
    internal ManagedCall? TryStart(PayloadWriter arguments, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ManagedCall? call = null;
        while (call is null && TryTake() is { } child)
        {
            call = ManagedCall.TryStart(child.Connection!, _method, arguments, _method.Options, cancellationToken);
        }

        if (call is null)
        {
            Interlocked.Increment(ref _coldStarts);
            Refill();
            return null;
        }

        // Starting the next child takes far longer than a call: it should not compete with this one for a processor.
        Interlocked.Increment(ref _served);
        _ = call.Result.ContinueWith(
            static (_, pool) => ((IsolationPool)pool!).Refill(), this, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        return call;
    }

    private WarmChild? TryTake()
    {
        lock (_gate)
        {
            return _ready.TryPop(out WarmChild? child) ? child : null;
        }
    }

    private void Refill()
    {
        while (true)
        {
            lock (_gate)
            {
                if (_disposed || _ready.Count + _starting >= Size)
                {
                    return;
                }

                _starting++;
            }

            // Nobody waits for it: how it went, OnReady and OnFailure are told.
            _ = StartChildAsync();
        }
    }

    private async Task StartChildAsync()
    {
        var child = new WarmChild(this);
        try
        {
            // The time allowed is a call's, and begins with it: an idle child may become any age.
            IsolationOptions options = new IsolationOptions { Timeout = Timeout.InfiniteTimeSpan }.Over(_method.Options);
            child.Connection = await ChildConnection.StartAsync(_method, options, null, child, CancellationToken.None).ConfigureAwait(false);
            child.Started();
        }
#pragma warning disable CA1031 // LastFailure has it; the call that needs a child meets the same exception on its own start.
        catch (Exception e)
#pragma warning restore CA1031
        {
            OnFailure(e);
        }
    }

    private void OnReady(WarmChild child)
    {
        bool keep;
        lock (_gate)
        {
            _starting--;
            LastFailure = null;
            keep = !_disposed;
            if (keep)
            {
                _ready.Push(child);
                if (_ready.Count >= Size)
                {
                    _filled.TrySetResult();
                    _filled = new(TaskCreationOptions.RunContinuationsAsynchronously);
                }
            }
        }

        if (!keep)
        {
            child.Kill();
        }
    }

    /// <summary>A child could not be started, or ended before it was ready. The next call tries again; nothing spins.</summary>
    private void OnFailure(Exception failure)
    {
        lock (_gate)
        {
            _starting--;
            LastFailure = failure;
            _filled.TrySetException(failure);
            _ = _filled.Task.Exception;
            _filled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private void OnIdleExit(WarmChild child)
    {
        lock (_gate)
        {
            WarmChild[] others = [.. _ready.Where(other => other != child).Reverse()];
            _ready.Clear();
            foreach (WarmChild other in others)
            {
                _ready.Push(other);
            }
        }
    }

    /// <summary>A child of the pool until it takes a call.</summary>
    private sealed class WarmChild(IsolationPool pool) : IChildListener
    {
        private bool _isReady;
        private bool _isConnected;

        public ChildConnection? Connection { get; set; }

        public void Kill() => Connection!.Started.Child.Kill(Native.LibC.SIGKILL);

        /// <summary>The launch has returned; the child may have said that it is ready before that.</summary>
        public void Started()
        {
            lock (this)
            {
                _isConnected = true;
                if (!_isReady)
                {
                    return;
                }
            }

            pool.OnReady(this);
        }

        public void OnFrame(CallFrame kind, byte[] content)
        {
            if (kind == CallFrame.Exception)
            {
                return; // OnExit follows
            }

            lock (this)
            {
                _isReady = true;
                if (!_isConnected)
                {
                    return;
                }
            }

            pool.OnReady(this);
        }

        public void OnExit(ChildProcess child, ExitStatus status)
        {
            if (_isReady)
            {
                pool.OnIdleExit(this);
            }
            else
            {
                pool.OnFailure(new IsolatedExitException($"A warm child of {pool.Name} ended before it was ready: {status}. {SelfProgram.MissingFile() ?? "Its standard error may say why."}", status));
            }
        }
    }
}
