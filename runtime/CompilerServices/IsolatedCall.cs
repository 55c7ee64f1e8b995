using System.ComponentModel;

namespace NsGen.CompilerServices;

/// <summary>What a generated launcher calls. Not for use in your own code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class IsolatedCall
{
    /// <summary>Runs a body in a child and waits for its result.</summary>
    public static PayloadReader Run(
        IsolatedMethod method, PayloadWriter arguments, IsolationOptions? options = null, CancellationToken cancellationToken = default)
        => throw new NotImplementedException();

    /// <summary>Runs a body in a child; the task ends with its result.</summary>
    public static Task<PayloadReader> RunAsync(
        IsolatedMethod method, PayloadWriter arguments, IsolationOptions? options = null, CancellationToken cancellationToken = default)
        => throw new NotImplementedException();

    /// <summary>Starts a body in a child and returns at once.</summary>
    public static IsolatedProcess Start(
        IsolatedMethod method, PayloadWriter arguments, IsolationOptions? options = null, CancellationToken cancellationToken = default)
        => throw new NotImplementedException();

    /// <summary>Starts a body in a child and returns at once.</summary>
    public static IsolatedProcess<T> Start<T>(
        IsolatedMethod method,
        PayloadWriter arguments,
        Func<PayloadReader, T> readResult,
        IsolationOptions? options = null,
        CancellationToken cancellationToken = default)
        => throw new NotImplementedException();

    /// <summary>Runs a program and waits for it. A signal that ends it is thrown as <see cref="IsolatedExitException"/>.</summary>
    public static ExitStatus RunProgram(
        string path, IEnumerable<string> arguments, IsolationOptions defaults, IsolationOptions? options = null, CancellationToken cancellationToken = default)
        => throw new NotImplementedException();

    /// <summary>Runs a program; the task ends when it does.</summary>
    public static Task<ExitStatus> RunProgramAsync(
        string path, IEnumerable<string> arguments, IsolationOptions defaults, IsolationOptions? options = null, CancellationToken cancellationToken = default)
        => throw new NotImplementedException();

    /// <summary>Starts a program and returns at once.</summary>
    public static IsolatedProcess StartProgram(
        string path, IEnumerable<string> arguments, IsolationOptions defaults, IsolationOptions? options = null, CancellationToken cancellationToken = default)
        => throw new NotImplementedException();
}
