using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NsGen.Analyzers.RawCalls;

namespace NsGen.Analyzers.CloneFlags;

internal enum ChildFunctionKind
{
    Unknown,

    /// <summary>A C# method, or a delegate.</summary>
    Managed,

    /// <summary>A C# method with [UnmanagedCallersOnly].</summary>
    UnmanagedCallersOnly,
}

/// <summary>The function that clone is to run in the child. What comes from NativeLibrary.GetExport or a parameter is unknown.</summary>
internal static class ChildFunction
{
    public static ChildFunctionKind Read(RawCallReader reader, IOperation function, out string name)
    {
        IOperation origin = reader.Origin(function);
        name = "";
        switch (origin)
        {
            case IAddressOfOperation { Reference: IMethodReferenceOperation { Method: { } method } }:
                name = method.Name;
                return method.GetAttributes().Any(static a => a.AttributeClass?.Name == "UnmanagedCallersOnlyAttribute")
                    ? ChildFunctionKind.UnmanagedCallersOnly
                    : ChildFunctionKind.Managed;
            case IInvocationOperation { TargetMethod: { Name: "GetFunctionPointerForDelegate", ContainingType.Name: "Marshal" } }:
                name = "a delegate";
                return ChildFunctionKind.Managed;
            case IInvocationOperation { TargetMethod.Name: "ToPointer", Instance: { } pointer }:
                return Read(reader, pointer, out name);
            default:
                return ChildFunctionKind.Unknown;
        }
    }
}
