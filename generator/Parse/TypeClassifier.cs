using Microsoft.CodeAnalysis;
using NsGen.Generator.Model;

namespace NsGen.Generator.Parse;

/// <summary>Decides how a type crosses to another process.</summary>
internal static class TypeClassifier
{
    /// <summary>
    /// Types, with all that derive from them, that stand for something of this process. JSON would refuse them at run time or, worse,
    /// carry something else.
    /// </summary>
    private static readonly Dictionary<string, string> s_refused = new(StringComparer.Ordinal)
    {
        ["System.IO.Stream"] = "an open stream belongs to this process; pass a FileStream, a PipeStream or a path",
        ["System.IO.TextReader"] = "a reader belongs to this process; pass the text or a path",
        ["System.IO.TextWriter"] = "a writer belongs to this process; return the text",
        ["System.Runtime.InteropServices.SafeHandle"] = "a handle belongs to this process; pass a SafeFileHandle",
        ["System.Runtime.InteropServices.GCHandle"] = "a GCHandle means nothing in another process",
        ["System.Threading.WaitHandle"] = "a WaitHandle belongs to this process",
        ["System.Threading.Thread"] = "a thread belongs to this process",
        ["System.Threading.CancellationTokenSource"] = "only a CancellationToken parameter can cancel the call",
        ["System.Threading.CancellationToken"] = "a token must be a parameter of its own, of type CancellationToken",
        ["System.Threading.Tasks.Task"] = "a task belongs to this process; await it and pass its result",
        ["System.Threading.Tasks.ValueTask"] = "a task belongs to this process; await it and pass its result",
        ["System.Collections.Generic.IAsyncEnumerable"] = "an asynchronous sequence belongs to this process; pass a list (a method may return one)",
        ["System.Collections.IEnumerator"] = "an enumerator belongs to this process; pass a list",
        ["System.Collections.Generic.IEnumerator"] = "an enumerator belongs to this process; pass a list",
        ["System.Reflection.MemberInfo"] = "types and members do not travel; pass a name",
        ["System.Reflection.Assembly"] = "assemblies do not travel; pass a name",
        ["System.Linq.Expressions.Expression"] = "expressions do not travel",
        ["System.Net.Sockets.Socket"] = "a socket belongs to this process; it can be passed as an argument, not come back",
        ["System.Numerics.BigInteger"] = "System.Text.Json cannot carry a BigInteger; pass its bytes or its text",
        ["NsGen.IsolatedProcess"] = "a running process belongs to this process; pass its Id",
        ["NsGen.NamespaceTarget"] = "a target must be a parameter of its own, of type NamespaceTarget",
        ["System.IProgress"] = "progress is a parameter of its own, of type IProgress<T>",
        ["NsGen.IsolationOptions"] = "options must be a parameter of their own, of type IsolationOptions",
    };

    /// <summary>Gives the model of a value of this type, for which there must be no <see cref="Refusal"/>.</summary>
    public static ValueModel Classify(ITypeSymbol type)
    {
        string full = Names.Full(type);
        ValueModel Reference(Marshalling marshalling, string argument)
            => new(marshalling, argument, full, type.NullableAnnotation != NullableAnnotation.Annotated);

        if (OpenThing(type) is { } open)
        {
            return Reference(open, "");
        }

        return type switch
        {
            { SpecialType: SpecialType.System_String } => Reference(Marshalling.String, ""),
            IArrayTypeSymbol { ElementType.SpecialType: SpecialType.System_String } => Reference(Marshalling.Strings, ""),
            IArrayTypeSymbol { ElementType: var element } when IsUnmanaged(element)
                => Reference(Marshalling.Array, Names.Unannotated(element)),
            INamedTypeSymbol { Name: "Uri", ContainingNamespace: var space } when IsSystem(space) => Reference(Marshalling.Uri, ""),
            INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T, TypeArguments: [var underlying] }
                when IsUnmanaged(underlying) => new(Marshalling.Nullable, Names.Unannotated(underlying), full, IsNotNull: false),
            INamedTypeSymbol
            {
                Name: "ReadOnlyMemory" or "Memory",
                TypeArguments: [{ SpecialType: SpecialType.System_Byte }],
                ContainingNamespace: var space,
            } when IsSystem(space) => new(
                type.Name == "Memory" ? Marshalling.WritableMemory : Marshalling.Memory, "", full, IsNotNull: false),
            _ when IsUnmanaged(type) => new(Marshalling.Value, Names.Unannotated(type), full, IsNotNull: false),
            _ => new(
                Marshalling.Json,
                Names.FullNotNull(type),
                full,
                IsNotNull: type.IsReferenceType && type.NullableAnnotation != NullableAnnotation.Annotated),
        };
    }

    /// <summary>What is reported, where the type is IProgress; else null.</summary>
    public static ITypeSymbol? ReportOf(ITypeSymbol type)
        => type is INamedTypeSymbol { Name: "IProgress", TypeArguments: [var report] } progress && IsSystem(progress.ContainingNamespace) ? report : null;

    /// <summary>Why no argument of this type can cross, or null. Open files can, as descriptors, and reports of progress come back.</summary>
    public static string? RefusalOfParameter(ITypeSymbol type)
        => ReportOf(type) is { } report ? Refusal(report)
            : OpenThing(type) is not null ? null
            : Refusal(type);

    /// <summary>Why no value of this type can cross, or null.</summary>
    public static string? Refusal(ITypeSymbol type)
    {
        switch (type)
        {
            case IPointerTypeSymbol or IFunctionPointerTypeSymbol:
                return "a pointer means nothing in another process";
            case { TypeKind: TypeKind.Delegate } or { SpecialType: SpecialType.System_Delegate or SpecialType.System_MulticastDelegate }:
                return "a delegate points into this process";
            case { IsRefLikeType: true }:
                return $"{type.Name} is a ref struct and lives on this thread's stack; pass an array or Memory<byte>";
            case { TypeKind: TypeKind.TypeParameter }:
                return "a type parameter can stand for anything";
            case IArrayTypeSymbol { Rank: > 1 }:
                return "System.Text.Json carries no multidimensional array; pass an array of arrays";
            case IArrayTypeSymbol array:
                return Refusal(array.ElementType);
            case INamedTypeSymbol named:
                return RefusalByName(named)
                    ?? named.TypeArguments.Select(Refusal).FirstOrDefault(static reason => reason is not null)
                    ?? (HoldsPointer(named) ? $"{type.Name} holds a pointer, which means nothing in another process" : null);
            default:
                return null;
        }
    }

    /// <summary>How a type that stands for a descriptor crosses, or null.</summary>
    private static Marshalling? OpenThing(ITypeSymbol type) => type is not INamedTypeSymbol named ? null : MetadataName(named) switch
    {
        "Microsoft.Win32.SafeHandles.SafeFileHandle" => Marshalling.FileHandle,
        "System.IO.FileStream" => Marshalling.FileStream,
        "System.Net.Sockets.Socket" => Marshalling.Socket,
        "System.IO.Pipes.PipeStream" => Marshalling.PipeStream,
        "NsGen.NamespaceHandle" => Marshalling.NamespaceHandle,
        _ => null,
    };

    /// <summary>Whether the <c>unmanaged</c> constraint accepts the type, which Nullable does not meet.</summary>
    private static bool IsUnmanaged(ITypeSymbol type)
        => type.IsUnmanagedType && type.OriginalDefinition.SpecialType != SpecialType.System_Nullable_T;

    private static bool IsSystem(INamespaceSymbol space) => space is { Name: "System", ContainingNamespace.IsGlobalNamespace: true };

    private static string? RefusalByName(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? current = type; current is not null; current = current.BaseType)
        {
            if (s_refused.TryGetValue(MetadataName(current), out string reason))
            {
                return reason;
            }
        }

        return null;
    }

    /// <summary>Namespace and name, without type parameters.</summary>
    private static string MetadataName(INamedTypeSymbol type)
        => type.ContainingType is null ? $"{type.ContainingNamespace.ToDisplayString()}.{type.Name}" : type.Name;

    private static bool HoldsPointer(ITypeSymbol type)
        => type is { TypeKind: TypeKind.Struct, SpecialType: SpecialType.None }
            && type.GetMembers().OfType<IFieldSymbol>().Any(static field =>
                // The type of a fixed buffer is a pointer to its elements, though the elements are in the struct.
                !field.IsStatic && !field.IsFixedSizeBuffer
                    && (field.Type is IPointerTypeSymbol or IFunctionPointerTypeSymbol || HoldsPointer(field.Type)));
}
