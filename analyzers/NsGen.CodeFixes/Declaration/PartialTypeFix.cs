using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NsGen.Analyzers;

namespace NsGen.CodeFixes.Declaration;

/// <summary>NSG002: makes the type partial. Each level around an isolated method is reported, and fixed, by itself.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class PartialTypeFix : RuleFix
{
    /// <summary>Creates the fixer.</summary>
    public PartialTypeFix()
        : base(RuleIds.ContainingTypeNotPartial)
    {
    }

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (root?.FindToken(context.Span.Start).Parent is TypeDeclarationSyntax type
            && !type.Modifiers.Any(static token => token.Kind() is SyntaxKind.PartialKeyword or SyntaxKind.FileKeyword))
        {
            Offer(
                context,
                "Make it partial",
                nameof(PartialTypeFix),
                _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(type, AddPartial(type)))));
        }
    }

    private static TypeDeclarationSyntax AddPartial(TypeDeclarationSyntax type)
    {
        SyntaxToken partial = SyntaxFactory.Token(SyntaxKind.PartialKeyword).WithTrailingTrivia(SyntaxFactory.Space);
        if (type.Modifiers.Count == 0)
        {
            partial = partial.WithLeadingTrivia(type.Keyword.LeadingTrivia);
            type = type.WithKeyword(type.Keyword.WithLeadingTrivia());
        }

        return (TypeDeclarationSyntax)type.WithModifiers(type.Modifiers.Add(partial));
    }
}
