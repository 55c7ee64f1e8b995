using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace NsGen.Generator.Parse;

/// <summary>How symbols are written in generated code.</summary>
internal static class Names
{
    /// <summary>A type as any code can name it: <c>global::System.Collections.Generic.List&lt;string?&gt;</c>.</summary>
    private static readonly SymbolDisplayFormat s_full = SymbolDisplayFormat.FullyQualifiedFormat
        .AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    /// <summary>A type as a person writes it in a message or an id: <c>System.Collections.Generic.List&lt;string&gt;</c>.</summary>
    private static readonly SymbolDisplayFormat s_plain = SymbolDisplayFormat.FullyQualifiedFormat
        .WithGlobalNamespaceStyle(SymbolDisplayGlobalNamespaceStyle.Omitted);

    private static readonly SymbolDisplayFormat s_unannotated = SymbolDisplayFormat.FullyQualifiedFormat;

    public static string Full(ITypeSymbol type) => type.ToDisplayString(s_full);

    /// <summary>As <see cref="Full"/>, without the question mark of a nullable reference type at its end.</summary>
    public static string FullNotNull(ITypeSymbol type)
        => type.IsReferenceType ? Full(type.WithNullableAnnotation(NullableAnnotation.NotAnnotated)) : Full(type);

    public static string Plain(ITypeSymbol type) => type.ToDisplayString(s_plain);

    /// <summary>A type without nullable annotations, for <c>typeof</c> and access to static members.</summary>
    public static string Unannotated(ITypeSymbol type) => type.ToDisplayString(s_unannotated);

    /// <summary>A name that may be a keyword, such as <c>@class</c>.</summary>
    public static string Escape(string name)
        => SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None || name == "await" ? "@" + name : name;

    /// <summary>
    /// The name of a type in its declaration, where <c>record</c>, <c>file</c> and other contextual keywords need the sign too, and other
    /// names that may become keywords are warned about without it (CS8981).
    /// </summary>
    public static string EscapeDeclared(string name)
        => name.All(static c => c is >= 'a' and <= 'z') || SyntaxFacts.GetContextualKeywordKind(name) != SyntaxKind.None
            ? "@" + name
            : Escape(name);

    /// <summary>Whether a type is one of the library's own.</summary>
    public static bool IsNsGen(INamedTypeSymbol type)
        => type.ContainingNamespace is { Name: "NsGen", ContainingNamespace.IsGlobalNamespace: true };

    /// <summary>A string as a C# literal.</summary>
    public static string Literal(string text) => SymbolDisplay.FormatLiteral(text, quote: true);

    /// <summary>The first of name, name_, name__ … that is free.</summary>
    public static string Unique(string name, Func<string, bool> isTaken)
    {
        while (isTaken(name))
        {
            name += "_";
        }

        return name;
    }

    /// <summary>Eight digits that tell methods of one name apart, the same in every build (FNV-1a).</summary>
    public static string Hash(string id)
    {
        uint hash = 2166136261;
        foreach (char c in id)
        {
            hash = unchecked((hash ^ c) * 16777619);
        }

        return hash.ToString("x8", System.Globalization.CultureInfo.InvariantCulture);
    }
}
