using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using NsGen.Analyzers.RawCalls;

namespace NsGen.Analyzers.CloneFlags;

internal enum StackMemoryKind
{
    Unknown,

    /// <summary>null, default, IntPtr.Zero.</summary>
    Null,

    /// <summary>mmap, malloc, NativeMemory, Marshal.AllocHGlobal.</summary>
    Native,

    /// <summary>stackalloc, or the address of a local variable.</summary>
    CallersStack,

    /// <summary>An array, a string, memory of a pool: the GC's.</summary>
    Managed,
}

/// <summary>The memory behind a pointer that is given to clone as the child's stack.</summary>
/// <param name="Kind">Who it belongs to.</param>
/// <param name="AtLowEnd">The pointer is the allocation's lowest address: nothing was added to it.</param>
/// <param name="Source">What made it, for messages: mmap, stackalloc, an array.</param>
/// <param name="Size">The size in bytes that was asked for, where one expression says it.</param>
internal readonly record struct StackMemory(StackMemoryKind Kind, bool AtLowEnd, string Source, IOperation? Size)
{
    private const int MaxDepth = 32;

    public static StackMemory Read(RawCallReader reader, IOperation pointer)
    {
        bool atLowEnd = true;
        IOperation value = pointer;
        for (int depth = 0; depth < MaxDepth; depth++)
        {
            value = value.WithoutConversions();
            if (IsNull(value))
            {
                return new(StackMemoryKind.Null, atLowEnd, "null", null);
            }

            if (IsStackAlloc(value))
            {
                return new(StackMemoryKind.CallersStack, atLowEnd, "stackalloc", null);
            }

            switch (value)
            {
                case IBinaryOperation { OperatorKind: BinaryOperatorKind.Add or BinaryOperatorKind.Subtract, OperatorMethod: null } sum:
                    atLowEnd &= sum.RightOperand.ConstantValue is { HasValue: true, Value: 0 };
                    value = sum.LeftOperand;
                    continue;

                // IntPtr's + and - are methods; nint's are not.
                case IBinaryOperation { OperatorMethod.ContainingType.SpecialType: SpecialType.System_IntPtr } sum:
                    atLowEnd = false;
                    value = sum.LeftOperand;
                    continue;

                case IObjectCreationOperation { Type.SpecialType: SpecialType.System_IntPtr, Arguments.Length: 1 } box:
                    value = box.Arguments[0].Value;
                    continue;

                case IAddressOfOperation address:
                    return ReadReference(reader, address.Reference, atLowEnd);

                case ILocalReferenceOperation { Local.IsFixed: true } local:
                    return ReadFixed(reader, local, atLowEnd);

                case ILocalReferenceOperation local when LocalValues.TryRead(local)?.Single is { } single:
                    value = single;
                    continue;

                case IInvocationOperation { Instance: { Type.SpecialType: SpecialType.System_IntPtr } instance, TargetMethod.Name: "ToPointer" }:
                    value = instance;
                    continue;

                case IInvocationOperation call:
                    return ReadCall(reader, call, atLowEnd);

                case IPropertyReferenceOperation { Property: { Name: "Pointer", ContainingType.Name: "MemoryHandle" }, Instance: { } handle }
                    when reader.Origin(handle) is IInvocationOperation { TargetMethod.Name: "Pin", Instance: { } memory }
                        && IsManagedBuffer(reader, memory):
                    return new(StackMemoryKind.Managed, atLowEnd, "pinned memory of the GC heap", null);

                default:
                    return default;
            }
        }

        return default;
    }

    private static bool IsNull(IOperation value) =>
        value is IDefaultValueOperation
        || value.ConstantValue is { HasValue: true, Value: null or 0 or 0L or 0U or 0UL }
        || value is IFieldReferenceOperation { Field: { Name: "Zero", IsStatic: true, ContainingType.SpecialType: SpecialType.System_IntPtr or SpecialType.System_UIntPtr } };

    // The operation tree has no node of its own for it.
    private static bool IsStackAlloc(IOperation value) =>
        value.Syntax is StackAllocArrayCreationExpressionSyntax or ImplicitStackAllocArrayCreationExpressionSyntax;

    private static StackMemory ReadReference(RawCallReader reader, IOperation reference, bool atLowEnd) => reference switch
    {
        IArrayElementReferenceOperation element =>
            new(StackMemoryKind.Managed, atLowEnd && IsFirst(element), "an array", null),
        ILocalReferenceOperation { Local.RefKind: RefKind.None } or IParameterReferenceOperation { Parameter.RefKind: RefKind.None } =>
            new(StackMemoryKind.CallersStack, atLowEnd, "the address of a local variable", null),
        IFieldReferenceOperation { Field.IsStatic: false, Instance: { Type.IsValueType: true } instance } => ReadReference(reader, instance, atLowEnd),
        IFieldReferenceOperation { Field.IsStatic: false, Instance.Type.IsReferenceType: true } =>
            new(StackMemoryKind.Managed, atLowEnd, "a field of an object", null),
        _ => default,
    };

    private static bool IsFirst(IArrayElementReferenceOperation element) =>
        element.Indices.All(static i => i.ConstantValue is { HasValue: true, Value: 0 });

    /// <summary>fixed (byte* p = array), = &amp;array[0], = span.</summary>
    private static StackMemory ReadFixed(RawCallReader reader, ILocalReferenceOperation local, bool atLowEnd)
    {
        foreach (IOperation operation in local.Root().Descendants())
        {
            if (operation is IVariableDeclaratorOperation declarator
                && SymbolEqualityComparer.Default.Equals(declarator.Symbol, local.Local)
                && declarator.GetVariableInitializer() is { } initializer)
            {
                IOperation pinned = Pinned(initializer.Value);
                return pinned is IAddressOfOperation address
                    ? ReadReference(reader, address.Reference, atLowEnd)
                    : ReadBuffer(reader, pinned, atLowEnd);
            }
        }

        return default;
    }

    // fixed wraps what it pins in a node without a kind.
    private static IOperation Pinned(IOperation value)
    {
        while (value.WithoutConversions() is { Kind: OperationKind.None, ChildOperations.Count: 1 } wrapper && !IsStackAlloc(wrapper))
        {
            value = wrapper.ChildOperations.First();
        }

        return value.WithoutConversions();
    }

    private static StackMemory ReadBuffer(RawCallReader reader, IOperation buffer, bool atLowEnd) =>
        IsStackAlloc(reader.Origin(buffer))
            ? new(StackMemoryKind.CallersStack, atLowEnd, "stackalloc", null)
            : IsManagedBuffer(reader, buffer) ? new(StackMemoryKind.Managed, atLowEnd, "pinned memory of the GC heap", null) : default;

    private static StackMemory ReadCall(RawCallReader reader, IInvocationOperation call, bool atLowEnd)
    {
        if (reader.TryRead(call, out RawCall raw))
        {
            RawFunction function = raw.Function;
            return function == RawFunction.Mmap || function == RawFunction.Mmap64
                ? new(StackMemoryKind.Native, atLowEnd, function.Name, raw.AtCallSite(RawParameter.Length))
                : function == RawFunction.Malloc
                    ? new(StackMemoryKind.Native, atLowEnd, function.Name, raw.AtCallSite(RawParameter.Size))
                    : function == RawFunction.Calloc ? new(StackMemoryKind.Native, atLowEnd, function.Name, null) : default;
        }

        string source = call.TargetMethod.ContainingType.Name + "." + call.TargetMethod.Name;
        IOperation? first = call.Arguments.FirstOrDefault(static a => a.Parameter?.Ordinal == 0)?.Value;
        switch (source)
        {
            case "NativeMemory.Alloc" or "NativeMemory.AllocZeroed":
                return new(StackMemoryKind.Native, atLowEnd, source, call.Arguments.Length == 1 ? first : null);
            case "NativeMemory.AlignedAlloc" or "Marshal.AllocHGlobal" or "Marshal.AllocCoTaskMem":
                return new(StackMemoryKind.Native, atLowEnd, source, first);
            case "GCHandle.AddrOfPinnedObject" or "Marshal.UnsafeAddrOfPinnedArrayElement":
                return new(StackMemoryKind.Managed, atLowEnd, "pinned memory of the GC heap", null);
            case "Unsafe.AsPointer" when first is not null:
                return ReadReference(reader, first, atLowEnd);
            default:
                return default;
        }
    }

    /// <summary>An array or a string, a span or memory over one, or memory rented from MemoryPool.</summary>
    private static bool IsManagedBuffer(RawCallReader reader, IOperation buffer)
    {
        IOperation origin = reader.Origin(buffer);
        return origin switch
        {
            { Type: IArrayTypeSymbol or { SpecialType: SpecialType.System_String } } => true,
            IInvocationOperation { TargetMethod: { Name: "AsSpan" or "AsMemory", IsExtensionMethod: true } } view =>
                IsManagedBuffer(reader, view.Arguments[0].Value),
            IInvocationOperation { TargetMethod: { Name: "Rent", ContainingType.Name: "MemoryPool" } } => true,
            IPropertyReferenceOperation { Property.Name: "Memory" or "Span", Instance: { } owner } => IsManagedBuffer(reader, owner),
            IObjectCreationOperation { Type.Name: "Span" or "Memory", Arguments.Length: > 0 } view => view.Arguments[0].Value.Type is IArrayTypeSymbol,
            _ => false,
        };
    }
}
