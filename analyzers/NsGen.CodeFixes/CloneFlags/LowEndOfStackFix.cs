using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NsGen.Analyzers;

namespace NsGen.CodeFixes.CloneFlags;

/// <summary>NSG103: adds the size that the stack was allocated with, if that expression means the same where clone is called.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class LowEndOfStackFix : RuleFix
{
    /// <summary>Creates the fixer.</summary>
    public LowEndOfStackFix()
        : base(RuleIds.LowEndOfStack)
    {
    }

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SemanticModel? model = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (model is null
            || root?.FindNode(context.Span, getInnermostNodeForTie: true) is not ExpressionSyntax stack
            || context.Diagnostics[0].AdditionalLocations is not { Count: 1 } locations
            || locations[0] is not { } sizeLocation
            || sizeLocation.SourceTree != root.SyntaxTree
            || root.FindNode(sizeLocation.SourceSpan, getInnermostNodeForTie: true) is not ExpressionSyntax size
            || !MeansTheSame(size, stack, model)
            || Sum(stack, size, model) is not { } top)
        {
            return;
        }

        Offer(
            context,
            $"Add {size}",
            nameof(LowEndOfStackFix),
            _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(stack, top.WithTriviaFrom(stack)))));
    }

    /// <summary>Constants, and variables in scope that nobody writes in between.</summary>
    private static bool MeansTheSame(ExpressionSyntax size, ExpressionSyntax stack, SemanticModel model)
    {
        if (model.GetConstantValue(size).HasValue && size.DescendantNodesAndSelf().All(static n => n is not SimpleNameSyntax))
        {
            return true;
        }

        foreach (SyntaxNode part in size.DescendantNodesAndSelf())
        {
            switch (part)
            {
                case LiteralExpressionSyntax or BinaryExpressionSyntax or ParenthesizedExpressionSyntax or CastExpressionSyntax or PredefinedTypeSyntax
                    or MemberAccessExpressionSyntax:
                    continue;
                case IdentifierNameSyntax name:
                    ISymbol? symbol = model.GetSymbolInfo(name).Symbol;
                    bool fixedValue = symbol switch
                    {
                        IFieldSymbol field => field.IsConst || field.IsReadOnly,
                        ILocalSymbol local => local.IsConst || !IsWritten(local),
                        IParameterSymbol parameter => parameter.RefKind == RefKind.None && !IsWritten(parameter),
                        INamedTypeSymbol or INamespaceSymbol => true,
                        _ => false,
                    };
                    bool qualified = name.Parent is MemberAccessExpressionSyntax access && access.Name == name;
                    if (!fixedValue || (!qualified && !model.LookupSymbols(stack.SpanStart, name: name.Identifier.ValueText).Contains(symbol!, SymbolEqualityComparer.Default)))
                    {
                        return false;
                    }

                    break;
                default:
                    return false;
            }
        }

        return true;

        bool IsWritten(ISymbol symbol)
        {
            SyntaxNode? member = stack.FirstAncestorOrSelf<MemberDeclarationSyntax>();
            foreach (IdentifierNameSyntax use in member?.DescendantNodes().OfType<IdentifierNameSyntax>() ?? [])
            {
                if (use.Identifier.ValueText == symbol.Name
                    && (use.Parent is AssignmentExpressionSyntax assignment && assignment.Left == use
                        || use.Parent is PrefixUnaryExpressionSyntax prefix && !prefix.IsKind(SyntaxKind.UnaryMinusExpression)
                        || use.Parent is PostfixUnaryExpressionSyntax
                        || use.Parent is ArgumentSyntax { RefKindKeyword.RawKind: not 0 }
                        || use.Parent is RefExpressionSyntax))
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Bytes are added to a byte pointer, or to an nint.</summary>
    private static BinaryExpressionSyntax? Sum(ExpressionSyntax stack, ExpressionSyntax size, SemanticModel model)
    {
        ITypeSymbol? type = model.GetTypeInfo(stack).Type;
        SpecialType sizeType = model.GetTypeInfo(size).Type?.SpecialType ?? SpecialType.None;
        bool isInteger = sizeType is SpecialType.System_Int32 or SpecialType.System_UInt32 or SpecialType.System_Int64 or SpecialType.System_UInt64
            or SpecialType.System_IntPtr or SpecialType.System_UIntPtr;
        ExpressionSyntax addend = (size is BinaryExpressionSyntax or ConditionalExpressionSyntax ? SyntaxFactory.ParenthesizedExpression(size) : size).WithoutTrivia();
        switch (type)
        {
            case IPointerTypeSymbol { PointedAtType.SpecialType: SpecialType.System_Byte or SpecialType.System_SByte } when isInteger:
                return Plus(Operand(stack), addend);
            case IPointerTypeSymbol when isInteger:
                return Plus(SyntaxFactory.ParseExpression($"(byte*){Operand(stack)}"), addend);
            case { SpecialType: SpecialType.System_IntPtr } when sizeType is SpecialType.System_Int32 or SpecialType.System_IntPtr:
                return Plus(Operand(stack), addend);
            case { SpecialType: SpecialType.System_IntPtr } when isInteger:
                return Plus(Operand(stack), SyntaxFactory.ParseExpression($"(nint){addend}"));
            default:
                return null;
        }
    }

    private static BinaryExpressionSyntax Plus(ExpressionSyntax left, ExpressionSyntax right) => SyntaxFactory.BinaryExpression(
        SyntaxKind.AddExpression,
        left.WithTrailingTrivia(SyntaxFactory.Space),
        SyntaxFactory.Token(SyntaxKind.PlusToken).WithTrailingTrivia(SyntaxFactory.Space),
        right);

    private static ExpressionSyntax Operand(ExpressionSyntax expression) =>
        (expression is IdentifierNameSyntax or InvocationExpressionSyntax or MemberAccessExpressionSyntax or ParenthesizedExpressionSyntax or CastExpressionSyntax
            ? expression
            : SyntaxFactory.ParenthesizedExpression(expression.WithoutTrivia())).WithoutTrivia();
}
