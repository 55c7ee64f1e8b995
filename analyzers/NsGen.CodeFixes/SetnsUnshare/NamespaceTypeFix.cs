using System.Composition;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NsGen.Analyzers;
using NsGen.Analyzers.CloneFlags;
using NsGen.Analyzers.SetnsUnshare;
using NsGen.CodeFixes.CloneFlags;

namespace NsGen.CodeFixes.SetnsUnshare;

/// <summary>NSG205, NSG206: passes the type of the namespace that the descriptor was opened on.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class NamespaceTypeFix : RuleFix
{
    /// <summary>Creates the fixer.</summary>
    public NamespaceTypeFix()
        : base(RuleIds.NamespaceTypeMismatch, RuleIds.AnyNamespaceType)
    {
    }

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SemanticModel? model = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (model is null
            || root?.FindNode(context.Span, getInnermostNodeForTie: true) is not ExpressionSyntax nstype
            || !context.Diagnostics[0].Properties.TryGetValue(NamespaceTypeMismatchAnalyzer.TypeProperty, out string? name)
            || name is null
            || CloneFlagNames.ValueOf(name) is not { } value)
        {
            return;
        }

        ExpressionSyntax right = FlagExpressions.Name(nstype, model, name, value);
        right = right
            .WithLeadingTrivia(nstype.GetLeadingTrivia())
            .WithTrailingTrivia(right.GetTrailingTrivia().AddRange(nstype.GetTrailingTrivia()));
        Offer(
            context,
            string.Format(CultureInfo.InvariantCulture, "Pass {0}", name),
            nameof(NamespaceTypeFix),
            _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(nstype, right))));
    }
}
