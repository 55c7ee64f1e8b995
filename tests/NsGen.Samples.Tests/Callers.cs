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

/// <summary>One row for each caller that can be had here, and for each of the values where there are any.</summary>
/// <param name="values">The second argument of a theory.</param>
public sealed class CallersAttribute(params string[] values) : DataAttribute
{
    /// <inheritdoc/>
    public override IEnumerable<object[]> GetData(MethodInfo testMethod)
    {
        Caller[] callers = Requirements.IsRoot ? [Caller.Self, Caller.Nobody] : [Caller.Self];
        return from caller in callers
               from row in values.Length == 0 ? [[caller]] : values.Select(value => new object[] { caller, value })
               select row;
    }
}
