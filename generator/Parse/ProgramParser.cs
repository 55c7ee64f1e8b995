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

    /// <summary>Reads a declaration in which <see cref="DeclarationChecks"/> found no problem.</summary>
    public static CallModel Parse(IMethodSymbol method, AttributeParser attribute) => new ProgramCall(
        attribute.Exec!,
        method.Parameters.Select(static parameter => Argument(parameter)!).ToEquatableArray(),
        Results.OfLauncher(method).Launcher,
        Result(method)!.Value,
        attribute.Isolation);

    /// <summary>What a launcher makes of a program's end, or null for what a program does not return.</summary>
    public static ProgramResult? Result(IMethodSymbol method)
    {
        (Launcher launcher, ITypeSymbol? resultType) = Results.OfLauncher(method);
        return resultType switch
        {
            null => ProgramResult.None,
            { SpecialType: SpecialType.System_Int32 } when launcher != Launcher.Starts => ProgramResult.ExitCode,
            { Name: "ExitStatus", ContainingNamespace: { Name: "NsGen", ContainingNamespace.IsGlobalNamespace: true } }
                when launcher != Launcher.Starts => ProgramResult.Status,
            _ => null,
        };
    }

    /// <summary>How a parameter becomes arguments of a program, or null for what cannot.</summary>
    public static ArgumentModel? Argument(IParameterSymbol parameter)
    {
        if (MethodParser.IsCancellationToken(parameter))
        {
            return new CancellationArgument();
        }

        if (MethodParser.IsOptions(parameter))
        {
            return new OptionsArgument();
        }

        if (MethodParser.IsTarget(parameter))
        {
            return new TargetArgument();
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
