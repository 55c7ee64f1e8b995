using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace NsGen.Analyzers.RawCalls;

/// <summary>Where a file descriptor, or the object around one, comes from.</summary>
internal static class FileDescriptors
{
    private const int MaxDepth = 32;

    /// <summary>The path it was opened by: open, openat, File.Open…, new FileStream, new StreamWriter.</summary>
    public static PathText PathOf(IOperation? descriptor, RawCallReader reader)
    {
        switch (OriginOf(descriptor, reader))
        {
            case IInvocationOperation invocation when reader.TryRead(invocation, out RawCall call):
                PathText path = call.Function == RawFunction.Open || call.Function == RawFunction.Open64 || call.Function == RawFunction.Openat
                    ? PathText.Read(call[RawParameter.Path], reader)
                    : PathText.Unknown;

                // Relative to a directory descriptor of which nothing is known.
                return call.Function == RawFunction.Openat && !path.StartsWith("/") ? PathText.Unknown : path;

            case IInvocationOperation { TargetMethod: { Name: "OpenHandle" or "Open" or "OpenRead" or "OpenWrite" or "Create" or "CreateText" or "AppendText" } method } invocation
                when method.ContainingType.ToDisplayString() == "System.IO.File":
                return ReadPathArgument(invocation.Arguments, reader);

            case IObjectCreationOperation { Type.Name: "FileStream" or "StreamWriter" } creation
                when creation.Type?.ContainingNamespace?.ToDisplayString() == "System.IO" && creation.Arguments.Length > 0:
                // new StreamWriter(stream)
                return creation.Arguments.FirstOrDefault(static a => a.Parameter?.Ordinal == 0) is { } first
                    && first.Value.Type?.SpecialType != SpecialType.System_String
                        ? PathOf(first.Value, reader)
                        : ReadPathArgument(creation.Arguments, reader);

            default:
                return PathText.Unknown;
        }
    }

    /// <summary>A pidfd: there setns(2) reads its second argument as a set of namespaces, not as a check.</summary>
    public static bool IsPidFd(IOperation? descriptor, RawCallReader reader) =>
        OriginOf(descriptor, reader) is IInvocationOperation invocation
        && reader.TryRead(invocation, out RawCall call)
        && call.Function == RawFunction.PidfdOpen;

    private static PathText ReadPathArgument(IEnumerable<IArgumentOperation> arguments, RawCallReader reader) =>
        PathText.Read(arguments.FirstOrDefault(static a => a.Parameter?.Ordinal == 0)?.Value, reader);

    private static IOperation? OriginOf(IOperation? value, RawCallReader reader)
    {
        for (int depth = 0; depth < MaxDepth && value is not null; depth++)
        {
            value = value.WithoutConversions();
            IOperation? next = value switch
            {
                ILocalReferenceOperation local => Only(local),
                IFieldReferenceOperation { Field: { IsStatic: true } field } => ValueReader.Initializer(reader, field),

                // setns(fd = open(…), …)
                ISimpleAssignmentOperation { IsRef: false } assignment => assignment.Value,
                IPropertyReferenceOperation { Property.Name: "SafeFileHandle" or "Handle" or "BaseStream", Instance: { } instance } => instance,
                IInvocationOperation { TargetMethod.Name: "DangerousGetHandle" or "ToInt32" or "ToInt64", Instance: { } instance } => instance,
                _ => null,
            };
            if (next is null)
            {
                return value;
            }

            value = next;
        }

        return null;
    }

    /// <summary>int fd = -1; fd = open(…): the mark of "not opened" is not a descriptor.</summary>
    private static IOperation? Only(ILocalReferenceOperation local)
    {
        if (LocalValues.TryRead(local) is not { Compound.Count: 0 } values)
        {
            return null;
        }

        IOperation? only = null;
        foreach (IOperation assigned in values.Assigned)
        {
            if (assigned.ConstantValue is { HasValue: true, Value: null or < 0 } || assigned is IDefaultValueOperation)
            {
                continue;
            }

            if (only is not null)
            {
                return null;
            }

            only = assigned;
        }

        return only;
    }
}
