namespace NsGen;

/// <summary>A child ended without giving a result: it was killed, crashed, or left by <see cref="Environment.Exit"/>.</summary>
public sealed class IsolatedExitException : NamespaceException
{
    internal IsolatedExitException(string message, ExitStatus status)
        : base(message) => Status = status;

    /// <summary>How the child ended.</summary>
    public ExitStatus Status { get; }
}
