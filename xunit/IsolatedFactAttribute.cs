using Xunit;
using Xunit.Sdk;

namespace NsGen.Xunit;

/// <summary>
/// A test that runs in a child process in namespaces of its own. The class is constructed there; output and failures are reported as those of any
/// test. Tests so marked run beside each other, also those of one class, unless the class has a <see cref="CollectionAttribute"/>.
/// </summary>
/// <remarks>
/// <see cref="FactAttribute.Timeout"/> kills the child, so it holds for tests that block, too; it is counted from the launch, in milliseconds.
/// Fixtures (<see cref="IClassFixture{TFixture}"/>, <see cref="ICollectionFixture{TFixture}"/>) live in another process and are refused.
/// Elsewhere than on Linux the test is skipped.
/// </remarks>
/// <param name="namespaces">
/// The namespaces to create, see namespaces(7). A caller without CAP_SYS_ADMIN gets <see cref="Namespaces.User"/> as well, and is root in there.
/// </param>
[XunitTestCaseDiscoverer("NsGen.Xunit.IsolatedFactDiscoverer", "NsGen.Xunit")]
[AttributeUsage(AttributeTargets.Method)]
public sealed class IsolatedFactAttribute(Namespaces namespaces) : FactAttribute, IIsolation
{
    /// <summary>The namespaces to create.</summary>
    public Namespaces Namespaces { get; } = namespaces;

    /// <inheritdoc cref="IsolatedAttribute.HostName"/>
    public string? HostName { get; set; }

    /// <inheritdoc cref="IsolatedAttribute.LoopbackUp"/>
    public bool LoopbackUp { get; set; } = true;

    /// <inheritdoc cref="IsolatedAttribute.MonotonicOffsetSeconds"/>
    public long MonotonicOffsetSeconds { get; set; }

    /// <inheritdoc cref="IsolatedAttribute.BoottimeOffsetSeconds"/>
    public long BoottimeOffsetSeconds { get; set; }

    /// <summary>Why the test is skipped; null where it runs.</summary>
    public override string? Skip { get => base.Skip ?? Isolation.Unavailable; set => base.Skip = value; }
}
