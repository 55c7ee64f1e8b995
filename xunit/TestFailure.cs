using NsGen.CompilerServices;
using Xunit.Abstractions;

namespace NsGen.Xunit;

/// <summary>What xunit says about a failed test: the exceptions, outermost first, each with the index of the one around it.</summary>
internal sealed record TestFailure(string?[] Types, string?[] Messages, string?[] StackTraces, int[] Parents)
{
    public static TestFailure From(IFailureInformation failure)
        => new(failure.ExceptionTypes, failure.Messages, failure.StackTraces, failure.ExceptionParentIndices);

    public static TestFailure Read(PayloadReader reader)
        => new(reader.ReadStrings()!, reader.ReadStrings()!, reader.ReadStrings()!, reader.ReadArray<int>()!);

    public void Write(PayloadWriter writer)
    {
        writer.WriteStrings(Types);
        writer.WriteStrings(Messages);
        writer.WriteStrings(StackTraces);
        writer.WriteArray(Parents);
    }
}
