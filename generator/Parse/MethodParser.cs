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
        string? reason = FindProblem(method, declaration, attribute);
        if (reason is not null)
        {
            return new InvalidCall(reason);
        }

        if (attribute.IsThread)
        {
            return new InvalidCall("It asks for thread mode, which this generator does not write.");
        }

        return attribute.Exec is null
            ? new BodyParser(method, id, attribute, context.SemanticModel.Compilation).Parse()
            : ProgramParser.Parse(method, attribute);
    }

    /// <summary>What is wrong with the declaration whatever it runs.</summary>
    private static string? FindProblem(IMethodSymbol method, MethodDeclarationSyntax declaration, AttributeParser attribute)
    {
        (Launcher launcher, _) = Results.OfLauncher(method);
        if (!method.IsStatic)
        {
            return "It must be static: the object it is called on stays in this process.";
        }

        if (method.IsGenericMethod)
        {
            return "It must not be generic: the other process cannot know its type arguments.";
        }

        if (ContainerParser.IsGeneric(method.ContainingType))
        {
            return "It must not be declared in a generic type: the other process cannot know its type arguments.";
        }

        if (method.RefKind != RefKind.None)
        {
            return "It must not return by reference: a reference into another process means nothing.";
        }

        if (attribute.UnknownBits != 0)
        {
            return $"Its namespaces have bits that are no namespace: 0x{attribute.UnknownBits.ToString("x", System.Globalization.CultureInfo.InvariantCulture)}.";
        }

        if (attribute is { Exec: not null, Body: not null })
        {
            return "It names both a body and a program: remove Body or Exec.";
        }

        if (launcher == Launcher.Awaits && declaration.Modifiers.Any(SyntaxKind.UnsafeKeyword))
        {
            return "It returns a task, and an unsafe method cannot await: remove unsafe."; // CS4004
        }

        return method.Parameters.Select(parameter => FindProblem(parameter, launcher)).FirstOrDefault(static problem => problem is not null)
            ?? Twice(method, IsCancellationToken, "CancellationToken")
            ?? Twice(method, IsOptions, "IsolationOptions");
    }

    private static string? FindProblem(IParameterSymbol parameter, Launcher launcher) => parameter.RefKind switch
    {
        RefKind.None => null,
        RefKind.In when launcher != Launcher.Awaits => null, // read once, then carried by value
        RefKind.In => $"Its parameter '{parameter.Name}' is passed by reference, which a method that returns a task cannot have: remove in.", // CS1988
        _ => $"Its parameter '{parameter.Name}' is passed by reference, and a reference into another process means nothing: pass it by value.",
    };

    private static string? Twice(IMethodSymbol method, Func<IParameterSymbol, bool> isSpecial, string type)
        => method.Parameters.Count(isSpecial) > 1 ? $"It has more than one parameter of type {type}: keep one." : null;

    public static bool IsCancellationToken(IParameterSymbol parameter)
        => parameter.Type is INamedTypeSymbol { Name: "CancellationToken" } type
            && type.ContainingNamespace.ToDisplayString() == "System.Threading";

    public static bool IsOptions(IParameterSymbol parameter)
        => parameter.Type is INamedTypeSymbol { Name: "IsolationOptions", ContainingNamespace: { Name: "NsGen", ContainingNamespace.IsGlobalNamespace: true } };

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
