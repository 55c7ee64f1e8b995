using Xunit;
using Xunit.Sdk;

namespace NsGen.Xunit;

/// <summary>As <see cref="IsolatedFactAttribute"/>, for each row of data: each runs in a child of its own.</summary>
/// <remarks>The rows travel to the children, so they hold what xunit can serialise: primitives, strings, enums, arrays, IXunitSerializable.</remarks>
/// <param name="namespaces"><inheritdoc cref="IsolatedFactAttribute(Namespaces)" path="/param[@name='namespaces']"/></param>
[XunitTestCaseDiscoverer("NsGen.Xunit.IsolatedTheoryDiscoverer", "NsGen.Xunit")]
[AttributeUsage(AttributeTargets.Method)]
public sealed class IsolatedTheoryAttribute(Namespaces namespaces) : TheoryAttribute, IIsolation
{
    /// <inheritdoc cref="IsolatedFactAttribute.Namespaces"/>
    public Namespaces Namespaces { get; } = namespaces;

    /// <inheritdoc cref="IsolatedAttribute.HostName"/>
    public string? HostName { get; set; }

    /// <inheritdoc cref="IsolatedAttribute.LoopbackUp"/>
    public bool LoopbackUp { get; set; } = true;

    /// <inheritdoc cref="IsolatedAttribute.MonotonicOffsetSeconds"/>
    public long MonotonicOffsetSeconds { get; set; }

    /// <inheritdoc cref="IsolatedAttribute.BoottimeOffsetSeconds"/>
    public long BoottimeOffsetSeconds { get; set; }

    /// <inheritdoc cref="IsolatedFactAttribute.Skip"/>
    public override string? Skip { get => base.Skip ?? Isolation.Unavailable; set => base.Skip = value; }
}
