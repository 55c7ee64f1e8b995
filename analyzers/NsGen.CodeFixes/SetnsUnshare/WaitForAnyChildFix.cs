using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using NsGen.Analyzers;
using NsGen.Analyzers.Flow;
using NsGen.Analyzers.RawCalls;

namespace NsGen.CodeFixes.SetnsUnshare;

/// <summary>NSG208: waits for the child that the same body has made, if it is only one.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class WaitForAnyChildFix : RuleFix
{
    /// <summary>Creates the fixer.</summary>
    public WaitForAnyChildFix()
        : base(RuleIds.WaitForAnyChild)
    {
    }

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SemanticModel? model = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (model is null
            || root?.FindNode(context.Span, getInnermostNodeForTie: true) is not ExpressionSyntax { Parent: ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax wait } } pid
            || RawCallReader.TryGet(model.Compilation, context.Document.Project.AnalyzerOptions, context.CancellationToken) is not { } reader
            || model.GetOperation(wait, context.CancellationToken) is not IInvocationOperation invocation
            || !reader.TryRead(invocation, out RawCall call)
            || call.Function == RawFunction.Waitid
            || FindChild(invocation, pid, model, reader) is not { } child)
        {
            return;
        }

        ExpressionSyntax replacement = SyntaxFactory.IdentifierName(child.Name).WithTriviaFrom(pid);
        Offer(
            context,
            $"Wait for '{child.Name}'",
            nameof(WaitForAnyChildFix),
            _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(pid, replacement))));
    }

    /// <summary>The only local that holds the result of clone or fork, if it can be passed here.</summary>
    private static ILocalSymbol? FindChild(IInvocationOperation wait, ExpressionSyntax pid, SemanticModel model, RawCallReader reader)
    {
        ILocalSymbol? child = null;
        foreach (IOperation operation in wait.Root().Descendants())
        {
            if (operation is not IInvocationOperation made
                || !reader.TryRead(made, out RawCall call)
                || (call.Function != RawFunction.Clone && call.Function != RawFunction.Clone3 && call.Function != RawFunction.Fork && call.Function != RawFunction.Vfork))
            {
                continue;
            }

            if (child is not null || FailureTest.LocalOf(made) is not { } local || made.Syntax.SpanStart > pid.SpanStart)
            {
                return null;
            }

            child = local;
        }

        ITypeSymbol? type = wait.Arguments.FirstOrDefault(a => a.Value.Syntax == pid)?.Parameter?.Type;
        return child is not null
            && type is not null
            && model.LookupSymbols(pid.SpanStart, name: child.Name).Contains(child, SymbolEqualityComparer.Default)
            && ((CSharpCompilation)model.Compilation).ClassifyConversion(child.Type, type).IsImplicit
                ? child
                : null;
    }
}
