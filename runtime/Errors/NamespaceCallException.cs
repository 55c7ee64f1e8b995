namespace NsGen;

/// <summary>A system call about a namespace failed: the step, the error, and its likely cause on this system.</summary>
public class NamespaceCallException : NamespaceException
{
    internal NamespaceCallException(string step, int errno, string? hint, Exception? inner = null)
        : base(Describe(step, errno, hint), inner)
    {
        Step = step;
        Errno = errno;
        Hint = hint;
    }

    /// <summary>The step that failed, such as <c>open /proc/1/ns/uts</c> or <c>mount proc on /proc</c>.</summary>
    public string Step { get; }

    /// <summary>The system's error number, see errno(3).</summary>
    public int Errno { get; }

    /// <summary>The error's name, such as <c>EPERM</c>.</summary>
    public string ErrnoName => NsGen.Native.Errno.NameOf(Errno);

    /// <summary>The likely cause, read from this system, and the remedy; null where nothing is known beyond the error itself.</summary>
    public string? Hint { get; }

    private static string Describe(string step, int errno, string? hint)
    {
        string text = $"{step}: {NsGen.Native.Errno.Describe(errno)} ({NsGen.Native.Errno.NameOf(errno)}).";
        return hint is null ? text : $"{text} {hint}";
    }
}
