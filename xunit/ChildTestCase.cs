using System.ComponentModel;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace NsGen.Xunit;

/// <summary>A test as the child runs it: without the timeout, which the parent keeps, and which xunit 2 refuses for what is not asynchronous.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ChildTestCase : XunitTestCase
{
    /// <summary>For deserialization.</summary>
    [Obsolete("For deserialization only.")]
    public ChildTestCase()
    {
    }

    internal ChildTestCase(IMessageSink diagnostics, ITestMethod method, object[] arguments)
        : base(diagnostics, TestMethodDisplay.ClassAndMethod, TestMethodDisplayOptions.None, method, arguments.Length == 0 ? null : arguments)
    {
    }

    /// <inheritdoc/>
    protected override int GetTimeout(IAttributeInfo factAttribute) => 0;
}
