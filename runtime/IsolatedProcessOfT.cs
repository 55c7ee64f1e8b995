using System.Runtime.CompilerServices;
using NsGen.CompilerServices;
using NsGen.Waiting;

namespace NsGen;

/// <summary>A child process that runs the body of an isolated method and gives a <typeparamref name="T"/>.</summary>
/// <typeparam name="T">The body's result.</typeparam>
public sealed class IsolatedProcess<T> : IsolatedProcess
{
    private readonly Task<PayloadReader> _payload;
    private readonly Lazy<StrongBox<T>> _result;

    internal IsolatedProcess(StartedChild started, Task<PayloadReader> payload, Func<PayloadReader, T> read)
        : base(started)
    {
        _payload = payload;
        _result = new Lazy<StrongBox<T>>(() => new(read(payload.Result)));
    }

    /// <summary>Waits for the result.</summary>
    /// <exception cref="IsolatedMethodException">The body threw.</exception>
    /// <exception cref="IsolatedExitException">The child ended without a result.</exception>
    /// <exception cref="TimeoutException">The timeout passed, and the child was killed.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    public T GetResult()
    {
        // Not through a continuation: it would need a pool thread, and all of them may be waiting here.
        _payload.GetAwaiter().GetResult();
        return _result.Value.Value!;
    }

    /// <summary>As <see cref="GetResult"/>, without blocking a thread.</summary>
    /// <param name="cancellationToken">Ends the waiting, not the child.</param>
    /// <inheritdoc cref="GetResult"/>
    public async Task<T> GetResultAsync(CancellationToken cancellationToken = default)
    {
        await _payload.WaitAsync(cancellationToken).ConfigureAwait(false);
        return _result.Value.Value!;
    }
}
