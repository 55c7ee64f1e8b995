using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using NsGen.Calls;

namespace NsGen.CompilerServices;

/// <summary>What a generated launcher calls. Not for use in your own code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
[SupportedOSPlatform("linux")]
public static class IsolatedCall
{
    /// <summary>Runs a body in a child and waits for its result.</summary>
    /// <param name="method">The body.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="options">What the caller sets over the attribute.</param>
    /// <param name="cancellationToken">Asks the body to stop, and kills it after the grace period.</param>
    public static PayloadReader Run(
        IsolatedMethod method,
        PayloadWriter arguments,
        IsolationOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ManagedCall call = StartWarm(method, arguments, options, cancellationToken)
            ?? StartCall(method, arguments, options, pipesAllowed: false, cancellationToken);
        using var process = new IsolatedProcess(call.Started);
        return call.WaitForResult();
    }

    /// <summary>Runs a body in a child; the task ends with its result.</summary>
    /// <inheritdoc cref="Run"/>
    public static async Task<PayloadReader> RunAsync(
        IsolatedMethod method,
        PayloadWriter arguments,
        IsolationOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ManagedCall call = StartWarm(method, arguments, options, cancellationToken)
            ?? await ManagedCall.StartAsync(
                method, arguments, (options ?? new()).Over(method.Options), pipesAllowed: false, cancellationToken).ConfigureAwait(false);
        using var process = new IsolatedProcess(call.Started);
        return await call.Result.ConfigureAwait(false);
    }

    /// <summary>Starts a body in a child and returns at once.</summary>
    /// <inheritdoc cref="Run"/>
    public static IsolatedProcess Start(
        IsolatedMethod method, PayloadWriter arguments, IsolationOptions? options = null, CancellationToken cancellationToken = default)
        => new(StartCall(method, arguments, options, pipesAllowed: true, cancellationToken).Started);

    /// <summary>Starts a body in a child and returns at once.</summary>
    /// <typeparam name="T">The body's result.</typeparam>
    /// <param name="method">The body.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="readResult">Reads the result.</param>
    /// <param name="options">What the caller sets over the attribute.</param>
    /// <param name="cancellationToken">Asks the body to stop, and kills it after the grace period.</param>
    public static IsolatedProcess<T> Start<T>(
        IsolatedMethod method,
        PayloadWriter arguments,
        Func<PayloadReader, T> readResult,
        IsolationOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ManagedCall call = StartCall(method, arguments, options, pipesAllowed: true, cancellationToken);
        return new IsolatedProcess<T>(call.Started, call.Result, readResult);
    }

    /// <summary>
    /// Runs a body that returns a stream. Each enumeration starts a child; items arrive as they are made, and the child waits while the
    /// consumer is behind. Leaving the enumeration early ends the child.
    /// </summary>
    /// <typeparam name="T">The items' type.</typeparam>
    /// <param name="method">The body.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="readItem">Reads an item.</param>
    /// <param name="options">What the caller sets over the attribute.</param>
    /// <param name="cancellationToken">Asks the body to stop, and kills it after the grace period.</param>
    public static async IAsyncEnumerable<T> Stream<T>(
        IsolatedMethod method,
        PayloadWriter arguments,
        Func<PayloadReader, T> readItem,
        IsolationOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ManagedCall call = StartWarm(method, arguments, options, cancellationToken)
            ?? await ManagedCall.StartAsync(
                method, arguments, (options ?? new()).Over(method.Options), pipesAllowed: false, cancellationToken).ConfigureAwait(false);
        using var process = new IsolatedProcess(call.Started);
        try
        {
            while (await call.NextItemAsync().ConfigureAwait(false) is { } item)
            {
                yield return readItem(item);
            }

            _ = await call.Result.ConfigureAwait(false);
        }
        finally
        {
            if (!call.Result.IsCompleted)
            {
                await call.StopAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>The options with a target to join.</summary>
    /// <param name="target">Whose namespaces are joined.</param>
    /// <param name="options">What the caller sets beside it.</param>
    public static IsolationOptions Join(NamespaceTarget target, IsolationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        return new IsolationOptions { Target = target }.Over(options ?? new());
    }

    /// <summary>Runs a program and waits for it.</summary>
    /// <param name="path">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="defaults">The attribute's values.</param>
    /// <param name="options">What the caller sets over the attribute.</param>
    /// <param name="cancellationToken">Kills the child.</param>
    /// <exception cref="IsolatedExitException">A signal ended it.</exception>
    public static ExitStatus RunProgram(
        string path, IEnumerable<string> arguments, IsolationOptions defaults, IsolationOptions? options = null, CancellationToken cancellationToken = default)
    {
        IsolationOptions merged = (options ?? new()).Over(defaults);
        using var process = IsolatedProcess.Start(path, arguments, merged, cancellationToken);
        return Judge(path, process, process.WaitForExit(), merged, cancellationToken);
    }

    /// <summary>Runs a program; the task ends when it does.</summary>
    /// <inheritdoc cref="RunProgram"/>
    public static async Task<ExitStatus> RunProgramAsync(
        string path, IEnumerable<string> arguments, IsolationOptions defaults, IsolationOptions? options = null, CancellationToken cancellationToken = default)
    {
        IsolationOptions merged = (options ?? new()).Over(defaults);
        using IsolatedProcess process = await IsolatedProcess.StartAsync(path, arguments, merged, cancellationToken).ConfigureAwait(false);
        ExitStatus status = await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        return Judge(path, process, status, merged, cancellationToken);
    }

    /// <summary>Starts a program and returns at once.</summary>
    /// <inheritdoc cref="RunProgram"/>
    public static IsolatedProcess StartProgram(
        string path, IEnumerable<string> arguments, IsolationOptions defaults, IsolationOptions? options = null, CancellationToken cancellationToken = default)
        => IsolatedProcess.Start(path, arguments, (options ?? new()).Over(defaults), cancellationToken);

    /// <summary>A warm child was started with the attribute's options: a call with its own cannot use it.</summary>
    private static ManagedCall? StartWarm(
        IsolatedMethod method, PayloadWriter arguments, IsolationOptions? options, CancellationToken cancellationToken)
        => options is null ? method.Pool?.TryStart(arguments, cancellationToken) : null;

    private static ManagedCall StartCall(
        IsolatedMethod method,
        PayloadWriter arguments,
        IsolationOptions? options,
        bool pipesAllowed,
        CancellationToken cancellationToken)
        => ManagedCall.Start(method, arguments, (options ?? new()).Over(method.Options), pipesAllowed, cancellationToken);

    /// <summary>A program has no way to answer but its exit code: any other end is an exception.</summary>
    private static ExitStatus Judge(
        string path, IsolatedProcess process, ExitStatus status, IsolationOptions options, CancellationToken cancellationToken)
    {
        if (status.Signal == 0)
        {
            return status;
        }

        throw process.TimedOut
            ? Timeouts.Passed(path, options.Timeout)
            : cancellationToken.IsCancellationRequested
                ? new OperationCanceledException($"{path} was cancelled, and killed.", cancellationToken)
                : new IsolatedExitException($"{path} was ended by {status}.", status);
    }
}
