using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NsGen.Generator.Model;

namespace NsGen.Generator.Parse;

/// <summary>Reads what the implementing part must repeat of the defining one.</summary>
internal static class SignatureParser
{
    public static SignatureModel Parse(IMethodSymbol method, MethodDeclarationSyntax declaration) => new(
        Modifiers(declaration.Modifiers.Where(static token => !token.IsKind(SyntaxKind.PartialKeyword))),
        RefKeyword(method) + Names.Full(method.ReturnType),
        Names.Escape(method.Name) + TypeParameters(method.TypeParameters),
        method.Parameters.Zip(declaration.ParameterList.Parameters, Parameter).ToEquatableArray(),
        Constraints(method, declaration),
        HasDocumentation(declaration));

    /// <summary>
    /// The method's name among all of its assembly, by which a child finds the body: <c>Ns.Demo.Greet(string, int)</c>. Nested types need
    /// no sign of their own: C# lets no namespace and type share a full name.
    /// </summary>
    public static string Id(IMethodSymbol method)
    {
        var id = new StringBuilder(Names.Plain(method.ContainingType)).Append('.').Append(method.Name);
        if (method.IsGenericMethod)
        {
            id.Append('<').Append(string.Join(", ", method.TypeParameters.Select(static parameter => parameter.Name))).Append('>');
        }

        IEnumerable<string> types = method.Parameters
            .Select(static parameter => RefKeyword(parameter.RefKind) + Names.Plain(parameter.Type));
        return id.Append('(').Append(string.Join(", ", types)).Append(')').ToString();
    }

    public static string TypeParameters(IEnumerable<ITypeParameterSymbol> parameters)
    {
        string list = string.Join(", ", parameters.Select(static parameter => parameter.Variance switch
        {
            VarianceKind.In => "in ",
            VarianceKind.Out => "out ",
            _ => "",
        } + Names.EscapeDeclared(parameter.Name)));
        return list.Length == 0 ? "" : $"<{list}>";
    }

    // Default values are left out: on an implementing part they have no effect, and the compiler warns (CS1066).
    private static ParameterModel Parameter(IParameterSymbol parameter, ParameterSyntax declaration)
        => new(Modifiers(declaration.Modifiers), Names.Full(parameter.Type), Names.Escape(parameter.Name));

    private static string Modifiers(IEnumerable<SyntaxToken> tokens) => string.Join(" ", tokens.Select(static token => token.Text));

    private static string RefKeyword(IMethodSymbol method) => method.RefKind switch
    {
        RefKind.Ref => "ref ",
        RefKind.RefReadOnly => "ref readonly ",
        _ => "",
    };

    private static string RefKeyword(RefKind kind) => kind switch
    {
        RefKind.None => "",
        RefKind.Out => "out ",
        RefKind.In => "in ",
        _ => "ref ",
    };

    /// <summary>The two parts of a generic method must agree on them (CS0761).</summary>
    private static EquatableArray<string> Constraints(IMethodSymbol method, MethodDeclarationSyntax declaration)
        => method.TypeParameters
            .Select(parameter => (Name: Names.Escape(parameter.Name), Terms: ConstraintTerms(parameter, declaration)))
            .Where(static clause => clause.Terms.Length > 0)
            .Select(static clause => $"where {clause.Name} : {clause.Terms}")
            .ToEquatableArray();

    private static string ConstraintTerms(ITypeParameterSymbol parameter, MethodDeclarationSyntax declaration)
    {
        var terms = new List<string>();
        if (parameter.HasReferenceTypeConstraint)
        {
            terms.Add(parameter.ReferenceTypeConstraintNullableAnnotation == NullableAnnotation.Annotated ? "class?" : "class");
        }
        else if (parameter.HasUnmanagedTypeConstraint)
        {
            terms.Add("unmanaged");
        }
        else if (parameter.HasValueTypeConstraint)
        {
            terms.Add("struct");
        }
        else if (parameter.HasNotNullConstraint)
        {
            terms.Add("notnull");
        }

        terms.AddRange(parameter.ConstraintTypes.Select(Names.Full));
        if (parameter.HasConstructorConstraint)
        {
            terms.Add("new()");
        }

        // Younger than the API this is built against.
        if (declaration.ConstraintClauses.Any(clause =>
            clause.Name.Identifier.ValueText == parameter.Name && clause.ToString().Contains("allows ref struct")))
        {
            terms.Add("allows ref struct");
        }

        return string.Join(", ", terms);
    }

    // By the text: where the build makes no documentation the comments are not parsed.
    private static bool HasDocumentation(MethodDeclarationSyntax declaration)
        => declaration.GetLeadingTrivia().Any(static trivia =>
            trivia.ToFullString() is var text
                && (text.StartsWith("///", StringComparison.Ordinal) || text.StartsWith("/**", StringComparison.Ordinal)
                    || trivia.HasStructure && trivia.GetStructure() is DocumentationCommentTriviaSyntax));
}
