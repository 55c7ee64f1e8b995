namespace NsGen;

/// <summary>
/// A child could not be set up: one step between clone(2) and execve(2) failed, such as <c>mount proc on /proc</c> or
/// <c>execve /bin/bash</c>. Nothing of the child is left; no namespace, process or mount remains.
/// </summary>
public sealed class LaunchException : NamespaceCallException
{
    internal LaunchException(string step, int errno, string? hint, Exception? inner = null)
        : base(step, errno, hint, inner)
    {
    }
}
