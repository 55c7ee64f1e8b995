using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NsGen.Analyzers;
using NsGen.Analyzers.RawCalls;
using NsGen.CodeFixes.CloneFlags;
using NsGen.Launch;

namespace NsGen.CodeFixes.SetnsUnshare;

/// <summary>NSG203: inserts unshare(CLONE_FS), by the unshare that the program already declares.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class SharedFsBeforeSetnsFix : RuleFix
{
    /// <summary>Creates the fixer.</summary>
    public SharedFsBeforeSetnsFix()
        : base(RuleIds.SharedFsBeforeSetns)
    {
    }

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SemanticModel? model = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (model is null
            || root?.FindNode(context.Span, getInnermostNodeForTie: true) is not InvocationExpressionSyntax setns
            || model.GetSymbolInfo(setns, context.CancellationToken).Symbol is not IMethodSymbol method
            || StatementBefore.Of(setns) is not { } statement
            || RawCallReader.TryGet(model.Compilation, context.Document.Project.AnalyzerOptions, context.CancellationToken) is not { } reader
            || FindUnshare(setns, method, model, reader) is not { } unshare)
        {
            return;
        }

        string eol = ResultIgnoredFix.EndOfLine(root);
        ExpressionSyntax flags = FlagExpressions.Name(
            unshare.Parameters[0].Type, unshare.ContainingType, setns.SpanStart, model, "CLONE_FS", CloneFlagRules.Fs);
        ExpressionSyntax call = SyntaxFactory.InvocationExpression(
            StatementBefore.NameOf(unshare, setns, method, model),
            SyntaxFactory.ArgumentList(SyntaxFactory.SingletonSeparatedList(SyntaxFactory.Argument(flags))));
        bool setsLastError = reader.GetDirectCallee(unshare)!.SetsLastError;
        StatementSyntax inserted = StatementBefore.Throwing(statement, setns, call, setsLastError, eol);
        Offer(
            context,
            "Call unshare(CLONE_FS) first",
            nameof(SharedFsBeforeSetnsFix),
            _ => Task.FromResult(context.Document.WithSyntaxRoot(StatementBefore.Insert(root, statement, inserted, eol))));
    }

    /// <summary>Beside setns, or in scope; null if the program declares none.</summary>
    private static IMethodSymbol? FindUnshare(InvocationExpressionSyntax setns, IMethodSymbol method, SemanticModel model, RawCallReader reader) =>
        method.ContainingType.GetMembers()
            .Concat(model.LookupSymbols(setns.SpanStart))
            .OfType<IMethodSymbol>()
            .FirstOrDefault(m =>
                m is { IsStatic: true, Parameters.Length: 1 }
                && m.Parameters[0].RefKind == RefKind.None
                && reader.GetDirectCallee(m)?.Function == RawFunction.Unshare
                && ResultIgnoredFix.CanBeMinusOne(m.ReturnType)
                && model.IsAccessible(setns.SpanStart, m));
}
