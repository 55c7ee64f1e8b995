using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NsGen.Analyzers.Body;

/// <summary>
/// Finds an assignment of a static member that a new process does not repeat: neither in an initialiser nor in a static constructor or a
/// module initialiser. Looks by name only, and only into the files of the member's type and of the body's.
/// </summary>
internal static class RunTimeAssignments
{
    /// <summary>Name of what assigns, or null.</summary>
    public static string? Find(ISymbol member, IMethodSymbol body, CancellationToken cancellationToken)
    {
        HashSet<SyntaxTree> trees =
        [
            .. member.ContainingType.DeclaringSyntaxReferences.Select(static reference => reference.SyntaxTree),
            .. body.ContainingType.DeclaringSyntaxReferences.Select(static reference => reference.SyntaxTree),
        ];
        foreach (SyntaxTree tree in trees)
        {
            foreach (SyntaxNode node in tree.GetRoot(cancellationToken).DescendantNodes())
            {
                if (node is IdentifierNameSyntax name
                    && name.Identifier.ValueText == member.Name
                    && IsWritten(Whole(name))
                    && Names(name, member)
                    && DeclarationAround(name) is { } declaration
                    && !IsRepeated(declaration)
                    && !IsBody(declaration, body))
                {
                    return NameOf(declaration);
                }
            }
        }

        return null;
    }

    private static ExpressionSyntax Whole(IdentifierNameSyntax name) =>
        name.Parent is MemberAccessExpressionSyntax access && access.Name == name ? access : name;

    private static bool IsWritten(ExpressionSyntax expression) => expression.Parent switch
    {
        // The target in an object initialiser is a member of another object.
        AssignmentExpressionSyntax assignment => assignment.Left == expression && assignment.Parent is not InitializerExpressionSyntax,
        PrefixUnaryExpressionSyntax prefix => prefix.Kind() is SyntaxKind.PreIncrementExpression or SyntaxKind.PreDecrementExpression,
        PostfixUnaryExpressionSyntax postfix => postfix.Kind() is SyntaxKind.PostIncrementExpression or SyntaxKind.PostDecrementExpression,
        ArgumentSyntax { Parent: TupleExpressionSyntax { Parent: AssignmentExpressionSyntax assignment } tuple } => assignment.Left == tuple,
        ArgumentSyntax argument => argument.RefKindKeyword.Kind() is SyntaxKind.RefKeyword or SyntaxKind.OutKeyword,
        _ => false,
    };

    private static bool Names(IdentifierNameSyntax name, ISymbol member)
    {
        string type = member.ContainingType.Name;
        if (Whole(name) is MemberAccessExpressionSyntax access)
        {
            return access.Expression switch
            {
                SimpleNameSyntax qualifier => qualifier.Identifier.ValueText == type,
                MemberAccessExpressionSyntax { Name: var qualifier } => qualifier.Identifier.ValueText == type,
                AliasQualifiedNameSyntax { Name: var qualifier } => qualifier.Identifier.ValueText == type,
                _ => false,
            };
        }

        return name.Ancestors().OfType<BaseTypeDeclarationSyntax>().Any(around => around.Identifier.ValueText == type)
            && DeclarationAround(name) is { } declaration
            && !declaration.DescendantNodes().Any(node => DeclaredName(node) == member.Name);
    }

    /// <summary>Of a local or a parameter, which hides the member.</summary>
    private static string? DeclaredName(SyntaxNode node) => node switch
    {
        ParameterSyntax parameter => parameter.Identifier.ValueText,
        VariableDeclaratorSyntax variable => variable.Identifier.ValueText,
        SingleVariableDesignationSyntax designation => designation.Identifier.ValueText,
        ForEachStatementSyntax loop => loop.Identifier.ValueText,
        _ => null,
    };

    private static MemberDeclarationSyntax? DeclarationAround(SyntaxNode node) =>
        node.FirstAncestorOrSelf<MemberDeclarationSyntax>(static member => member is not BaseTypeDeclarationSyntax);

    private static bool IsRepeated(MemberDeclarationSyntax declaration) => declaration switch
    {
        ConstructorDeclarationSyntax constructor => constructor.Modifiers.Any(SyntaxKind.StaticKeyword),
        MethodDeclarationSyntax method => method.AttributeLists
            .SelectMany(static list => list.Attributes)
            .Any(static attribute => attribute.Name.ToString().Contains("ModuleInitializer")),
        _ => false,
    };

    private static bool IsBody(MemberDeclarationSyntax declaration, IMethodSymbol body) => body.DeclaringSyntaxReferences
        .Any(reference => reference.SyntaxTree == declaration.SyntaxTree && reference.Span == declaration.Span);

    private static string NameOf(MemberDeclarationSyntax declaration) => declaration switch
    {
        MethodDeclarationSyntax method => method.Identifier.ValueText,
        ConstructorDeclarationSyntax constructor => constructor.Identifier.ValueText,
        PropertyDeclarationSyntax property => property.Identifier.ValueText,
        EventDeclarationSyntax @event => @event.Identifier.ValueText,
        GlobalStatementSyntax => "the program",
        _ => "a member",
    };
}
