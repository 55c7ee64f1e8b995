namespace NsGen;

/// <summary>
/// A thread that was born while a thread-mode body ran is still in the body's namespace: it inherited it, and nothing can move it out. A
/// pool thread among them will run other code there. The process should not go on using it.
/// </summary>
public sealed class NamespaceLeakException : NamespaceException
{
    internal NamespaceLeakException(Namespaces namespaces, IReadOnlyList<string> threads, Exception? bodyFailure)
        : base(
            $"The body has left {(threads.Count == 1 ? "a thread" : "threads")} in its {namespaces} namespace: {string.Join(", ", threads)}. "
            + "Start no threads, tasks or asynchronous work in a thread-mode body, or use process mode.",
            bodyFailure)
    {
        Namespaces = namespaces;
        Threads = threads;
    }

    /// <summary>The namespaces that were created or joined for the body.</summary>
    public Namespaces Namespaces { get; }

    /// <summary>The threads, by name and thread id, as in <c>.NET TP Worker (4711)</c>.</summary>
    public IReadOnlyList<string> Threads { get; }
}
