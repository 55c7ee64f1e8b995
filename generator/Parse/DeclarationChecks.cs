using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NsGen.Generator.Model;

namespace NsGen.Generator.Parse;

/// <summary>
/// Decides whether a declaration is valid. The generator throws the first problem at run time, the analyzers report each while it is
/// typed: this is one source file in both.
/// </summary>
internal static class DeclarationChecks
{
    public static IEnumerable<Problem> Find(
        IMethodSymbol method, MethodDeclarationSyntax declaration, AttributeParser attribute, Compilation compilation)
        => OfMethod(method, declaration, attribute).Concat(attribute.Exec is null
            ? OfBody(method, attribute, compilation)
            : OfProgram(method, attribute.Exec));

    /// <summary>What is wrong with the declaration whatever it runs.</summary>
    private static IEnumerable<Problem> OfMethod(IMethodSymbol method, MethodDeclarationSyntax declaration, AttributeParser attribute)
    {
        (Launcher launcher, _) = Results.OfLauncher(method);
        if (!attribute.IsThread)
        {
            if (!method.IsStatic)
            {
                yield return new(ProblemKind.Shape, "It must be static: the object it is called on stays in this process.");
            }

            if (method.IsGenericMethod)
            {
                yield return new(ProblemKind.Generic, "It must not be generic: the other process cannot know its type arguments.");
            }

            if (ContainerParser.IsGeneric(method.ContainingType))
            {
                yield return new(
                    ProblemKind.Generic, "It must not be declared in a generic type: the other process cannot know its type arguments.");
            }

            if (method.RefKind != RefKind.None)
            {
                yield return new(ProblemKind.Result, "It must not return by reference: a reference into another process means nothing.");
            }
        }

        if (attribute.UnknownBits != 0)
        {
            string bits = attribute.UnknownBits.ToString("x", CultureInfo.InvariantCulture);
            yield return new(ProblemKind.Option, $"Its namespaces have bits that are no namespace: 0x{bits}.", Option: "Namespaces");
        }

        if (attribute is { Exec: not null, Body: not null })
        {
            yield return new(
                ProblemKind.Option, "It names both a body and a program: remove Body or Exec.", Option: nameof(AttributeParser.Body));
        }

        if (launcher == Launcher.Awaits && declaration.Modifiers.Any(SyntaxKind.UnsafeKeyword))
        {
            // CS4004
            yield return new(ProblemKind.Shape, "It returns a task, and an unsafe method cannot await: remove unsafe.");
        }

        if (attribute.IsThread)
        {
            foreach (Problem problem in ThreadParser.FindProblems(method, attribute))
            {
                yield return problem;
            }
        }
        else
        {
            foreach (IParameterSymbol parameter in method.Parameters)
            {
                if (RefusalOfReference(parameter, launcher) is { } reason)
                {
                    yield return new(ProblemKind.Parameter, reason, parameter);
                }
            }
        }

        foreach (IParameterSymbol parameter in
            Repeated(method, MethodParser.IsCancellationToken)
                .Concat(Repeated(method, MethodParser.IsOptions))
                .Concat(Repeated(method, MethodParser.IsTarget)))
        {
            yield return new(
                ProblemKind.Parameter, $"It has more than one parameter of type {parameter.Type.Name}: keep one.", parameter);
        }
    }

    private static IEnumerable<Problem> OfBody(IMethodSymbol method, AttributeParser attribute, Compilation compilation)
    {
        (Launcher launcher, ITypeSymbol? resultType) = Results.OfLauncher(method);
        if (!attribute.IsThread)
        {
            foreach (IParameterSymbol parameter in method.Parameters)
            {
                if (!MethodParser.IsCancellationToken(parameter)
                    && !MethodParser.IsForLaunch(parameter)
                    && RefusalOfReference(parameter, launcher) is null
                    && TypeClassifier.RefusalOfParameter(parameter.Type) is { } refusal)
                {
                    yield return new(
                        ProblemKind.Parameter,
                        $"Its parameter '{parameter.Name}' of type {Names.Plain(parameter.Type)} cannot cross to another process: {refusal}.",
                        parameter);
                }
            }

            if (resultType is not null && TypeClassifier.Refusal(resultType) is { } resultRefusal)
            {
                yield return new(
                    ProblemKind.Result,
                    $"Its result of type {Names.Plain(resultType)} cannot come back from another process: {resultRefusal}.");
            }
        }

        if (attribute.Body is { Length: 0 })
        {
            yield return new(ProblemKind.Option, "Its body has no name: set Body to nameof(X).", Option: nameof(AttributeParser.Body));
        }
        else if (BodyFinder.Find(method, attribute, compilation) is null)
        {
            yield return new(ProblemKind.Body, BodyFinder.DescribeMissing(method, attribute), Option: nameof(AttributeParser.Body));
        }

        if (attribute is not { JsonContext: { } context, IsThread: false })
        {
            yield break;
        }

        if (ProblemOfContext(context, method, compilation) is { } problem)
        {
            yield return new(ProblemKind.Option, problem, Option: nameof(AttributeParser.JsonContext));
            yield break;
        }

        foreach (IParameterSymbol parameter in method.Parameters)
        {
            if (!MethodParser.IsCancellationToken(parameter)
                && !MethodParser.IsForLaunch(parameter)
                && MissingIn(context, TypeClassifier.ReportOf(parameter.Type) ?? parameter.Type) is { } missing)
            {
                yield return new(ProblemKind.Parameter, $"Its parameter '{parameter.Name}' {missing}", parameter);
            }
        }

        if (resultType is not null && MissingIn(context, resultType) is { } missingResult)
        {
            yield return new(ProblemKind.Result, $"Its result {missingResult}");
        }
    }

    /// <summary>For a value that travels as JSON: the context would say so at run time, in the child or here.</summary>
    private static string? MissingIn(INamedTypeSymbol context, ITypeSymbol type)
        => TypeClassifier.RefusalOfParameter(type) is null && TypeClassifier.Classify(type).Marshalling == Marshalling.Json && JsonContextTypes.Lacks(context, type)
            ? $"of type {Names.Plain(type)} is not known to {Names.Plain(context)}: add [JsonSerializable(typeof({Names.Plain(type)}))] to it."
            : null;

    private static IEnumerable<Problem> OfProgram(IMethodSymbol method, string program)
    {
        if (program.Length == 0)
        {
            yield return new(ProblemKind.Option, "Its program has no name: set Exec to a path.", Option: nameof(AttributeParser.Exec));
        }

        (Launcher launcher, _) = Results.OfLauncher(method);
        foreach (IParameterSymbol parameter in method.Parameters)
        {
            if (RefusalOfReference(parameter, launcher) is null && ProgramParser.Argument(parameter) is null)
            {
                yield return new(
                    ProblemKind.Parameter,
                    $"Its parameter '{parameter.Name}' of type {Names.Plain(parameter.Type)} is no argument for a program: pass strings, numbers or enums.",
                    parameter);
            }
        }

        if (ProgramParser.Result(method) is null)
        {
            yield return new(
                ProblemKind.Result,
                $"A program does not return {Names.Plain(method.ReturnType)}: its result can be void, int, ExitStatus, a task of these, or IsolatedProcess.");
        }
    }

    private static string? RefusalOfReference(IParameterSymbol parameter, Launcher launcher) => parameter.RefKind switch
    {
        RefKind.None => null,
        RefKind.In when launcher != Launcher.Awaits => null, // read once, then carried by value
        RefKind.In => $"Its parameter '{parameter.Name}' is passed by reference, which a method that returns a task cannot have: remove in.", // CS1988
        _ => $"Its parameter '{parameter.Name}' is passed by reference, and a reference into another process means nothing: pass it by value.",
    };

    private static IEnumerable<IParameterSymbol> Repeated(IMethodSymbol method, Func<IParameterSymbol, bool> isSpecial)
        => method.Parameters.Where(isSpecial).Skip(1).Take(1);

    private static string? ProblemOfContext(INamedTypeSymbol context, IMethodSymbol method, Compilation compilation)
    {
        for (INamedTypeSymbol? type = context; type is not null; type = type.BaseType)
        {
            if (type.Name == "JsonSerializerContext" && type.ContainingNamespace.ToDisplayString() == "System.Text.Json.Serialization")
            {
                return context.IsFileLocal || context.IsGenericType || !compilation.IsSymbolAccessibleWithin(context, method.ContainingType)
                    ? $"Its JsonContext {Names.Plain(context)} cannot be named by generated code: make it internal and not generic."
                    : null;
            }
        }

        return $"Its JsonContext {Names.Plain(context)} does not derive from System.Text.Json.Serialization.JsonSerializerContext.";
    }
}
