using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NsGen.Generator.Model;

namespace NsGen.Generator.Parse;

/// <summary>Reads a method that runs another one, its body, in the child.</summary>
internal sealed class BodyParser(IMethodSymbol method, string id, AttributeParser attribute, Compilation compilation)
{
    private const string ReflectionMessage =
        "A parameter or the result is serialised by reflection. Name a JsonSerializerContext: [Isolated(..., JsonContext = typeof(X))].";

    public CallModel Parse()
    {
        var arguments = new List<ArgumentModel>();
        foreach (IParameterSymbol parameter in method.Parameters)
        {
            ArgumentModel? argument = Argument(parameter, out string? refusal);
            if (argument is null)
            {
                return new InvalidCall($"Its parameter '{parameter.Name}' of type {Names.Plain(parameter.Type)} cannot cross to another process: {refusal}.");
            }

            arguments.Add(argument);
        }

        (Launcher launcher, ITypeSymbol? resultType) = Results.OfLauncher(method);
        ValueModel? result = null;
        if (resultType is not null)
        {
            result = TypeClassifier.Classify(resultType, out string? refusal);
            if (result is null)
            {
                return new InvalidCall($"Its result of type {Names.Plain(resultType)} cannot come back from another process: {refusal}.");
            }
        }

        string bodyName = attribute.Body ?? method.Name + "Core";
        IMethodSymbol? body = FindBody(bodyName, launcher, resultType);
        if (body is null)
        {
            return new InvalidCall(DescribeMissing(bodyName, launcher, resultType));
        }

        if (attribute.JsonContext is { } context && DescribeContextProblem(context) is { } problem)
        {
            return new InvalidCall(problem);
        }

        bool usesReflection = attribute.JsonContext is null
            && arguments.OfType<PayloadArgument>().Select(static argument => argument.Value).Append(result)
                .Any(static value => value?.Marshalling == Marshalling.Json);
        (Awaiting awaiting, ITypeSymbol? bodyResult) = Results.OfBody(body);
        return new BodyCall(
            Names.Escape(bodyName),
            BodyIsUnique: method.ContainingType.GetMembers(bodyName).Length == 1,
            awaiting,
            AcceptsCancellation: body.Parameters.Any(MethodParser.IsCancellationToken),
            arguments.ToEquatableArray(),
            launcher,
            result,
            ResultIsExitCode: bodyResult?.SpecialType == SpecialType.System_Int32,
            attribute.Isolation,
            attribute.Warm,
            attribute.JsonContext is null ? null : Names.Unannotated(attribute.JsonContext),
            ChildSide(),
            Requirements(body, usesReflection));
    }

    private static ArgumentModel? Argument(IParameterSymbol parameter, out string? refusal)
    {
        refusal = null;
        if (MethodParser.IsCancellationToken(parameter))
        {
            return new CancellationArgument();
        }

        if (MethodParser.IsOptions(parameter))
        {
            return new OptionsArgument();
        }

        return TypeClassifier.Classify(parameter.Type, out refusal) is { } value ? new PayloadArgument(value) : null;
    }

    /// <summary>The body, before others the one that takes the token.</summary>
    private IMethodSymbol? FindBody(string name, Launcher launcher, ITypeSymbol? result)
    {
        IParameterSymbol[] parameters = [.. method.Parameters.Where(static parameter => !MethodParser.IsOptions(parameter))];
        IParameterSymbol[] withoutToken = [.. parameters.Where(static parameter => !MethodParser.IsCancellationToken(parameter))];
        IMethodSymbol[] candidates =
        [
            .. method.ContainingType.GetMembers(name).OfType<IMethodSymbol>().Where(candidate =>
                candidate is { IsStatic: true, IsGenericMethod: false, RefKind: RefKind.None, MethodKind: MethodKind.Ordinary }
                    && !SymbolEqualityComparer.Default.Equals(candidate, method)
                    && HasResult(candidate, launcher, result)),
        ];
        return candidates.FirstOrDefault(candidate => HasParameters(candidate, parameters))
            ?? candidates.FirstOrDefault(candidate => HasParameters(candidate, withoutToken));
    }

    private bool HasParameters(IMethodSymbol candidate, IParameterSymbol[] parameters)
        => candidate.Parameters.Length == parameters.Length
            && candidate.Parameters.Zip(parameters, (its, wanted) =>
                its.RefKind is RefKind.None or RefKind.In && AreSame(its.Type, wanted.Type)).All(static same => same);

    /// <summary>
    /// Whether a body gives what the launcher returns, at once or by a task. The exit code of a process may be given by an int.
    /// </summary>
    private bool HasResult(IMethodSymbol candidate, Launcher launcher, ITypeSymbol? result)
    {
        (_, ITypeSymbol? given) = Results.OfBody(candidate);
        return (given, result) switch
        {
            (null, null) => true,
            ({ SpecialType: SpecialType.System_Int32 }, null) => launcher == Launcher.Starts,
            (not null, not null) => AreSame(given, result),
            _ => false,
        };
    }

    /// <summary>The same type but for nullable annotations and names of tuple elements.</summary>
    private bool AreSame(ITypeSymbol left, ITypeSymbol right) => compilation.ClassifyConversion(left, right).IsIdentity;

    private string DescribeMissing(string name, Launcher launcher, ITypeSymbol? result)
    {
        string parameters = string.Join(", ", method.Parameters
            .Where(static parameter => !MethodParser.IsOptions(parameter))
            .Select(static parameter => $"{Names.Plain(parameter.Type)} {Names.Escape(parameter.Name)}"));
        string returns = result is null ? launcher == Launcher.Awaits ? "System.Threading.Tasks.Task" : "void" : Names.Plain(result);
        return $"There is no body to run: declare 'static {returns} {Names.Escape(name)}({parameters})' in {Names.Plain(method.ContainingType)}.";
    }

    private string? DescribeContextProblem(INamedTypeSymbol context)
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
