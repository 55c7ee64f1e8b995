using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NsGen.Analyzers;

namespace NsGen.CodeFixes.Declaration;

/// <summary>NSG006: removes Mode, so that the body runs in a process.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class ProcessModeFix : RuleFix
{
    /// <summary>Creates the fixer.</summary>
    public ProcessModeFix()
        : base(RuleIds.NamespaceNeedsProcess)
    {
    }

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (root?.FindToken(context.Span.Start).Parent?.FirstAncestorOrSelf<AttributeArgumentSyntax>() is { Parent: AttributeArgumentListSyntax } mode)
        {
            Offer(
                context,
                "Run it in a process: remove Mode",
                nameof(ProcessModeFix),
                _ => Task.FromResult(context.Document.WithSyntaxRoot(root.RemoveNode(mode, SyntaxRemoveOptions.KeepNoTrivia)!)));
        }
    }
}
