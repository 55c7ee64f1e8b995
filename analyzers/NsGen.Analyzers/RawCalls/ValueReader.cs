using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace NsGen.Analyzers.RawCalls;

/// <summary>What can be said of a value without running the program. Everything not understood is unknown.</summary>
internal static class ValueReader
{
    // Locals that are defined by each other, and hostile nesting.
    private const int MaxDepth = 64;

    /// <summary>The bits of an integer expression that are known to be set or clear.</summary>
    public static KnownBits ReadBits(this RawCallReader reader, IOperation? value) => value is null ? KnownBits.Unknown : Read(reader, value, 0);

    /// <summary>
    /// The expression a value comes from: through casts, and through locals and fields that are only ever given this one value.
    /// </summary>
    public static IOperation Origin(this RawCallReader reader, IOperation value)
    {
        for (int depth = 0; depth < MaxDepth; depth++)
        {
            value = value.WithoutConversions();
            IOperation? next = value switch
            {
                ILocalReferenceOperation local => LocalValues.TryRead(local)?.Single,
                IFieldReferenceOperation { Field.IsStatic: true } field => Initializer(reader, field.Field),
                _ => null,
            };
            if (next is null)
            {
                break;
            }

            value = next;
        }

        return value;
    }

    private static KnownBits Read(RawCallReader reader, IOperation value, int depth)
    {
        if (depth > MaxDepth)
        {
            return KnownBits.Unknown;
        }

        if (value.ConstantValue is { HasValue: true, Value: var constant })
        {
            return TryWiden(constant, out ulong bits) ? KnownBits.Constant(bits) : KnownBits.Unknown;
        }

        depth++;
        switch (value)
        {
            case IParenthesizedOperation parenthesized:
                return Read(reader, parenthesized.Operand, depth);

            case IConversionOperation { OperatorMethod: { } operatorMethod } conversion:
                // size_t, ulong_t, pid_t … of Tmds.Linux only box an integer.
                return IsTmdsInteger(reader, operatorMethod.ContainingType)
                    ? Cast(Read(reader, conversion.Operand, depth), conversion.Type)
                    : KnownBits.Unknown;

            case IConversionOperation conversion:
                return IsInteger(conversion.Operand.Type) || conversion.Operand.Type is null
                    ? Cast(Read(reader, conversion.Operand, depth), conversion.Type)
                    : KnownBits.Unknown;

            case IUnaryOperation { OperatorKind: UnaryOperatorKind.BitwiseNegation } unary when IsReadable(reader, unary.OperatorMethod, unary.Type):
                return Cast(~Read(reader, unary.Operand, depth), unary.Type);

            case IUnaryOperation { OperatorKind: UnaryOperatorKind.Minus } unary when IsReadable(reader, unary.OperatorMethod, unary.Type):
                return Cast(KnownBits.Constant(0) - Read(reader, unary.Operand, depth), unary.Type);

            case IBinaryOperation binary when IsReadable(reader, binary.OperatorMethod, binary.Type):
                return Cast(
                    Combine(binary.OperatorKind, Read(reader, binary.LeftOperand, depth), Read(reader, binary.RightOperand, depth)),
                    binary.Type);

            case IConditionalOperation { WhenFalse: { } whenFalse } conditional:
                return conditional.Condition.ConstantValue is { HasValue: true, Value: bool taken }
                    ? Read(reader, taken ? conditional.WhenTrue : whenFalse, depth)
                    : Read(reader, conditional.WhenTrue, depth).Join(Read(reader, whenFalse, depth));

            case ISwitchExpressionOperation { Arms.Length: > 0 } choice:
                KnownBits all = Read(reader, choice.Arms[0].Value, depth);
                for (int i = 1; i < choice.Arms.Length; i++)
                {
                    all = all.Join(Read(reader, choice.Arms[i].Value, depth));
                }

                return all;

            case IPropertyReferenceOperation { Property: { IsStatic: true } property }:
                if (reader.IsTmdsMember(property))
                {
                    return LibCConstants.TryGet(property.Name, out ulong known) ? KnownBits.Constant(known) : KnownBits.Unknown;
                }

                return Body(reader, property) is { } body ? Cast(Read(reader, body, depth), property.Type) : KnownBits.Unknown;

            case IFieldReferenceOperation { Field: { IsStatic: true } field }:
                return Initializer(reader, field) is { } initializer ? Read(reader, initializer, depth) : KnownBits.Unknown;

            case ILocalReferenceOperation local:
                return LocalValues.TryRead(local) is { Assigned.Count: > 0 } values ? ReadLocal(reader, values, depth) : KnownBits.Unknown;

            default:
                return KnownBits.Unknown;
        }
    }

    /// <summary>
    /// Whatever the order of the writes, the local holds one of the assigned values, changed by some of the compound assignments:
    /// |= never clears a bit, &amp;= never sets one.
    /// </summary>
    private static KnownBits ReadLocal(RawCallReader reader, LocalValues values, int depth)
    {
        KnownBits bits = Read(reader, values.Assigned[0], depth);
        for (int i = 1; i < values.Assigned.Count; i++)
        {
            bits = bits.Join(Read(reader, values.Assigned[i], depth));
        }

        foreach (ICompoundAssignmentOperation compound in values.Compound)
        {
            if (!IsReadable(reader, compound.OperatorMethod, compound.Type))
            {
                return KnownBits.Unknown;
            }

            KnownBits operand = Cast(Read(reader, compound.Value, depth), compound.Type);
            switch (compound.OperatorKind)
            {
                case BinaryOperatorKind.Or:
                    bits = bits with { Clear = bits.Clear & operand.Clear };
                    break;
                case BinaryOperatorKind.And:
                    bits = bits with { Set = bits.Set & operand.Set };
                    break;
                default:
                    return KnownBits.Unknown;
            }
        }

        return bits;
    }

    private static KnownBits Combine(BinaryOperatorKind kind, KnownBits left, KnownBits right) => kind switch
    {
        BinaryOperatorKind.Or => left | right,
        BinaryOperatorKind.And => left & right,
        BinaryOperatorKind.ExclusiveOr => left ^ right,
        BinaryOperatorKind.Add => left + right,
        BinaryOperatorKind.Subtract => left - right,
        BinaryOperatorKind.LeftShift when right.TryGetValue(out ulong count) && count < 32 => left.ShiftLeft((int)count),
        _ => KnownBits.Unknown,
    };

    private static bool IsReadable(RawCallReader reader, IMethodSymbol? operatorMethod, ITypeSymbol? type) =>
        operatorMethod is null ? IsInteger(type) : IsTmdsInteger(reader, operatorMethod.ContainingType);

    private static bool IsTmdsInteger(RawCallReader reader, INamedTypeSymbol type) =>
        reader.TmdsLibCType is { } libC
        && type.TypeKind == TypeKind.Struct
        && SymbolEqualityComparer.Default.Equals(type.ContainingNamespace, libC.ContainingNamespace);

    private static bool IsInteger(ITypeSymbol? type) => Width(type) != 0;

    private static KnownBits Cast(KnownBits bits, ITypeSymbol? target)
    {
        int width = Width(target);
        return width == 0 ? bits : bits.Truncate(width, IsSigned(target));
    }

    private static ITypeSymbol? Underlying(ITypeSymbol? type) => type is INamedTypeSymbol { EnumUnderlyingType: { } underlying } ? underlying : type;

    // Pointer-sized integers are taken as 64 bits wide: the kernel reads the low 32 bits of clone flags either way.
    private static int Width(ITypeSymbol? type) => Underlying(type)?.SpecialType switch
    {
        SpecialType.System_SByte or SpecialType.System_Byte => 8,
        SpecialType.System_Int16 or SpecialType.System_UInt16 or SpecialType.System_Char => 16,
        SpecialType.System_Int32 or SpecialType.System_UInt32 => 32,
        SpecialType.System_Int64 or SpecialType.System_UInt64 or SpecialType.System_IntPtr or SpecialType.System_UIntPtr => 64,
        _ => 0,
    };

    private static bool IsSigned(ITypeSymbol? type) => Underlying(type)?.SpecialType
        is SpecialType.System_SByte or SpecialType.System_Int16 or SpecialType.System_Int32
        or SpecialType.System_Int64 or SpecialType.System_IntPtr;

    private static bool TryWiden(object? constant, out ulong bits)
    {
        unchecked
        {
            switch (constant)
            {
                case int v:
                    bits = (ulong)v;
                    return true;
                case uint v:
                    bits = v;
                    return true;
                case long v:
                    bits = (ulong)v;
                    return true;
                case ulong v:
                    bits = v;
                    return true;
                case short v:
                    bits = (ulong)v;
                    return true;
                case ushort v:
                    bits = v;
                    return true;
                case sbyte v:
                    bits = (ulong)v;
                    return true;
                case byte v:
                    bits = v;
                    return true;
                case char v:
                    bits = v;
                    return true;
                default:
                    bits = 0;
                    return false;
            }
        }
    }

    /// <summary>static readonly int Flags = …; unless a static constructor may change it.</summary>
    internal static IOperation? Initializer(RawCallReader reader, IFieldSymbol field)
    {
        if (!field.IsReadOnly
            || field.DeclaringSyntaxReferences.Length != 1
            || field.ContainingType.StaticConstructors.Any(static c => !c.IsImplicitlyDeclared)
            || field.DeclaringSyntaxReferences[0].GetSyntax() is not VariableDeclaratorSyntax { Initializer.Value: { } value })
        {
            return null;
        }

        return reader.Compilation.GetSemanticModel(value.SyntaxTree).GetOperation(value);
    }

    /// <summary>static int Flags => …; the style that Tmds.LibC's own constants ask for.</summary>
    internal static IOperation? Body(RawCallReader reader, IPropertySymbol property)
    {
        if (property.SetMethod is not null
            || property.DeclaringSyntaxReferences.Length != 1
            || property.DeclaringSyntaxReferences[0].GetSyntax() is not PropertyDeclarationSyntax { ExpressionBody.Expression: { } value })
        {
            return null;
        }

        return reader.Compilation.GetSemanticModel(value.SyntaxTree).GetOperation(value);
    }
}
