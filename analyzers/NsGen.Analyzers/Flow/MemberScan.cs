using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace NsGen.Analyzers.Flow;

/// <summary>
/// What other members of the program do: those that a body calls, and those that call it. Asked only where a rule is about to report, and
/// only to find a reason for silence; so members are found by name, which finds too many rather than too few.
/// </summary>
internal sealed class MemberScan(Compilation compilation, CancellationToken cancellationToken)
{
    private const int MaxCalls = 4;

    /// <summary>Whether the body of <paramref name="method"/>, or one it calls, contains such a call.</summary>
    public bool BodyDoes(IMethodSymbol method, Func<IInvocationOperation, bool> does) =>
        BodyDoes(method, does, new(SymbolEqualityComparer.Default), MaxCalls);

    /// <summary>Whether <paramref name="node"/>, or a method it calls, contains such a call; what is inside <paramref name="except"/> is left out.</summary>
    public bool Does(SyntaxNode node, Func<IInvocationOperation, bool> does, SyntaxNode? except = null) =>
        Does(node, does, except, new(SymbolEqualityComparer.Default), MaxCalls);

    /// <summary>Places that name the member, and places that name the members these are in, and so on.</summary>
    public IEnumerable<(SimpleNameSyntax Name, SyntaxNode Member)> Referrers(string name)
    {
        HashSet<string> seen = [name];
        HashSet<string> names = [name];
        for (int depth = 0; depth < MaxCalls && names.Count > 0; depth++)
        {
            HashSet<string> next = [];
            foreach (SyntaxTree tree in compilation.SyntaxTrees)
            {
                cancellationToken.ThrowIfCancellationRequested();
                foreach (SyntaxNode node in tree.GetRoot(cancellationToken).DescendantNodes())
                {
                    if (node is SimpleNameSyntax reference
                        && names.Contains(reference.Identifier.ValueText)
                        && MemberOf(reference) is { } member)
                    {
                        yield return (reference, member);
                        if (NameOf(member) is { } memberName && seen.Add(memberName))
                        {
                            next.Add(memberName);
                        }
                    }
                }
            }

            names = next;
        }
    }

    /// <summary>The member a node is in; top-level statements are one member.</summary>
    public static SyntaxNode? MemberOf(SyntaxNode node)
    {
        foreach (SyntaxNode ancestor in node.Ancestors())
        {
            switch (ancestor)
            {
                case GlobalStatementSyntax:
                    return ancestor.Parent;
                case BaseTypeDeclarationSyntax:
                    return null;
                case MemberDeclarationSyntax:
                    return ancestor;
            }
        }

        return null;
    }

    public static string? NameOf(SyntaxNode member) => member switch
    {
        MethodDeclarationSyntax method => method.Identifier.ValueText,
        ConstructorDeclarationSyntax constructor => constructor.Identifier.ValueText,
        PropertyDeclarationSyntax property => property.Identifier.ValueText,
        _ => null,
    };

    private bool BodyDoes(IMethodSymbol method, Func<IInvocationOperation, bool> does, HashSet<ISymbol> seen, int depth)
    {
        if (depth == 0 || !seen.Add(method.OriginalDefinition))
        {
            return false;
        }

        foreach (SyntaxReference reference in (method.PartialImplementationPart ?? method).OriginalDefinition.DeclaringSyntaxReferences)
        {
            if (Does(reference.GetSyntax(cancellationToken), does, null, seen, depth))
            {
                return true;
            }
        }

        return false;
    }

    private bool Does(SyntaxNode node, Func<IInvocationOperation, bool> does, SyntaxNode? except, HashSet<ISymbol> seen, int depth)
    {
        SemanticModel? model = null;
        foreach (SyntaxNode part in node.DescendantNodesAndSelf(n => n != except))
        {
            if (part is InvocationExpressionSyntax)
            {
                model ??= compilation.GetSemanticModel(node.SyntaxTree);
                if (model.GetOperation(part, cancellationToken) is IInvocationOperation invocation
                    && (does(invocation) || BodyDoes(invocation.TargetMethod, does, seen, depth - 1)))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
