using System.Reflection;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace NsGen.Tests;

/// <summary>A test that talks to the kernel. What it needs and does not find here is the reason to skip it, seen when tests are discovered.</summary>
/// <param name="requires">What it needs.</param>
[XunitTestCaseDiscoverer("NsGen.Tests.KernelFactDiscoverer", "NsGen.TestHarness")]
public sealed class KernelFactAttribute(Requires requires = Requires.Nothing) : FactAttribute
{
    /// <summary>Programs it runs, separated by spaces.</summary>
    public string? Tools { get; set; }

    /// <inheritdoc/>
    public override string? Skip
    {
        get => Requirements.Missing(requires, Tools);
        set => throw new NotSupportedException("A kernel test is skipped for what it requires.");
    }
}

/// <summary>As <see cref="KernelFactAttribute"/>, for several rows of data.</summary>
/// <param name="requires">What it needs.</param>
[XunitTestCaseDiscoverer("NsGen.Tests.KernelTheoryDiscoverer", "NsGen.TestHarness")]
public sealed class KernelTheoryAttribute(Requires requires = Requires.Isolation) : TheoryAttribute
{
    /// <inheritdoc cref="KernelFactAttribute.Tools"/>
    public string? Tools { get; set; }

    /// <inheritdoc/>
    public override string? Skip
    {
        get => Requirements.Missing(requires, Tools);
        set => throw new NotSupportedException("A kernel test is skipped for what it requires.");
    }
}

/// <summary>
/// One row for each way this caller can have namespaces: root makes them directly and, as everybody, together with a user namespace.
/// </summary>
public sealed class AsCallerAttribute : DataAttribute
{
    /// <inheritdoc/>
    public override IEnumerable<object[]> GetData(MethodInfo testMethod)
        => Requirements.IsRoot ? [[Namespaces.None], [Namespaces.User]] : [[Namespaces.User]];
}

/// <summary>Thrown by a test that finds out on its way what is missing.</summary>
public sealed class SkippedException(string reason) : Exception(reason);

/// <summary>Makes test cases that report <see cref="SkippedException"/> as skipped.</summary>
public sealed class KernelFactDiscoverer(IMessageSink diagnostics) : FactDiscoverer(diagnostics)
{
    /// <inheritdoc/>
    protected override IXunitTestCase CreateTestCase(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute)
        => new KernelTestCase(
            DiagnosticMessageSink, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod);
}

/// <inheritdoc cref="KernelFactDiscoverer"/>
public sealed class KernelTheoryDiscoverer(IMessageSink diagnostics) : TheoryDiscoverer(diagnostics)
{
    /// <inheritdoc/>
    protected override IEnumerable<IXunitTestCase> CreateTestCasesForDataRow(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo theoryAttribute, object[] dataRow)
        =>
        [
            new KernelTestCase(
                DiagnosticMessageSink, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod, dataRow),
        ];
}

/// <summary>A test case whose failures by <see cref="SkippedException"/> are skips.</summary>
public sealed class KernelTestCase : XunitTestCase
{
    /// <summary>For deserialization.</summary>
    [Obsolete("For deserialization only.")]
    public KernelTestCase()
    {
    }

    /// <summary>Creates a case.</summary>
    public KernelTestCase(IMessageSink diagnostics, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method, object[]? row = null)
        : base(diagnostics, display, options, method, row)
    {
    }

    /// <inheritdoc/>
    public override async Task<RunSummary> RunAsync(
        IMessageSink diagnosticMessageSink,
        IMessageBus messageBus,
        object[] constructorArguments,
        ExceptionAggregator aggregator,
        CancellationTokenSource cancellationTokenSource)
    {
        using var bus = new SkippingBus(messageBus);
        RunSummary summary = await base.RunAsync(diagnosticMessageSink, bus, constructorArguments, aggregator, cancellationTokenSource);
        summary.Failed -= bus.Skipped;
        summary.Skipped += bus.Skipped;
        return summary;
    }

    private sealed class SkippingBus(IMessageBus inner) : IMessageBus
    {
        public int Skipped { get; private set; }

        public bool QueueMessage(IMessageSinkMessage message)
        {
            if (message is ITestFailed failed && failed.ExceptionTypes[0] == typeof(SkippedException).FullName)
            {
                Skipped++;
                return inner.QueueMessage(new TestSkipped(failed.Test, failed.Messages[0]));
            }

            return inner.QueueMessage(message);
        }

        public void Dispose()
        {
            // The inner bus is not ours.
        }
    }
}
