using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;
using NsGen.Analyzers;
using NsGen.Analyzers.CloneFlags;

namespace NsGen.CodeFixes.CloneFlags;

/// <summary>NSG106: throws the errno if the result is -1.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class ResultIgnoredFix : RuleFix
{
    /// <summary>Creates the fixer.</summary>
    public ResultIgnoredFix()
        : base(RuleIds.ResultIgnored)
    {
    }

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SemanticModel? model = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (model is null
            || root?.FindNode(context.Span, getInnermostNodeForTie: true) is not InvocationExpressionSyntax call
            || !CanBeMinusOne(model.GetTypeInfo(call).Type))
        {
            return;
        }

        bool setsLastError = context.Diagnostics[0].Properties.ContainsKey(ResultIgnoredAnalyzer.SetsLastErrorProperty);
        if (Edit(root, call, setsLastError) is { } edited)
        {
            Offer(context, "Throw if it is -1", nameof(ResultIgnoredFix), _ => Task.FromResult(context.Document.WithSyntaxRoot(edited)));
        }
    }

    internal static bool CanBeMinusOne(ITypeSymbol? type) =>
        type?.SpecialType is SpecialType.System_Int32 or SpecialType.System_Int64 or SpecialType.System_IntPtr or SpecialType.System_Int16;

    private static SyntaxNode? Edit(SyntaxNode root, InvocationExpressionSyntax call, bool setsLastError)
    {
        string eol = EndOfLine(root);
        switch (call.Parent)
        {
            case ExpressionStatementSyntax statement:
                return root.ReplaceNode(statement, SetApart(Check(call, setsLastError, eol).WithTriviaFrom(statement), statement, eol));

            case ArrowExpressionClauseSyntax { Parent: MethodDeclarationSyntax method } when ReturnsVoid(method.ReturnType):
                return root.ReplaceNode(
                    method,
                    method.WithExpressionBody(null)
                        .WithSemicolonToken(default)
                        .WithParameterList(method.ParameterList.WithTrailingTrivia())
                        .WithBody(Body(call, setsLastError, eol, method.SemicolonToken))
                        .WithAdditionalAnnotations(Formatter.Annotation));

            case ArrowExpressionClauseSyntax { Parent: LocalFunctionStatementSyntax function } when ReturnsVoid(function.ReturnType):
                return root.ReplaceNode(
                    function,
                    function.WithExpressionBody(null)
                        .WithSemicolonToken(default)
                        .WithParameterList(function.ParameterList.WithTrailingTrivia())
                        .WithBody(Body(call, setsLastError, eol, function.SemicolonToken))
                        .WithAdditionalAnnotations(Formatter.Annotation));

            // The analyzer reports a lambda's body only where the lambda returns nothing.
            case LambdaExpressionSyntax lambda when lambda.ExpressionBody == call:
                return root.ReplaceNode(
                    lambda,
                    lambda.WithExpressionBody(null)
                        .WithArrowToken(lambda.ArrowToken.WithTrailingTrivia())
                        .WithBlock(Body(call, setsLastError, eol))
                        .WithAdditionalAnnotations(Formatter.Annotation));

            // int result = unshare(flags);
            case EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Parent: LocalDeclarationStatementSyntax { Parent: BlockSyntax or SwitchSectionSyntax or GlobalStatementSyntax } declaration } } variable }:
                return InsertAfter(root, declaration, SetApart(Check(SyntaxFactory.IdentifierName(variable.Identifier.WithoutTrivia()), setsLastError, eol), declaration, eol));

            // result = unshare(flags);
            case AssignmentExpressionSyntax { Left: IdentifierNameSyntax target, Parent: ExpressionStatementSyntax { Parent: BlockSyntax or SwitchSectionSyntax or GlobalStatementSyntax } assignment }:
                return InsertAfter(root, assignment, SetApart(Check(target.WithoutTrivia(), setsLastError, eol), assignment, eol));

            default:
                return null;
        }
    }

    private static SyntaxNode InsertAfter(SyntaxNode root, StatementSyntax statement, StatementSyntax check) =>
        statement.Parent is GlobalStatementSyntax global
            ? root.InsertNodesAfter(global, [SyntaxFactory.GlobalStatement(check)])
            : root.InsertNodesAfter(statement, [check]);

    private static bool ReturnsVoid(TypeSyntax type) => type is PredefinedTypeSyntax predefined && predefined.Keyword.IsKind(SyntaxKind.VoidKeyword);

    private static BlockSyntax Body(ExpressionSyntax call, bool setsLastError, string eol, SyntaxToken end = default) => SyntaxFactory.Block(
        SyntaxFactory.Token(SyntaxKind.OpenBraceToken).WithLeadingTrivia(SyntaxFactory.ElasticEndOfLine(eol)).WithTrailingTrivia(SyntaxFactory.ElasticEndOfLine(eol)),
        SyntaxFactory.SingletonList<StatementSyntax>(Check(call, setsLastError, eol)),
        SyntaxFactory.Token(SyntaxKind.CloseBraceToken).WithTrailingTrivia(end.TrailingTrivia));

    internal static IfStatementSyntax Check(ExpressionSyntax result, bool setsLastError, string eol)
    {
        // Without SetLastError nobody has kept errno; read now, it is most likely still that of the call.
        string errno = setsLastError ? "GetLastPInvokeError" : "GetLastSystemError";
        string[] lines =
        [
            $"if ({result.WithoutTrivia()} == -1)",
            "{",
            $"    throw new global::System.ComponentModel.Win32Exception(global::System.Runtime.InteropServices.Marshal.{errno}());",
            "}",
            "",
        ];
        var check = (IfStatementSyntax)SyntaxFactory.ParseStatement(string.Join(eol, lines));
        return check
            .ReplaceNodes(
                check.Statement.DescendantNodes().Where(static n => n is NameSyntax or MemberAccessExpressionSyntax),
                static (_, node) => node.WithAdditionalAnnotations(Simplifier.Annotation))
            .WithAdditionalAnnotations(Formatter.Annotation);
    }

    /// <summary>A check stands apart from what follows, as any block does.</summary>
    private static IfStatementSyntax SetApart(IfStatementSyntax check, StatementSyntax statement, string eol)
    {
        SyntaxToken next = statement.GetLastToken().GetNextToken();
        bool last = next.IsKind(SyntaxKind.CloseBraceToken) || next.IsKind(SyntaxKind.EndOfFileToken);
        bool apart = next.LeadingTrivia.Any(static t => t.IsKind(SyntaxKind.EndOfLineTrivia));
        return last || apart ? check : check.WithTrailingTrivia(check.GetTrailingTrivia().Add(SyntaxFactory.EndOfLine(eol)));
    }

    internal static string EndOfLine(SyntaxNode root)
    {
        foreach (SyntaxTrivia trivia in root.DescendantTrivia())
        {
            if (trivia.IsKind(SyntaxKind.EndOfLineTrivia))
            {
                return trivia.ToString();
            }
        }

        return "\n";
    }
}
