namespace NsGen;

/// <summary>A child process that runs the body of an isolated method and gives a <typeparamref name="T"/>.</summary>
/// <typeparam name="T">The body's result.</typeparam>
public sealed class IsolatedProcess<T> : IsolatedProcess
{
    private readonly Task<T> _result;

    internal IsolatedProcess(Waiting.StartedChild started, Task<T> result)
        : base(started) => _result = result;

    /// <summary>Waits for the result.</summary>
    /// <exception cref="IsolatedMethodException">The body threw.</exception>
    /// <exception cref="IsolatedExitException">The child ended without a result.</exception>
    /// <exception cref="TimeoutException">The timeout passed, and the child was killed.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    public T GetResult() => _result.GetAwaiter().GetResult();

    /// <summary>As <see cref="GetResult"/>, without blocking a thread.</summary>
    /// <param name="cancellationToken">Ends the waiting, not the child.</param>
    /// <inheritdoc cref="GetResult"/>
    public Task<T> GetResultAsync(CancellationToken cancellationToken = default) => _result.WaitAsync(cancellationToken);
}
