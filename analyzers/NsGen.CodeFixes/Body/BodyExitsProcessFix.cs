using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NsGen.Analyzers;

namespace NsGen.CodeFixes.Body;

/// <summary>
/// NSG307: returns. Only from a body without a result, and only where the program was to end in success: a failure has to be thrown, and
/// what, only the program's author knows.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class BodyExitsProcessFix : RuleFix
{
    /// <summary>Creates the fixer.</summary>
    public BodyExitsProcessFix()
        : base(RuleIds.BodyExitsProcess)
    {
    }

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SemanticModel? model = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (model is not null
            && root?.FindNode(context.Span, getInnermostNodeForTie: true) is InvocationExpressionSyntax
            {
                Parent: ExpressionStatementSyntax statement, ArgumentList.Arguments: [{ Expression: { } code }],
            }
            && model.GetConstantValue(code, context.CancellationToken) is { HasValue: true, Value: 0 }
            && MayReturn(statement, model, context.CancellationToken))
        {
            StatementSyntax leave = SyntaxFactory.ReturnStatement().WithTriviaFrom(statement);
            Offer(
                context,
                "Return",
                nameof(BodyExitsProcessFix),
                _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(statement, leave))));
        }
    }

    // Neither from a lambda or local function, which would return to the body, nor out of a finally block (CS0157).
    private static bool MayReturn(ExpressionStatementSyntax statement, SemanticModel model, CancellationToken cancellationToken) =>
        statement.Ancestors().FirstOrDefault(static node =>
            node is MethodDeclarationSyntax or LocalFunctionStatementSyntax or AnonymousFunctionExpressionSyntax or FinallyClauseSyntax)
            is MethodDeclarationSyntax method
        && model.GetDeclaredSymbol(method, cancellationToken) is { } body
        && (body.ReturnsVoid || (body.IsAsync && body.ReturnType is INamedTypeSymbol { IsGenericType: false }));
}
