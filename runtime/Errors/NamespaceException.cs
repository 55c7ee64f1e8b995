namespace NsGen;

/// <summary>The base of everything NsGen throws about namespaces and isolated children.</summary>
public class NamespaceException : Exception
{
    /// <summary>Creates an exception without a message.</summary>
    public NamespaceException()
    {
    }

    /// <summary>Creates an exception.</summary>
    /// <param name="message">What went wrong and what to do.</param>
    public NamespaceException(string? message)
        : base(message)
    {
    }

    /// <summary>Creates an exception with its cause.</summary>
    /// <param name="message">What went wrong and what to do.</param>
    /// <param name="innerException">The cause.</param>
    public NamespaceException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
