using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NsGen.Generator.Model;

namespace NsGen.Generator.Parse;

/// <summary>Reads the types around a method.</summary>
internal static class ContainerParser
{
    private static readonly SymbolDisplayFormat s_namespace = SymbolDisplayFormat.FullyQualifiedFormat
        .WithGlobalNamespaceStyle(SymbolDisplayGlobalNamespaceStyle.Omitted);

    /// <summary>Whether generated code may add to the type: all levels are partial, and none is seen in one file only.</summary>
    public static bool AllowsAnotherPart(MethodDeclarationSyntax declaration, INamedTypeSymbol type)
        => declaration.Ancestors().OfType<TypeDeclarationSyntax>().All(static level => level.Modifiers.Any(SyntaxKind.PartialKeyword))
            && Levels(type).All(static level =>
                !level.IsFileLocal && level.TypeKind is TypeKind.Class or TypeKind.Struct or TypeKind.Interface);

    public static bool IsGeneric(INamedTypeSymbol type) => Levels(type).Any(static level => level.TypeParameters.Length > 0);

    public static ContainerModel Parse(IMethodSymbol method, string? childSide, bool needsUnsafe)
    {
        INamedTypeSymbol[] levels = [.. Levels(method.ContainingType)];
        var forwarders = new ForwarderModel?[levels.Length];
        string? entry = childSide is null ? null : $"{Names.Unannotated(method.ContainingType)}.{childSide}.Run";
        for (int i = levels.Length - 1; i > 0 && entry is not null; i--)
        {
            if (IsHidden(levels[i]))
            {
                INamedTypeSymbol parent = levels[i - 1];
                string name = Names.Unique($"{levels[i].Name}_{childSide}", taken => !parent.GetMembers(taken).IsEmpty);
                forwarders[i - 1] = new ForwarderModel(name, entry);
                entry = $"{Names.Unannotated(parent)}.{name}";
            }
        }

        INamespaceSymbol space = method.ContainingNamespace;
        return new ContainerModel(
            space.IsGlobalNamespace ? null : space.ToDisplayString(s_namespace),
            levels
                .Select((level, i) => new TypeModel(Declaration(level, needsUnsafe && i == levels.Length - 1), forwarders[i]))
                .ToEquatableArray(),
            Names.Unannotated(method.ContainingType),
            entry);
    }

    /// <summary>The type and those around it, from the outermost inwards.</summary>
    private static Stack<INamedTypeSymbol> Levels(INamedTypeSymbol type)
    {
        var levels = new Stack<INamedTypeSymbol>();
        for (INamedTypeSymbol? level = type; level is not null; level = level.ContainingType)
        {
            levels.Push(level);
        }

        return levels;
    }

    /// <summary>Whether only the type around it, and what derives from that, may name it.</summary>
    private static bool IsHidden(INamedTypeSymbol type)
        => type.DeclaredAccessibility is Accessibility.Private or Accessibility.Protected or Accessibility.ProtectedAndInternal;

    private static string Declaration(INamedTypeSymbol type, bool needsUnsafe)
    {
        string keyword = type switch
        {
            { TypeKind: TypeKind.Interface } => "interface",
            { TypeKind: TypeKind.Struct, IsRecord: true } => "record struct",
            { TypeKind: TypeKind.Struct } => "struct",
            { IsRecord: true } => "record",
            _ => "class",
        };
        return (type.IsStatic ? "static " : "")
            + (needsUnsafe ? "unsafe " : "")
            + $"partial {keyword} {Names.EscapeDeclared(type.Name)}{SignatureParser.TypeParameters(type.TypeParameters)}";
    }
}
