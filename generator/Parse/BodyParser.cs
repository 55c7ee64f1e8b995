using Microsoft.CodeAnalysis;
using NsGen.Generator.Model;

namespace NsGen.Generator.Parse;

/// <summary>Reads a method that runs another one, its body, in the child.</summary>
internal sealed class BodyParser(IMethodSymbol method, string id, AttributeParser attribute, Compilation compilation)
{
    private const string ReflectionMessage =
        "A parameter or the result is serialised by reflection. Name a JsonSerializerContext: [Isolated(..., JsonContext = typeof(X))].";

    /// <summary>Reads a declaration in which <see cref="DeclarationChecks"/> found no problem.</summary>
    public CallModel Parse()
    {
        int progress = 0;
        EquatableArray<ArgumentModel> arguments = method.Parameters.Select(parameter => Argument(parameter, ref progress)).ToEquatableArray();
        (Launcher launcher, ITypeSymbol? resultType) = Results.OfLauncher(method);
        ValueModel? result = resultType is null ? null : TypeClassifier.Classify(resultType);
        IMethodSymbol body = BodyFinder.Find(method, attribute, compilation)!;
        bool usesReflection = attribute.JsonContext is null
            && arguments.Select(static argument => (argument as PayloadArgument)?.Value ?? (argument as ProgressArgument)?.Value).Append(result)
                .Any(static value => value?.Marshalling == Marshalling.Json);
        (Awaiting awaiting, ITypeSymbol? bodyResult) = Results.OfBody(body);
        return new BodyCall(
            Names.Escape(body.Name),
            BodyIsUnique: method.ContainingType.GetMembers(body.Name).Length == 1,
            awaiting,
            AcceptsCancellation: body.Parameters.Any(MethodParser.IsCancellationToken),
            arguments,
            launcher,
            result,
            ResultIsExitCode: bodyResult?.SpecialType == SpecialType.System_Int32,
            attribute.Isolation,
            attribute.Warm,
            attribute.Warm == 0 ? null : Delegate(body),
            attribute.JsonContext is null ? null : Names.Unannotated(attribute.JsonContext),
            ChildSide(),
            Requirements(body, usesReflection));
    }

    private static ArgumentModel Argument(IParameterSymbol parameter, ref int progress)
        => MethodParser.IsCancellationToken(parameter) ? new CancellationArgument()
            : MethodParser.IsOptions(parameter) ? new OptionsArgument()
            : MethodParser.IsTarget(parameter) ? new TargetArgument()
            : TypeClassifier.ReportOf(parameter.Type) is { } report
                ? new ProgressArgument(
                    progress++, TypeClassifier.Classify(report), parameter.Type.NullableAnnotation == NullableAnnotation.Annotated)
            : new PayloadArgument(TypeClassifier.Classify(parameter.Type));

    /// <summary>Func or Action with the body's parameters, which it converts to; null where there are too many, or one is a reference.</summary>
    private static string? Delegate(IMethodSymbol body)
    {
        if (body.Parameters.Length > 16 || body.Parameters.Any(static parameter => parameter.RefKind != RefKind.None))
        {
            return null;
        }

        IEnumerable<string> types = body.Parameters.Select(static parameter => Names.Full(parameter.Type));
        string[] all = [.. body.ReturnsVoid ? types : types.Append(Names.Full(body.ReturnType))];
        return $"global::System.{(body.ReturnsVoid ? "Action" : "Func")}{(all.Length == 0 ? "" : $"<{string.Join(", ", all)}>")}";
    }

    /// <summary>Name of the nested class, free among the members of the type and the parameters that may hide it.</summary>
    private string ChildSide()
    {
        string name = method.Name + "_Isolated";
        if (HasNamesake(method.ContainingType))
        {
            name += "_" + Names.Hash(id);
        }

        return Names.Unique(name, taken => taken == method.ContainingType.Name
            || !method.ContainingType.GetMembers(taken).IsEmpty
            || method.Parameters.Any(parameter => parameter.Name == taken));
    }

    /// <summary>Whether an overload, or a method of a base class, may have a nested class of the same name (CS0102, CS0108).</summary>
    private bool HasNamesake(INamedTypeSymbol type)
    {
        bool isOverloaded = type.GetMembers(method.Name).Length > 1;
        for (INamedTypeSymbol? ancestor = type.BaseType; ancestor is not null && !isOverloaded; ancestor = ancestor.BaseType)
        {
            isOverloaded = !ancestor.GetMembers(method.Name).IsEmpty;
        }

        return isOverloaded || type.AllInterfaces.Any(parent => !parent.GetMembers(method.Name).IsEmpty);
    }

    private RequirementsModel Requirements(IMethodSymbol body, bool usesReflection)
    {
        string? Message(string attributeName)
            => usesReflection ? ReflectionMessage
                : Says(body, attributeName) || Says(body.ContainingType, attributeName) ? $"{Names.Plain(body.ContainingType)}.{body.Name} needs it."
                : null;

        const string UnreferencedCode = "RequiresUnreferencedCodeAttribute";
        const string DynamicCode = "RequiresDynamicCodeAttribute";
        return new RequirementsModel(
            Message(UnreferencedCode), Message(DynamicCode), Says(method, UnreferencedCode), Says(method, DynamicCode));
    }

    private static bool Says(ISymbol symbol, string attributeName)
        => symbol.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == attributeName);
}
