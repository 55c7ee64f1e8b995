using Xunit.Abstractions;
using Xunit.Sdk;

namespace NsGen.Xunit;

/// <summary>Makes the test cases of <see cref="IsolatedFactAttribute"/>. For xunit.</summary>
/// <param name="diagnostics">Where xunit's diagnostic messages go.</param>
public sealed class IsolatedFactDiscoverer(IMessageSink diagnostics) : FactDiscoverer(diagnostics)
{
    /// <inheritdoc/>
    protected override IXunitTestCase CreateTestCase(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute)
        => new IsolatedTestCase(
            DiagnosticMessageSink,
            discoveryOptions.MethodDisplayOrDefault(),
            discoveryOptions.MethodDisplayOptionsOrDefault(),
            OwnCollection.For(testMethod));
}

/// <summary>Makes the test cases of <see cref="IsolatedTheoryAttribute"/>. For xunit.</summary>
/// <param name="diagnostics">Where xunit's diagnostic messages go.</param>
public sealed class IsolatedTheoryDiscoverer(IMessageSink diagnostics) : TheoryDiscoverer(diagnostics)
{
    /// <inheritdoc/>
    protected override IEnumerable<IXunitTestCase> CreateTestCasesForDataRow(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo theoryAttribute, object[] dataRow)
        => [new IsolatedTestCase(
            DiagnosticMessageSink,
            discoveryOptions.MethodDisplayOrDefault(),
            discoveryOptions.MethodDisplayOptionsOrDefault(),
            OwnCollection.For(testMethod),
            dataRow)];

    /// <inheritdoc/>
    protected override IEnumerable<IXunitTestCase> CreateTestCasesForTheory(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo theoryAttribute)
        => [new IsolatedTheoryTestCase(
            DiagnosticMessageSink,
            discoveryOptions.MethodDisplayOrDefault(),
            discoveryOptions.MethodDisplayOptionsOrDefault(),
            OwnCollection.For(testMethod))];
}

/// <summary>
/// xunit runs the tests of one collection, by default a class, one after another, since they share a process. Isolated tests share nothing, so
/// each is a collection of its own.
/// </summary>
internal static class OwnCollection
{
    public static ITestMethod For(ITestMethod method)
    {
        ITestClass testClass = method.TestClass;
        ITestCollection collection = testClass.TestCollection;

        // The name that xunit 2 gives to the collection of a class; whoever has named one ([Collection], CollectionPerAssembly) means it.
        if (collection.DisplayName != $"Test collection for {testClass.Class.Name}")
        {
            return method;
        }

        // Runners know a collection by its name, so each has one of its own.
        var id = Guid.NewGuid();
        var own = new TestCollection(collection.TestAssembly, collection.CollectionDefinition, $"{collection.DisplayName}.{method.Method.Name} ({id})", id);
        return new TestMethod(new TestClass(own, testClass.Class), method.Method);
    }
}
