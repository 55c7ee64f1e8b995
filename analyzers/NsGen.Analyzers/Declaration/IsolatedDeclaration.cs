using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NsGen.Generator.Model;
using NsGen.Generator.Parse;

namespace NsGen.Analyzers.Declaration;

/// <summary>A method with <c>[Isolated]</c>, read as the generator reads it.</summary>
internal sealed class IsolatedDeclaration
{
    public const string AttributeName = "NsGen.IsolatedAttribute";

    private readonly SyntaxNode _attributeSyntax;
    private readonly AttributeData _data;

    private IsolatedDeclaration(
        IMethodSymbol method, MethodDeclarationSyntax syntax, AttributeData data, SyntaxNode attributeSyntax, CancellationToken cancellationToken)
    {
        Method = method;
        Syntax = syntax;
        _data = data;
        _attributeSyntax = attributeSyntax;
        Attribute = new AttributeParser(data, cancellationToken);
    }

    public IMethodSymbol Method { get; }

    public MethodDeclarationSyntax Syntax { get; }

    public AttributeParser Attribute { get; }

    /// <summary>Whether C# takes another part for it: else the generator does not even look at it.</summary>
    public bool AwaitsImplementation
        => Method.IsPartialDefinition && (Method.PartialImplementationPart is null || IsGenerated(Method.PartialImplementationPart));

    /// <summary>Whether the caller can change the attribute's values at run time.</summary>
    public bool HasOptions => Method.Parameters.Any(MethodParser.IsOptions);

    public bool HasTarget => Method.Parameters.Any(MethodParser.IsTarget);

    /// <summary>What the attribute names to be created.</summary>
    public int Created => _data.ConstructorArguments is [{ Value: int bits }, ..] ? bits : 0;

    /// <summary>What the attribute names to be joined.</summary>
    public int Joined => TryGet("Join", out object? value) && value is int bits ? bits : 0;

    /// <summary>What may be joined: where the attribute does not say, all that the handles of a target hold.</summary>
    public int MayJoin => HasTarget && !TryGet("Join", out _) ? ~Created : Joined;

    /// <summary>The type of the attribute's Namespaces, from which flags get their names.</summary>
    public ITypeSymbol? NamespacesType => _data.AttributeConstructor?.Parameters.FirstOrDefault()?.Type;

    /// <summary>The declaration, or null where the symbol is none.</summary>
    public static IsolatedDeclaration? Read(ISymbol symbol, INamedTypeSymbol attributeType, CancellationToken cancellationToken)
        => symbol is IMethodSymbol { PartialDefinitionPart: null } method
            && Find(method, attributeType) is { } data
            && data.ApplicationSyntaxReference?.GetSyntax(cancellationToken) is { } attributeSyntax
            && method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellationToken) is MethodDeclarationSyntax syntax
                ? new(method, syntax, data, attributeSyntax, cancellationToken)
                : null;

    /// <summary>The method's <c>[Isolated]</c>, or null.</summary>
    public static AttributeData? Find(IMethodSymbol method, INamedTypeSymbol attributeType)
        => method.GetAttributes().FirstOrDefault(data => SymbolEqualityComparer.Default.Equals(data.AttributeClass, attributeType));

    /// <summary>The value written for a property of the attribute; null, and what does not compile, is as if it had not been written.</summary>
    public bool TryGet(string option, out object? value)
    {
        foreach (KeyValuePair<string, TypedConstant> argument in _data.NamedArguments)
        {
            if (argument.Key == option && argument.Value is { Kind: not TypedConstantKind.Error, IsNull: false })
            {
                value = argument.Value.Value;
                return true;
            }
        }

        value = null;
        return false;
    }

    /// <summary>The enum that a property of the attribute is of, if it is one.</summary>
    public ITypeSymbol? EnumOf(string option)
        => _data.AttributeClass?.GetMembers(option).OfType<IPropertySymbol>().FirstOrDefault()?.Type is { TypeKind: TypeKind.Enum } type ? type : null;

    /// <summary>The argument that sets the property, or null. <c>Namespaces</c> is the one without a name.</summary>
    public AttributeArgumentSyntax? Argument(string option)
        => (_attributeSyntax as AttributeSyntax)?.ArgumentList?.Arguments.FirstOrDefault(argument =>
            option == "Namespaces" ? argument.NameEquals is null : argument.NameEquals?.Name.Identifier.ValueText == option);

    /// <summary>The argument's value, or where there is none the attribute's name.</summary>
    public Location At(string? option)
        => option is not null && Argument(option) is { } argument
            ? argument.Expression.GetLocation()
            : ((_attributeSyntax as AttributeSyntax)?.Name ?? _attributeSyntax).GetLocation();

    /// <summary>The body that would run in the child, or null.</summary>
    public IMethodSymbol? FindBody(Compilation compilation)
        => Attribute is { Exec: null, Body: not { Length: 0 } } ? BodyFinder.Find(Method, Attribute, compilation) : null;

    /// <summary>Names of the flags.</summary>
    public string FlagNames(int bits)
        => string.Join(" | ", NamespacesType?.GetMembers().OfType<IFieldSymbol>()
            .Where(field => field.ConstantValue is int flag && flag != 0 && (flag & (flag - 1)) == 0 && (bits & flag) != 0)
            .Select(static field => field.Name) ?? []);

    /// <summary>Whether a part comes from NsGen's generator, not from the programmer.</summary>
    private static bool IsGenerated(IMethodSymbol part)
        => part.GetAttributes().Any(static data => data is
        {
            AttributeClass.Name: "GeneratedCodeAttribute",
            ConstructorArguments: [{ Value: "NsGen.Generator" }, ..],
        });
}
