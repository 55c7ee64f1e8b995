using NsGen.Handles;

namespace NsGen;

/// <summary>A thread's stay in another namespace, see <see cref="NamespaceHandle.Enter"/>. Disposing it goes back.</summary>
/// <remarks>A ref struct, so that the compiler keeps it on its thread: it lives in no field, no lambda and across no await.</remarks>
public readonly ref struct NamespaceScope
{
    private readonly EnteredNamespace? _entered;

    internal NamespaceScope(EnteredNamespace entered) => _entered = entered;

    /// <summary>Goes back to the namespace the thread came from; nothing when it has been done.</summary>
    /// <remarks>
    /// Where the kernel refuses, or this is not the thread that entered, the process ends with <see cref="Environment.FailFast(string)"/>:
    /// a thread would be left in the wrong namespace, and others would use it.
    /// </remarks>
    /// <exception cref="InvalidOperationException">
    /// Another scope was entered in this one and is still open; nothing has changed.
    /// </exception>
    public void Dispose() => _entered?.Leave();
}
