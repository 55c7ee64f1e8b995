using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using NsGen.CodeFixes.CloneFlags;

namespace NsGen.CodeFixes.SetnsUnshare;

/// <summary>Puts a call, whose failure throws, before the statement that makes another.</summary>
internal static class StatementBefore
{
    /// <summary>The statement before which another can stand; null where there is no room, as in an expression body.</summary>
    public static StatementSyntax? Of(ExpressionSyntax call)
    {
        foreach (SyntaxNode ancestor in call.Ancestors())
        {
            switch (ancestor)
            {
                case AnonymousFunctionExpressionSyntax or ArrowExpressionClauseSyntax or MemberDeclarationSyntax:
                    return null;
                case StatementSyntax statement:
                    return statement.Parent is BlockSyntax or SwitchSectionSyntax or GlobalStatementSyntax ? statement : null;
            }
        }

        return null;
    }

    /// <summary>
    /// The statement that makes <paramref name="call"/> and throws if it fails. Where the program says <c>Check(setns(…));</c>, so does
    /// the new statement.
    /// </summary>
    public static StatementSyntax Throwing(StatementSyntax existing, ExpressionSyntax existingCall, ExpressionSyntax call, bool setsLastError, string eol) =>
        existing is ExpressionStatementSyntax { Expression: InvocationExpressionSyntax { ArgumentList.Arguments: { Count: 1 } only } } && only[0].Expression == existingCall
            ? existing.ReplaceNode(existingCall, call.WithoutTrivia()).WithoutTrivia().WithTrailingTrivia(SyntaxFactory.EndOfLine(eol))
            : ResultIgnoredFix.Check(call, setsLastError, eol);

    public static SyntaxNode Insert(SyntaxNode root, StatementSyntax statement, StatementSyntax before, string eol)
    {
        // The blank lines above go to the new first statement, comments stay with their own.
        SyntaxTriviaList leading = statement.GetLeadingTrivia();
        SyntaxTrivia[] blank = [.. leading.TakeWhile(static t => t.IsKind(SyntaxKind.EndOfLineTrivia))];
        SyntaxTrivia[] indent = [.. leading.Reverse().TakeWhile(static t => t.IsKind(SyntaxKind.WhitespaceTrivia))];
        SyntaxTriviaList trailing = before.GetLastToken().IsKind(SyntaxKind.CloseBraceToken)
            ? SyntaxFactory.TriviaList(SyntaxFactory.EndOfLine(eol), SyntaxFactory.EndOfLine(eol))
            : SyntaxFactory.TriviaList(SyntaxFactory.EndOfLine(eol));
        StatementSyntax first = before
            .WithLeadingTrivia(blank.Concat(indent))
            .WithTrailingTrivia(trailing)
            .WithAdditionalAnnotations(Formatter.Annotation);
        StatementSyntax second = statement.WithLeadingTrivia(leading.Skip(blank.Length));
        return statement.Parent is GlobalStatementSyntax global
            ? root.ReplaceNode(global, [SyntaxFactory.GlobalStatement(first), global.WithStatement(second)])
            : root.ReplaceNode(statement, [first, second]);
    }

    /// <summary><paramref name="method"/> as the program would name it beside a call of its neighbour.</summary>
    public static ExpressionSyntax NameOf(IMethodSymbol method, InvocationExpressionSyntax neighbour, IMethodSymbol neighbourMethod, SemanticModel model)
    {
        if (neighbour.Expression is MemberAccessExpressionSyntax access
            && SymbolEqualityComparer.Default.Equals(method.ContainingType, neighbourMethod.ContainingType))
        {
            return access.WithName(SyntaxFactory.IdentifierName(method.Name)).WithoutTrivia();
        }

        return model.LookupSymbols(neighbour.SpanStart, name: method.Name).Contains(method, SymbolEqualityComparer.Default)
            ? SyntaxFactory.IdentifierName(method.Name)
            : SyntaxFactory.ParseExpression(
                method.ContainingType.ToMinimalDisplayString(model, neighbour.SpanStart) + "." + method.Name);
    }
}
