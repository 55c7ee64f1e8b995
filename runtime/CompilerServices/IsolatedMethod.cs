using System.ComponentModel;
using NsGen.Calls;

namespace NsGen.CompilerServices;

/// <summary>What generated code says about one isolated method with a managed body. Not for use in your own code.</summary>
/// <param name="assembly">Simple name of the assembly that declares the method.</param>
/// <param name="id">The method's name among those of its assembly, by which the child finds the body.</param>
/// <param name="options">The attribute's values.</param>
/// <param name="acceptsCancellation">Whether the body takes a <see cref="CancellationToken"/>, and so is asked before it is killed.</param>
/// <param name="warm">How many children are kept ready for it.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class IsolatedMethod(string assembly, string id, IsolationOptions options, bool acceptsCancellation = false, int warm = 0)
{
    internal string Assembly { get; } = assembly;

    /// <summary>Where the assembly was loaded from; empty in a single-file or native program.</summary>
    internal string Location => field ??= FindLocation(Assembly);

    internal string Id { get; } = id;

    internal IsolationOptions Options { get; } = options;

    internal bool AcceptsCancellation { get; } = acceptsCancellation;

    /// <summary>Children kept ready; null where none are.</summary>
    internal IsolationPool? Pool => Warm == 0 ? null : field ?? Interlocked.CompareExchange(ref field, new IsolationPool(this), null) ?? field;

    internal int Warm { get; } = warm is >= 0 and <= IsolationPool.MaximumSize
        ? warm
        : throw new ArgumentOutOfRangeException(nameof(warm), warm, $"Warm is {warm}: give 0 to {IsolationPool.MaximumSize}.");

    private static string FindLocation(string name)
        => AssemblyPath.Of(AppDomain.CurrentDomain.GetAssemblies().FirstOrDefault(loaded => loaded.GetName().Name == name));
}
