using System.Runtime.InteropServices;

namespace NsGen;

/// <summary>Where the standard input, output or error of a child leads.</summary>
public sealed class Redirection
{
    private Redirection(RedirectionKind kind, SafeHandle? handle)
    {
        Kind = kind;
        Handle = handle;
    }

    /// <summary>The parent's own stream. The default.</summary>
    public static Redirection Inherit { get; } = new(RedirectionKind.Inherit, null);

    /// <summary>A pipe to the parent: see <see cref="IsolatedProcess"/>.</summary>
    public static Redirection Pipe { get; } = new(RedirectionKind.Pipe, null);

    /// <summary>/dev/null: reads end at once, writes vanish.</summary>
    public static Redirection Null { get; } = new(RedirectionKind.Null, null);

    internal RedirectionKind Kind { get; }

    internal SafeHandle? Handle { get; }

    /// <summary>An open file, pipe, socket or terminal. It is duplicated for the child; the caller keeps the handle and its lifetime.</summary>
    /// <param name="handle">An open handle whose value is a file descriptor, such as <c>SafeFileHandle</c>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="handle"/> is null.</exception>
    public static Redirection FromHandle(SafeHandle handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return new(RedirectionKind.Handle, handle);
    }
}

internal enum RedirectionKind
{
    Inherit,
    Pipe,
    Null,
    Handle,
}
