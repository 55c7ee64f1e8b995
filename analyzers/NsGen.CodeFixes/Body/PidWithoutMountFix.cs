using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NsGen.Analyzers;

namespace NsGen.CodeFixes.Body;

/// <summary>NSG306: creates a mount namespace too.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class PidWithoutMountFix : RuleFix
{
    private const string Mount = "Mount";

    /// <summary>Creates the fixer.</summary>
    public PidWithoutMountFix()
        : base(RuleIds.PidWithoutMount)
    {
    }

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SemanticModel? model = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (model is null
            || root?.FindNode(context.Span).FirstAncestorOrSelf<AttributeSyntax>()?.ArgumentList is not { } list
            || list.Arguments.FirstOrDefault(static argument => argument.NameEquals is null)?.Expression is not { } namespaces)
        {
            return;
        }

        bool needsParentheses = namespaces is not (NameSyntax or MemberAccessExpressionSyntax or ParenthesizedExpressionSyntax)
            && !namespaces.IsKind(SyntaxKind.BitwiseOrExpression);
        ExpressionSyntax left = namespaces.WithoutTrivia();
        ExpressionSyntax both = SyntaxFactory.BinaryExpression(
                SyntaxKind.BitwiseOrExpression,
                needsParentheses ? SyntaxFactory.ParenthesizedExpression(left) : left,
                SyntaxFactory.Token(SyntaxKind.BarToken).WithLeadingTrivia(SyntaxFactory.Space).WithTrailingTrivia(SyntaxFactory.Space),
                MountLike(namespaces, model))
            .WithTriviaFrom(namespaces);
        Offer(
            context,
            "Add Mount",
            nameof(PidWithoutMountFix),
            _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(namespaces, both))));
    }

    /// <summary>Written as the other namespaces are.</summary>
    private static ExpressionSyntax MountLike(ExpressionSyntax namespaces, SemanticModel model)
    {
        IEnumerable<ExpressionSyntax> candidates = namespaces.DescendantNodesAndSelf()
            .OfType<MemberAccessExpressionSyntax>()
            .Take(1)
            .Select(static access => (ExpressionSyntax)access.WithoutTrivia().WithName(SyntaxFactory.IdentifierName(Mount)))
            .Concat([SyntaxFactory.IdentifierName(Mount), SyntaxFactory.ParseExpression("Namespaces." + Mount)]);
        return candidates.FirstOrDefault(IsMount) ?? SyntaxFactory.ParseExpression("global::NsGen.Namespaces." + Mount);

        bool IsMount(ExpressionSyntax candidate) =>
            model.GetSpeculativeSymbolInfo(namespaces.SpanStart, candidate, SpeculativeBindingOption.BindAsExpression).Symbol
                is IFieldSymbol { IsConst: true, ContainingType: { Name: "Namespaces", ContainingNamespace.Name: "NsGen" } };
    }
}
