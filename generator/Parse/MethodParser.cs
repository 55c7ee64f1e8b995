using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NsGen.Generator.Model;

namespace NsGen.Generator.Parse;

/// <summary>Reads a declaration into a model. Symbols and syntax end here.</summary>
internal static class MethodParser
{
    /// <summary>The model, or null where C# allows no implementing part, so that the compiler itself reports the declaration.</summary>
    public static MethodModel? Parse(GeneratorAttributeSyntaxContext context, CancellationToken cancellationToken)
    {
        if (context.TargetSymbol is not IMethodSymbol { IsPartialDefinition: true, PartialImplementationPart: null } method
            || context.TargetNode is not MethodDeclarationSyntax declaration
            || LacksAccessModifier(method, declaration)
            || !ContainerParser.AllowsAnotherPart(declaration, method.ContainingType))
        {
            return null;
        }

        string id = SignatureParser.Id(method);
        CallModel call = ParseCall(method, declaration, id, context, cancellationToken);
        return new MethodModel(
            method.ContainingAssembly.Name,
            id,
            ContainerParser.Parse(method, (call as BodyCall)?.ChildSide, NeedsUnsafe(method, declaration)),
            SignatureParser.Parse(method, declaration),
            call);
    }

    /// <summary>Whether C# refuses both parts of the method for want of an access modifier (CS8796, CS8797).</summary>
    private static bool LacksAccessModifier(IMethodSymbol method, MethodDeclarationSyntax declaration)
        => (!method.ReturnsVoid || method.Parameters.Any(static parameter => parameter.RefKind == RefKind.Out))
            && !declaration.Modifiers.Any(static token => token.Kind()
                is SyntaxKind.PublicKeyword or SyntaxKind.InternalKeyword or SyntaxKind.ProtectedKeyword or SyntaxKind.PrivateKeyword);

    private static CallModel ParseCall(
        IMethodSymbol method, MethodDeclarationSyntax declaration, string id, GeneratorAttributeSyntaxContext context, CancellationToken cancellationToken)
    {
        var attribute = new AttributeParser(context.Attributes[0], cancellationToken);
        Compilation compilation = context.SemanticModel.Compilation;
        if (DeclarationChecks.Find(method, declaration, attribute, compilation).FirstOrDefault() is { } problem)
        {
            return new InvalidCall(problem.Reason);
        }

        if (attribute.IsThread)
        {
            return ThreadParser.Parse(method, attribute, compilation);
        }

        return attribute.Exec is null
            ? new BodyParser(method, id, attribute, compilation).Parse()
            : ProgramParser.Parse(method, attribute);
    }

    public static bool IsCancellationToken(IParameterSymbol parameter)
        => parameter.Type is INamedTypeSymbol { Name: "CancellationToken" } type
            && type.ContainingNamespace.ToDisplayString() == "System.Threading";

    public static bool IsOptions(IParameterSymbol parameter)
        => parameter.Type is INamedTypeSymbol { Name: "IsolationOptions", ContainingNamespace: { Name: "NsGen", ContainingNamespace.IsGlobalNamespace: true } };

    public static bool IsTarget(IParameterSymbol parameter)
        => parameter.Type is INamedTypeSymbol { Name: "NamespaceTarget", ContainingNamespace: { Name: "NsGen", ContainingNamespace.IsGlobalNamespace: true } };

    /// <summary>Whether the parameter is for the launch alone: no body takes it.</summary>
    public static bool IsForLaunch(IParameterSymbol parameter) => IsOptions(parameter) || IsTarget(parameter);

    /// <summary>Whether a pointer in the signature needs an unsafe context that the method itself does not open.</summary>
    private static bool NeedsUnsafe(IMethodSymbol method, MethodDeclarationSyntax declaration)
        => !declaration.Modifiers.Any(SyntaxKind.UnsafeKeyword)
            && method.Parameters.Select(static parameter => parameter.Type).Append(method.ReturnType).Any(HasPointer);

    private static bool HasPointer(ITypeSymbol type) => type switch
    {
        IPointerTypeSymbol or IFunctionPointerTypeSymbol => true,
        IArrayTypeSymbol array => HasPointer(array.ElementType),
        INamedTypeSymbol named => named.TypeArguments.Any(HasPointer),
        _ => false,
    };
}
