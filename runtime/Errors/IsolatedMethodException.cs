namespace NsGen;

/// <summary>
/// The body of an isolated method threw. The original exception lived in the child; this carries what it said: type, message, stack and
/// inner exceptions.
/// </summary>
public sealed class IsolatedMethodException : NamespaceException
{
    internal IsolatedMethodException(string remoteType, string remoteMessage, string? remoteStackTrace, IReadOnlyList<IsolatedMethodException> inner)
        : base($"{remoteType}: {remoteMessage}", inner.Count > 0 ? inner[0] : null)
    {
        RemoteType = remoteType;
        RemoteMessage = remoteMessage;
        RemoteStackTrace = remoteStackTrace;
        InnerExceptions = inner;
    }

    /// <summary>Full name of the exception's type, such as <c>System.InvalidOperationException</c>.</summary>
    public string RemoteType { get; }

    /// <summary>The exception's own message.</summary>
    public string RemoteMessage { get; }

    /// <summary>The exception's stack in the child.</summary>
    public string? RemoteStackTrace { get; }

    /// <summary>The inner exceptions, more than one for an <see cref="AggregateException"/>.</summary>
    public IReadOnlyList<IsolatedMethodException> InnerExceptions { get; }

    /// <summary>The exception with the stack in the child above the stack in the parent.</summary>
    public override string ToString() => RemoteStackTrace is null
        ? base.ToString()
        : $"{base.ToString()}{Environment.NewLine}--- in the isolated child ---{Environment.NewLine}{RemoteStackTrace}";
}
