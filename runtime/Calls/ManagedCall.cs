using Microsoft.Win32.SafeHandles;
using NsGen.CompilerServices;
using NsGen.Launch;
using NsGen.Native;
using NsGen.Waiting;

namespace NsGen.Calls;

/// <summary>One call of a managed body, from the parent's side: starts this program again as the child and turns what comes back into a result.</summary>
#pragma warning disable CA1001 // The child's end disposes of the channel, and it always comes (OnExit).
internal sealed class ManagedCall
#pragma warning restore CA1001
{
    private static readonly TimeSpan s_defaultGracePeriod = TimeSpan.FromSeconds(1);

    private readonly IsolatedMethod _method;
    private readonly IsolationOptions _options;
    private readonly CancellationToken _cancellationToken;
    private readonly TaskCompletionSource<PayloadReader> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ResultChannel? _channel;

    private ManagedCall(IsolatedMethod method, IsolationOptions options, CancellationToken cancellationToken)
    {
        _method = method;
        _options = options;
        _cancellationToken = cancellationToken;
    }

    /// <summary>Ends when the child has ended and been reaped.</summary>
    public Task<PayloadReader> Result => _result.Task;

    public StartedChild Started { get; private set; } = null!;

    /// <summary>Starts the child and waits for its execve.</summary>
    /// <param name="method">The body.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="options">The caller's options over the attribute's.</param>
    /// <param name="pipesAllowed">Whether the caller gets an object on which it could use redirected streams.</param>
    /// <param name="cancellationToken">Asks the body to stop, and kills it after the grace period.</param>
    public static ManagedCall Start(
        IsolatedMethod method, PayloadWriter arguments, IsolationOptions options, bool pipesAllowed, CancellationToken cancellationToken)
    {
        CheckStreams(options, pipesAllowed);
        var call = new ManagedCall(method, options, cancellationToken);
        using CallDescriptors descriptors = call.Open(arguments);
        try
        {
            call.Started = call.Complete(call.Prepare(descriptors).Start());
            return call;
        }
        catch
        {
            call._channel!.Dispose();
            throw;
        }
    }

    /// <inheritdoc cref="Start"/>
    public static async Task<ManagedCall> StartAsync(
        IsolatedMethod method, PayloadWriter arguments, IsolationOptions options, bool pipesAllowed, CancellationToken cancellationToken)
    {
        CheckStreams(options, pipesAllowed);
        var call = new ManagedCall(method, options, cancellationToken);
        using CallDescriptors descriptors = call.Open(arguments);
        try
        {
            call.Started = call.Complete(await call.Prepare(descriptors).StartAsync().ConfigureAwait(false));
            return call;
        }
        catch
        {
            call._channel!.Dispose();
            throw;
        }
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

    /// <summary>Makes the request's file and the result channel.</summary>
    private CallDescriptors Open(PayloadWriter arguments)
    {
        IReadOnlyDictionary<string, string?> environment = _options.EnvironmentOrCurrent;
        var request = new CallRequest(
            _method.Assembly,
            _method.Location,
            _method.Id,
            _method.AcceptsCancellation,
            environment.GetValueOrDefault(CallVariables.StartupHooks),
            environment.GetValueOrDefault(CallVariables.EnableDiagnostics),
            arguments.Written);
        SafeFileHandle file = request.ToMemoryFile();
        try
        {
            (SafeFileHandle parentEnd, SafeFileHandle childEnd) = FileDescriptor.SocketPair();
            _channel = new ResultChannel(parentEnd);
            return new CallDescriptors(file, childEnd);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private ChildStart Prepare(CallDescriptors descriptors)
    {
        var environment = new Dictionary<string, string?>(_options.EnvironmentOrCurrent, StringComparer.Ordinal);
        int first = 3 + _options.InheritedHandles.Count;
        environment[CallVariables.Call] = FormattableString.Invariant($"{first} {first + 1}");
        environment[CallVariables.StartupHooks] = CallVariables.AppendHook(environment.GetValueOrDefault(CallVariables.StartupHooks));
        if (_options.Diagnostics != true)
        {
            environment.TryAdd(CallVariables.EnableDiagnostics, "0");
        }

        LaunchPlan plan = LaunchPlan.Create(
            _options, SelfProgram.FileName, SelfProgram.Arguments, environment, LibC.GetEffectiveUserId(), LibC.GetEffectiveGroupId());
        return new ChildStart(plan, _options, _cancellationToken, descriptors.Request, descriptors.ChildEnd) { OnExit = OnExit };
    }

    private StartedChild Complete(StartedChild started) => started with
    {
        AskToStop = _method.AcceptsCancellation ? AskToStop : null,
        BodyFailure = () => Result.Exception?.InnerException,
    };

    private void AskToStop()
    {
        _channel!.AskToStop();
        Started.Child.After(_options.CancellationGracePeriod ?? s_defaultGracePeriod, () => Started.Child.Kill(LibC.SIGKILL));
    }

    /// <summary>Runs on the reactor.</summary>
    private void OnExit(ChildProcess child, ExitStatus status)
    {
        // All the child has sent is in the socket now.
        _channel!.ReadAvailable();
        _channel.Dispose();
        switch (_channel.Received)
        {
            case (ResultFrame.Result, var content):
                _result.TrySetResult(new PayloadReader(content));
                break;
            case (ResultFrame.Exception, var content):
                IsolatedMethodException thrown = RemoteException.Read(new PayloadReader(content));
                if (_cancellationToken.IsCancellationRequested
                    && thrown.RemoteType is "System.OperationCanceledException" or "System.Threading.Tasks.TaskCanceledException")
                {
                    _result.TrySetException(new OperationCanceledException(thrown.RemoteMessage, thrown, _cancellationToken));
                }
                else
                {
                    _result.TrySetException(thrown);
                }

                break;
            default:
                _result.TrySetException(WithoutResult(child, status));
                break;
        }

        // Whoever wants it asks for the result or for IsolatedProcess.Failure; nobody has to.
        _ = _result.Task.Exception;
    }

    private Exception WithoutResult(ChildProcess child, ExitStatus status)
    {
        if (child.TimedOut)
        {
            return Timeouts.Passed(_method.Id, _options.Timeout);
        }

        if (_cancellationToken.IsCancellationRequested)
        {
            return new OperationCanceledException(
                $"{_method.Id} was cancelled, and its child killed.", _cancellationToken);
        }

        string advice = status.Signal switch
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

    /// <summary>What the child inherits for the call; the parent's copies are closed when it has been born.</summary>
    private sealed record CallDescriptors(SafeFileHandle Request, SafeFileHandle ChildEnd) : IDisposable
    {
        public void Dispose()
        {
            Request.Dispose();
            ChildEnd.Dispose();
        }
    }
}
