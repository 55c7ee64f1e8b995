using NsGen.CompilerServices;
using NsGen.Native;
using NsGen.Waiting;

namespace NsGen.Calls;

/// <summary>One call of a managed body, from the parent's side: turns what comes back from the child into a result.</summary>
internal sealed class ManagedCall : IChildListener
{
    private static readonly TimeSpan s_defaultGracePeriod = TimeSpan.FromSeconds(1);

    private readonly IsolatedMethod _method;
    private readonly IsolationOptions _options;
    private readonly CancellationToken _cancellationToken;
    private readonly bool _endsWithResult;
    private readonly TaskCompletionSource<PayloadReader> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ItemQueue _items = new();
    private (CallFrame Kind, byte[] Content)? _received;
    private List<Action<PayloadReader>> _progressHandlers = [];
    private Task _progress = Task.CompletedTask;
    private Exception? _progressFailure;
    private ChildConnection? _connection;

    private ManagedCall(IsolatedMethod method, IsolationOptions options, bool endsWithResult, CancellationToken cancellationToken)
    {
        _method = method;
        _options = options;
        _endsWithResult = endsWithResult;
        _cancellationToken = cancellationToken;
    }

    /// <summary>Ends when the child has ended and been reaped; of a warm child, when the result has come.</summary>
    public Task<PayloadReader> Result => _result.Task;

    /// <summary>Blocks until there is a result. For a call without items.</summary>
    public PayloadReader WaitForResult()
    {
        if (_endsWithResult)
        {
            _connection!.ReadUntil(_result.Task);
        }

        return _result.Task.GetAwaiter().GetResult();
    }

    /// <summary>The items of a stream.</summary>
    public ItemQueue Items => _items;

    /// <summary>The child, with what cancellation does to it.</summary>
    public StartedChild Started => _connection!.Started with
    {
        CancellationToken = _cancellationToken,
        AskToStop = _method.AcceptsCancellation ? AskToStop : null,
        BodyFailure = () => Result.Exception?.InnerException,
    };

    /// <summary>Starts a child for the call and waits for its execve.</summary>
    /// <param name="method">The body.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="options">The caller's options over the attribute's.</param>
    /// <param name="pipesAllowed">Whether the caller gets an object on which it could use redirected streams.</param>
    /// <param name="cancellationToken">Asks the body to stop, and kills it after the grace period.</param>
    public static ManagedCall Start(
        IsolatedMethod method, PayloadWriter arguments, IsolationOptions options, bool pipesAllowed, CancellationToken cancellationToken)
    {
        CheckStreams(options, pipesAllowed);
        var call = new ManagedCall(method, options, endsWithResult: false, cancellationToken) { _progressHandlers = arguments.ProgressHandlers };
        call._connection = ChildConnection.Start(method, options, arguments, call, cancellationToken);
        return call;
    }

    /// <inheritdoc cref="Start"/>
    public static async Task<ManagedCall> StartAsync(
        IsolatedMethod method, PayloadWriter arguments, IsolationOptions options, bool pipesAllowed, CancellationToken cancellationToken)
    {
        CheckStreams(options, pipesAllowed);
        var call = new ManagedCall(method, options, endsWithResult: false, cancellationToken) { _progressHandlers = arguments.ProgressHandlers };
        call._connection = await ChildConnection.StartAsync(method, options, arguments, call, cancellationToken).ConfigureAwait(false);
        return call;
    }

    /// <summary>Gives the call to a warm child.</summary>
    /// <returns>Null where that child has ended meanwhile, and the body has not begun.</returns>
    public static ManagedCall? TryStart(
        ChildConnection warm, IsolatedMethod method, PayloadWriter arguments, IsolationOptions options, CancellationToken cancellationToken)
    {
        var call = new ManagedCall(method, options, endsWithResult: true, cancellationToken) { _connection = warm, _progressHandlers = arguments.ProgressHandlers };
        warm.Attach(call);

        // Before the arguments are sent: a child that does not read them is killed, and that ends the sending.
        if (options.Timeout is { } timeout && timeout > TimeSpan.Zero)
        {
            warm.Started.Child.KillAfter(timeout);
        }

        return warm.Send(CallFrame.Call, arguments.Written.Span, arguments.Handles) ? call : null;
    }

    public void OnFrame(CallFrame kind, byte[] content)
    {
        switch (kind)
        {
            case CallFrame.Progress:
                // In the order they were sent, and all of them before the result; never on the reactor, since the handler is the user's.
                _progress = _progress.ContinueWith(_ => Report(new PayloadReader(content)), TaskScheduler.Default);
                return;
            case CallFrame.Item:
                if (_items.Add(content))
                {
                    _connection?.Pause();
                }

                return;
            default:
                break;
        }

        _received = (kind, content);
        if (_endsWithResult)
        {
            Complete();
        }
    }

    public void OnExit(ChildProcess child, ExitStatus status)
    {
        if (_received is null)
        {
            _result.TrySetException(WithoutResult(child, status));
            _items.Complete();
        }
        else
        {
            Complete();
        }

        // Whoever wants it asks for the result or for IsolatedProcess.Failure; nobody has to.
        _ = _result.Task.Exception;
    }

    private static void CheckStreams(IsolationOptions options, bool pipesAllowed)
    {
        foreach (Redirection? stream in (Redirection?[])[options.StandardInput, options.StandardOutput, options.StandardError])
        {
            if (stream?.Kind == RedirectionKind.Pipe && !pipesAllowed)
            {
                throw new ArgumentException(
                    "Redirection.Pipe needs somebody at the other end: let the isolated method return IsolatedProcess or IsolatedProcess<T>.", nameof(options));
            }
        }
    }

    /// <summary>Takes the next item of a stream, and has the child go on.</summary>
    /// <returns>Null at the end; <see cref="Result"/> tells then whether it was the body's.</returns>
    public async ValueTask<PayloadReader?> NextItemAsync()
    {
        byte[]? item = await _items.TakeAsync().ConfigureAwait(false);
        if (_items.HasRoom)
        {
            _connection!.Resume();
        }

        return item is null ? null : new PayloadReader(item);
    }

    /// <summary>Ends a child nobody listens to any more, politely where the body takes a token.</summary>
    public async Task StopAsync()
    {
        Started.Cancel();
        _connection!.Resume();
        _items.Discard();
        await _connection.Started.Child.Exited.ConfigureAwait(false);
    }

    /// <summary>The first handler that fails fails the call.</summary>
    private void Report(PayloadReader report)
    {
        if (_progressFailure is not null)
        {
            return;
        }

        try
        {
            _progressHandlers[report.ReadValue<int>()](report);
        }
#pragma warning disable CA1031 // It is the call's result.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _progressFailure = e;
        }
    }

    private void AskToStop()
    {
        // Nine bytes do not block: all the child was sent before is its arguments, and it has read them or is reading.
        _connection!.Send(CallFrame.Stop);
        ChildProcess child = _connection.Started.Child;
        try
        {
            child.After(_options.CancellationGracePeriod ?? s_defaultGracePeriod, child.TryKill);
        }
        catch (LaunchException)
        {
            child.Kill(LibC.SIGKILL); // EMFILE: without a timer there is no grace
        }
    }

    /// <summary>After the last report of progress has been handled.</summary>
    private void Complete()
    {
        _items.Complete();
        if (_progress.IsCompleted)
        {
            Conclude();
        }
        else
        {
            _progress.ContinueWith(_ => Conclude(), TaskScheduler.Default);
        }
    }

    private void Conclude()
    {
        (CallFrame kind, byte[] content) = _received!.Value;
        if (_progressFailure is not null)
        {
            _result.TrySetException(_progressFailure);
            return;
        }

        if (kind == CallFrame.Result)
        {
            _result.TrySetResult(new PayloadReader(content));
            return;
        }

        IsolatedMethodException thrown;
        try
        {
            thrown = RemoteException.Read(new PayloadReader(content));
        }
        catch (InvalidDataException e)
        {
            // On the reactor nobody else would catch it: only a body that writes to the channel itself gets here.
            _result.TrySetException(new NamespaceException($"The child of {_method.Id} sent an exception that cannot be read.", e));
            return;
        }

        _result.TrySetException(
            _cancellationToken.IsCancellationRequested
                && thrown.RemoteType is "System.OperationCanceledException" or "System.Threading.Tasks.TaskCanceledException"
                ? new OperationCanceledException(thrown.RemoteMessage, thrown, _cancellationToken)
                : thrown);
    }

    private Exception WithoutResult(ChildProcess child, ExitStatus status)
    {
        if (child.TimedOut)
        {
            return Timeouts.Passed(_method.Id, _options.Timeout);
        }

        if (_cancellationToken.IsCancellationRequested)
        {
            return new OperationCanceledException($"{_method.Id} was cancelled, and its child killed.", _cancellationToken);
        }

        string advice = SelfProgram.MissingFile() ?? status.Signal switch
        {
            // The host's own exit codes (docs/design/features/host-error-codes.md in dotnet/runtime).
            0 when status.ExitCode is >= 129 and <= 166 =>
                "The .NET host did not start the program again; its standard error says why. Does IsolationOptions.Environment lack DOTNET_ROOT?",
            0 => "Return from the body instead of calling Environment.Exit or _exit.",
            LibC.SIGKILL => "Something killed it: the kernel when memory ran out (see dmesg), its cgroup's memory limit, or another process.",
            _ => "It crashed; its standard error says more.",
        };
        return new IsolatedExitException($"The child of {_method.Id} ended without a result: {status}. {advice}", status);
    }
}
