using System.IO.Pipes;
using System.Runtime.Versioning;
using System.Text;
using Microsoft.Win32.SafeHandles;
using NsGen.Launch;
using NsGen.Native;
using NsGen.Waiting;

namespace NsGen;

/// <summary>
/// A child process in namespaces of its own. It is always reaped when it ends, also where nobody waits for it and after
/// <see cref="Dispose()"/>.
/// </summary>
public class IsolatedProcess : IDisposable
{
    private readonly ChildProcess _child;
    private readonly StreamWriter? _standardInput;
    private readonly StreamReader? _standardOutput;
    private readonly StreamReader? _standardError;
    private readonly CancellationTokenRegistration _cancellation;
    private readonly Func<Exception?>? _bodyFailure;

    internal IsolatedProcess(StartedChild started)
    {
        _child = started.Child;
        _bodyFailure = started.BodyFailure;
        if (started.StandardInput is { } input)
        {
            _standardInput = new StreamWriter(PipeStream(PipeDirection.Out, input), new UTF8Encoding(false)) { AutoFlush = true };
        }

        _standardOutput = Reader(started.StandardOutput);
        _standardError = Reader(started.StandardError);
        if (!started.CancellationToken.CanBeCanceled)
        {
            return;
        }

        // Last: it may run at once, on this thread.
        _cancellation = started.CancellationToken.UnsafeRegister(static state => ((StartedChild)state!).Cancel(), started);
        _child.Exited.ContinueWith(
            static (_, state) => ((IsolatedProcess)state!)._cancellation.Unregister(),
            this,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    /// <summary>The child's process id as this process sees it; inside a new <see cref="Namespaces.Pid"/> it is 1.</summary>
    public int Id => _child.ProcessId;

    /// <summary>Whether the child has ended and been reaped.</summary>
    public bool HasExited => _child.Exited.IsCompleted;

    /// <summary>Whether <see cref="IsolationOptions.Timeout"/> passed and the child was killed for it.</summary>
    public bool TimedOut => _child.TimedOut;

    /// <summary>
    /// Why the managed body that this process ran gave no result, such as an <see cref="IsolatedMethodException"/>; null while it runs, where it
    /// succeeded, and for a program.
    /// </summary>
    public Exception? Failure => HasExited ? _bodyFailure?.Invoke() : null;

    /// <summary>Writes to the child's standard input; dispose it to end the input.</summary>
    /// <exception cref="InvalidOperationException"><see cref="IsolationOptions.StandardInput"/> is not <see cref="Redirection.Pipe"/>.</exception>
    public StreamWriter StandardInput => _standardInput ?? throw NotRedirected(nameof(StandardInput));

    /// <summary>Reads the child's standard output, as UTF-8.</summary>
    /// <exception cref="InvalidOperationException"><see cref="IsolationOptions.StandardOutput"/> is not <see cref="Redirection.Pipe"/>.</exception>
    public StreamReader StandardOutput => _standardOutput ?? throw NotRedirected(nameof(StandardOutput));

    /// <summary>Reads the child's standard error, as UTF-8.</summary>
    /// <exception cref="InvalidOperationException"><see cref="IsolationOptions.StandardError"/> is not <see cref="Redirection.Pipe"/>.</exception>
    public StreamReader StandardError => _standardError ?? throw NotRedirected(nameof(StandardError));

    internal Task<ExitStatus> Exited => _child.Exited;

    /// <inheritdoc cref="ChildProcess.IsReaped"/>
    internal bool IsReaped => _child.IsReaped;

    /// <summary>Starts a program in a child process; returns when the child has executed it.</summary>
    /// <param name="path">The program; without a slash it is looked up in the child's PATH.</param>
    /// <param name="arguments">Its arguments, without the program's own name.</param>
    /// <param name="options">How it is isolated; not at all by default.</param>
    /// <param name="cancellationToken">Kills the child when it is cancelled.</param>
    /// <exception cref="LaunchException">A step between clone(2) and execve(2) failed, or the program does not exist.</exception>
    /// <exception cref="ArgumentException">An option is out of range or needs a namespace that is not created.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled before the launch.</exception>
    [SupportedOSPlatform("linux")]
    public static IsolatedProcess Start(
        string path, IEnumerable<string> arguments, IsolationOptions? options = null, CancellationToken cancellationToken = default)
        => new(ChildStart.Program(path, arguments, options ?? new(), cancellationToken).Start());

    /// <summary>As <see cref="Start"/>, without blocking while the child is set up.</summary>
    /// <inheritdoc cref="Start"/>
    [SupportedOSPlatform("linux")]
    public static async Task<IsolatedProcess> StartAsync(
        string path, IEnumerable<string> arguments, IsolationOptions? options = null, CancellationToken cancellationToken = default)
        => new(await ChildStart.Program(path, arguments, options ?? new(), cancellationToken).StartAsync().ConfigureAwait(false));

    /// <summary>Waits until the child has ended.</summary>
    /// <param name="timeout">How long to wait at most; for ever by default. The child goes on when it passes.</param>
    /// <returns>How it ended.</returns>
    /// <exception cref="TimeoutException">The child has not ended in this time.</exception>
    public ExitStatus WaitForExit(TimeSpan? timeout = null)
    {
        if (!_child.WaitForExit(timeout ?? System.Threading.Timeout.InfiniteTimeSpan))
        {
            throw new TimeoutException($"Process {Id} has not ended within {timeout}. It is still running: wait longer, or call Kill().");
        }

        return _child.Exited.Result;
    }

    /// <summary>Waits until the child has ended, without blocking a thread.</summary>
    /// <param name="cancellationToken">Ends the waiting, not the child.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task<ExitStatus> WaitForExitAsync(CancellationToken cancellationToken = default) => _child.Exited.WaitAsync(cancellationToken);

    /// <summary>
    /// Sends a signal; nothing happens where the child has ended. With <see cref="Namespaces.Pid"/> SIGKILL ends everything inside, and
    /// signals the program has no handler for are ignored, as for every PID 1 (pid_namespaces(7)).
    /// </summary>
    /// <param name="signal">Its number, see signal(7); SIGKILL by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such signal.</exception>
    /// <exception cref="NamespaceException">The kernel refuses.</exception>
    public void Kill(int signal = 9)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(signal);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(signal, 64);
        _child.Kill(signal);
    }

    /// <summary>Closes this side's ends of redirected streams. The child goes on, and is reaped when it ends.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc cref="Start"/>
    /// <remarks>From the calling thread, with whose end the child is killed.</remarks>
    internal static IsolatedProcess StartHere(string path, IEnumerable<string> arguments, IsolationOptions options)
        => new(ChildStart.Program(path, arguments, options, CancellationToken.None).StartHere());

    internal SafeFileHandle DuplicatePidFd() => _child.DuplicatePidFd();

    /// <summary>Closes the streams.</summary>
    /// <param name="disposing">True from <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing)
        {
            return;
        }

        try
        {
            _standardInput?.Dispose();
        }
        catch (IOException)
        {
            // EPIPE: the child ended without reading the rest
        }

        _standardOutput?.Dispose();
        _standardError?.Dispose();
    }

    private static StreamReader? Reader(SafeFileHandle? handle)
        => handle is null ? null : new StreamReader(PipeStream(PipeDirection.In, handle), new UTF8Encoding(false));

    private static AnonymousPipeClientStream PipeStream(PipeDirection direction, SafeFileHandle handle)
    {
        // The pipe stream takes the number over.
        var pipe = new SafePipeHandle(handle.DangerousGetHandle(), ownsHandle: true);
        handle.SetHandleAsInvalid();
        return new AnonymousPipeClientStream(direction, pipe);
    }

    private static InvalidOperationException NotRedirected(string stream)
        => new($"{stream} is not a pipe: set IsolationOptions.{stream} = Redirection.Pipe.");
}
