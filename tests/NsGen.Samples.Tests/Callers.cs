using System.Reflection;
using Xunit.Sdk;

namespace NsGen.Samples.Tests;

/// <summary>Who runs a sample.</summary>
public enum Caller
{
    /// <summary>Whoever runs the tests.</summary>
    Self,

    /// <summary>User 65534, where the tests run as root.</summary>
    Nobody,
}

/// <summary>One row for each caller that can be had here.</summary>
public sealed class CallersAttribute : DataAttribute
{
    /// <inheritdoc/>
    public override IEnumerable<object[]> GetData(MethodInfo testMethod)
        => Requirements.IsRoot ? [[Caller.Self], [Caller.Nobody]] : [[Caller.Self]];
}
