using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Simplification;
using NsGen.Analyzers.RawCalls;

namespace NsGen.CodeFixes.CloneFlags;

/// <summary>Edits of expressions like <c>CLONE_NEWNS | CLONE_FS | SIGCHLD</c>, in the style the program already uses.</summary>
internal static class FlagExpressions
{
    private const string TmdsLibC = "Tmds.Linux.LibC";

    /// <summary>
    /// <paramref name="expression"/> with <c>| name</c> at its end. <paramref name="original"/> is the expression as it stands in the
    /// document: it tells the type and the scope.
    /// </summary>
    public static ExpressionSyntax Add(
        ExpressionSyntax expression, ExpressionSyntax original, SemanticModel model, string name, ulong value)
    {
        ExpressionSyntax flag = Name(original, model, name, value);
        ExpressionSyntax left = NeedsParentheses(expression)
            ? SyntaxFactory.ParenthesizedExpression(expression.WithoutTrivia()).WithLeadingTrivia(expression.GetLeadingTrivia())
            : expression.WithoutTrailingTrivia();
        return SyntaxFactory
            .BinaryExpression(
                SyntaxKind.BitwiseOrExpression,
                left.WithTrailingTrivia(SyntaxFactory.Space),
                SyntaxFactory.Token(SyntaxKind.BarToken).WithTrailingTrivia(SyntaxFactory.Space),
                flag.WithTrailingTrivia(flag.GetTrailingTrivia().AddRange(expression.GetTrailingTrivia())));
    }

    /// <summary>
    /// <paramref name="expression"/> without the operands that are flags of <paramref name="mask"/>; null if they cannot all be taken out,
    /// or nothing would be left.
    /// </summary>
    public static ExpressionSyntax? Drop(ExpressionSyntax expression, SemanticModel model, RawCallReader reader, ulong mask)
    {
        ulong dropped = 0;
        ExpressionSyntax? rest = Drop(expression);
        return dropped == mask ? rest : null;

        // Flags are an int in most prototypes, where CLONE_IO makes them negative.
        bool Read(IOperation operation, out ulong value)
        {
            KnownBits bits = reader.ReadBits(operation);
            return (operation.Type?.SpecialType == SpecialType.System_Int32 ? bits.Truncate(32, signed: false) : bits).TryGetValue(out value);
        }

        ExpressionSyntax? Drop(ExpressionSyntax part)
        {
            switch (part)
            {
                case ParenthesizedExpressionSyntax parenthesized:
                    return Drop(parenthesized.Expression) switch
                    {
                        null => null,
                        { } inner when inner == parenthesized.Expression => part,
                        BinaryExpressionSyntax inner => parenthesized.WithExpression(inner),
                        { } inner => inner.WithTriviaFrom(part),
                    };
                case CastExpressionSyntax cast:
                    return Drop(cast.Expression) is { } operand
                        ? operand == cast.Expression ? part : cast.WithExpression(operand)
                        : null;
                case BinaryExpressionSyntax binary when binary.IsKind(SyntaxKind.BitwiseOrExpression) || binary.IsKind(SyntaxKind.AddExpression):
                    ExpressionSyntax? left = Drop(binary.Left);
                    ExpressionSyntax? right = Drop(binary.Right);
                    return (left, right) switch
                    {
                        (null, null) => null,
                        (null, _) => right.WithLeadingTrivia(binary.GetLeadingTrivia()),
                        (_, null) => left.WithTrailingTrivia(binary.GetTrailingTrivia()),
                        _ => left == binary.Left && right == binary.Right ? binary : binary.WithLeft(left).WithRight(right),
                    };
                default:
                    if (model.GetOperation(part) is { } operation
                        && Read(operation, out ulong value)
                        && value != 0
                        && (value & ~mask) == 0)
                    {
                        dropped |= value;
                        return null;
                    }

                    return part;
            }
        }
    }

    /// <summary>
    /// The flag as the program would write it in the place of <paramref name="expression"/>: an enum's member, a constant in scope, one of
    /// Tmds.LibC's, or the number with its name beside it.
    /// </summary>
    public static ExpressionSyntax Name(ExpressionSyntax expression, SemanticModel model, string name, ulong value)
    {
        TypeInfo info = model.GetTypeInfo(expression);

        // A literal 0 that becomes an enum is an int itself.
        ITypeSymbol? type = info.ConvertedType is { TypeKind: TypeKind.Enum } ? info.ConvertedType : info.Type;
        INamedTypeSymbol? callee = expression.FirstAncestorOrSelf<InvocationExpressionSyntax>() is { } call
            ? model.GetSymbolInfo(call).Symbol?.ContainingType
            : null;
        return Name(type, callee, expression.SpanStart, model, name, value);
    }

    /// <summary>As above, for an argument of a type that is passed to a method of <paramref name="callee"/>.</summary>
    public static ExpressionSyntax Name(
        ITypeSymbol? type, INamedTypeSymbol? callee, int position, SemanticModel model, string name, ulong value)
    {
        if (type is INamedTypeSymbol { TypeKind: TypeKind.Enum } enumeration)
        {
            return EnumMember(enumeration, model, position, value);
        }

        foreach (ISymbol symbol in model.LookupSymbols(position, name: name))
        {
            ITypeSymbol? symbolType = symbol switch
            {
                IFieldSymbol field => field.Type,
                IPropertySymbol property => property.Type,
                _ => null,
            };

            // int | uint would be a long.
            if (symbol.IsStatic && SymbolEqualityComparer.Default.Equals(symbolType, type))
            {
                return SyntaxFactory.IdentifierName(name);
            }
        }

        // The style of the call decides: a program with its own imports may reference Tmds.LibC for something else.
        if (callee?.ToDisplayString() == TmdsLibC
            && callee.GetMembers(name).OfType<IPropertySymbol>().Any(p => SymbolEqualityComparer.Default.Equals(p.Type, type)))
        {
            return SyntaxFactory.ParseExpression($"global::{TmdsLibC}.{name}").WithAdditionalAnnotations(Simplifier.Annotation);
        }

        string literal = value < 256
            ? value.ToString(CultureInfo.InvariantCulture)
            : "0x" + value.ToString("x", CultureInfo.InvariantCulture);
        return SyntaxFactory.ParseExpression($"{literal} /* {name} */");
    }

    private static ExpressionSyntax EnumMember(INamedTypeSymbol enumeration, SemanticModel model, int position, ulong value)
    {
        string type = enumeration.ToMinimalDisplayString(model, position);
        foreach (IFieldSymbol member in enumeration.GetMembers().OfType<IFieldSymbol>())
        {
            if (member.HasConstantValue && Convert.ToDecimal(member.ConstantValue, CultureInfo.InvariantCulture) == value)
            {
                return SyntaxFactory.ParseExpression($"{type}.{member.Name}");
            }
        }

        return SyntaxFactory.ParseExpression($"({type}){value.ToString(CultureInfo.InvariantCulture)}");
    }

    // What binds tighter than | may stand beside it as it is.
    private static bool NeedsParentheses(ExpressionSyntax expression) => expression
        is ConditionalExpressionSyntax or AssignmentExpressionSyntax or SwitchExpressionSyntax or LambdaExpressionSyntax or RangeExpressionSyntax;
}
