using Microsoft.CodeAnalysis;
using NsGen.Generator.Model;

namespace NsGen.Generator.Parse;

/// <summary>Reads a method that runs a program in the child.</summary>
internal static class ProgramParser
{
    /// <summary>Types with a format that is the same everywhere and can be read back; null for the default one.</summary>
    private static readonly Dictionary<string, string?> s_formats = new(StringComparer.Ordinal)
    {
        ["System.Guid"] = null,
        ["System.TimeSpan"] = null,
        ["System.Half"] = null,
        ["System.Int128"] = null,
        ["System.UInt128"] = null,
        ["System.DateTime"] = "O",
        ["System.DateTimeOffset"] = "O",
        ["System.DateOnly"] = "O",
        ["System.TimeOnly"] = "O",
    };

    public static CallModel Parse(IMethodSymbol method, AttributeParser attribute)
    {
        if (attribute.Exec!.Length == 0)
        {
            return new InvalidCall("Its program has no name: set Exec to a path.");
        }

        var arguments = new List<ArgumentModel>();
        foreach (IParameterSymbol parameter in method.Parameters)
        {
            if (Argument(parameter) is not { } argument)
            {
                return new InvalidCall(
                    $"Its parameter '{parameter.Name}' of type {Names.Plain(parameter.Type)} is no argument for a program: pass strings, numbers or enums.");
            }

            arguments.Add(argument);
        }

        (Launcher launcher, ITypeSymbol? resultType) = Results.OfLauncher(method);
        ProgramResult? result = resultType switch
        {
            null => ProgramResult.None,
            { SpecialType: SpecialType.System_Int32 } when launcher != Launcher.Starts => ProgramResult.ExitCode,
            { Name: "ExitStatus", ContainingNamespace: { Name: "NsGen", ContainingNamespace.IsGlobalNamespace: true } }
                when launcher != Launcher.Starts => ProgramResult.Status,
            _ => null,
        };
        return result is null
            ? new InvalidCall($"A program does not return {Names.Plain(method.ReturnType)}: its result can be void, int, ExitStatus, a task of these, or IsolatedProcess.")
            : new ProgramCall(attribute.Exec, arguments.ToEquatableArray(), launcher, result.Value, attribute.Isolation);
    }

    private static ArgumentModel? Argument(IParameterSymbol parameter)
    {
        if (MethodParser.IsCancellationToken(parameter))
        {
            return new CancellationArgument();
        }

        if (MethodParser.IsOptions(parameter))
        {
            return new OptionsArgument();
        }

        ITypeSymbol type = parameter.Type;
        if (IsStrings(type))
        {
            return new ProgramArgument("AddRange", null, IsList: type.NullableAnnotation != NullableAnnotation.Annotated && !HoldsNull(type));
        }

        ITypeSymbol underlying = type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable
            ? nullable.TypeArguments[0]
            : type;
        string? format = null;
        return underlying switch
        {
            { SpecialType: SpecialType.System_String } => new ProgramArgument("Add", null, IsList: false),
            { SpecialType: SpecialType.System_Boolean } => new ProgramArgument("AddFlag", null, IsList: false),
            { SpecialType: >= SpecialType.System_Char and <= SpecialType.System_Double or SpecialType.System_Decimal or SpecialType.System_IntPtr or SpecialType.System_UIntPtr }
                or { TypeKind: TypeKind.Enum } => new ProgramArgument("AddValue", null, IsList: false),
            INamedTypeSymbol named when s_formats.TryGetValue(Names.Plain(named), out format) => new ProgramArgument("AddValue", format, IsList: false),
            _ => null,
        };
    }

    /// <summary>Whether it is, or implements, IEnumerable of string.</summary>
    private static bool IsStrings(ITypeSymbol type)
        => type.SpecialType != SpecialType.System_String
            && type.AllInterfaces.Concat(type is INamedTypeSymbol named ? [named] : []).Any(static candidate =>
                candidate is { OriginalDefinition.SpecialType: SpecialType.System_Collections_Generic_IEnumerable_T, TypeArguments: [{ SpecialType: SpecialType.System_String }] });

    /// <summary>Whether the element type is annotated, <c>string?</c>.</summary>
    private static bool HoldsNull(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => array.ElementNullableAnnotation == NullableAnnotation.Annotated,
        INamedTypeSymbol named => named.TypeArguments.Any(static argument => argument.NullableAnnotation == NullableAnnotation.Annotated),
        _ => false,
    };
}
