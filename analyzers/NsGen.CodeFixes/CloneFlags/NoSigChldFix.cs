using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NsGen.Analyzers;
using NsGen.Analyzers.CloneFlags;
using NsGen.Analyzers.RawCalls;

namespace NsGen.CodeFixes.CloneFlags;

/// <summary>NSG105: adds SIGCHLD to flags that have no exit signal. Another signal cannot be turned into SIGCHLD by adding bits.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class NoSigChldFix : RuleFix
{
    /// <summary>Creates the fixer.</summary>
    public NoSigChldFix()
        : base(RuleIds.NoSigChld)
    {
    }

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SemanticModel? model = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (model is not null
            && context.Diagnostics[0].Properties.ContainsKey(NoSigChldAnalyzer.NoSignalProperty)
            && root?.FindNode(context.Span, getInnermostNodeForTie: true) is ExpressionSyntax flags)
        {
            Offer(
                context,
                "Add SIGCHLD",
                nameof(NoSigChldFix),
                _ => Task.FromResult(context.Document.WithSyntaxRoot(
                    root.ReplaceNode(flags, FlagExpressions.Add(flags, flags, model, "SIGCHLD", LibCConstants.SigChld)))));
        }
    }
}
