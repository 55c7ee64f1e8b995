using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NsGen.Generator.Model;
using NsGen.Launch;

namespace NsGen.Generator.Parse;

/// <summary>Reads <c>[Isolated(…)]</c>.</summary>
internal sealed class AttributeParser
{
    private readonly AttributeData _attribute;

    public AttributeParser(AttributeData attribute, CancellationToken cancellationToken)
    {
        _attribute = attribute;
        var options = new List<OptionModel>();
        foreach (KeyValuePair<string, TypedConstant> argument in attribute.NamedArguments)
        {
            // An error, or null, is as if it had not been written.
            if (argument.Value is { Kind: not TypedConstantKind.Error, IsNull: false })
            {
                Read(argument.Key, argument.Value, options);
            }
        }

        Namespaces = ReadNamespaces(options, cancellationToken);
        Isolation = new IsolationModel(Namespaces, options.ToEquatableArray());
    }

    /// <summary>Name of the body, or null for the default.</summary>
    public string? Body { get; private set; }

    /// <summary>The program, or null.</summary>
    public string? Exec { get; private set; }

    /// <summary>The JsonSerializerContext, or null.</summary>
    public INamedTypeSymbol? JsonContext { get; private set; }

    /// <summary>Whether the body runs on a thread of this process: any type can cross, and nothing need be static.</summary>
    public bool IsThread { get; private set; }

    /// <summary>How many children are kept ready.</summary>
    public int Warm { get; private set; }

    /// <summary>What is given to the runtime.</summary>
    public IsolationModel Isolation { get; }

    /// <summary>The bits that stand for no namespace.</summary>
    public ulong UnknownBits { get; private set; }

    private EquatableArray<string> Namespaces { get; }

    private void Read(string name, TypedConstant value, List<OptionModel> options)
    {
        switch (name)
        {
            case nameof(Body):
                Body = (string?)value.Value;
                break;
            case nameof(Exec):
                Exec = (string?)value.Value;
                break;
            case nameof(JsonContext):
                JsonContext = value.Value as INamedTypeSymbol;
                break;
            case "Mode":
                IsThread = value.Type?.GetMembers().OfType<IFieldSymbol>()
                    .Any(field => field.Name == "Thread" && Equals(field.ConstantValue, value.Value)) == true;
                break;
            case nameof(Warm):
                Warm = value.Value as int? ?? 0;
                break;
            case "Join" when value is { Kind: TypedConstantKind.Enum, Value: int joined, Type: { } type }:
                UnknownBits |= unchecked((uint)joined) & ~CloneFlagRules.NamespaceMask;
                options.Add(new(name, Flags(type, unchecked((uint)joined))));
                break;
            case "TimeoutMilliseconds":
                options.Add(new("Timeout", $"global::System.TimeSpan.FromMilliseconds({Number(value)})"));
                break;
            default:
                options.Add(new(name, Expression(value)));
                break;
        }
    }

    private EquatableArray<string> ReadNamespaces(List<OptionModel> options, CancellationToken cancellationToken)
    {
        bool isWritten = _attribute.ApplicationSyntaxReference?.GetSyntax(cancellationToken)
            is AttributeSyntax { ArgumentList.Arguments: var arguments } && arguments.Any(static argument => argument.NameEquals is null);
        if (!isWritten || _attribute.ConstructorArguments is not [{ Kind: TypedConstantKind.Enum, Value: int value, Type: { } type }])
        {
            return default;
        }

        ulong bits = unchecked((uint)value);
        UnknownBits |= bits & ~CloneFlagRules.NamespaceMask;
        options.Insert(0, new("Namespaces", Flags(type, bits)));
        return FlagNames(type, bits).Where(static name => name != "None").ToEquatableArray();
    }

    private static string Flags(ITypeSymbol type, ulong bits)
        => string.Join(" | ", FlagNames(type, bits).Select(static name => "global::NsGen.Namespaces." + name));

    private static string[] FlagNames(ITypeSymbol type, ulong bits) => (bits & CloneFlagRules.NamespaceMask) switch
    {
        0 => ["None"],
        CloneFlagRules.NamespaceMask => ["All"],
        var known => [.. type.GetMembers().OfType<IFieldSymbol>()
            .Where(field => field.ConstantValue is int flag && IsSingleBit(flag) && (known & unchecked((uint)flag)) != 0)
            .Select(static field => field.Name)],
    };

    private static bool IsSingleBit(int flag) => flag != 0 && (flag & (flag - 1)) == 0;

    private static string Expression(TypedConstant constant) => constant switch
    {
        { Kind: TypedConstantKind.Enum, Type: { } type } => type.GetMembers().OfType<IFieldSymbol>()
            .FirstOrDefault(field => Equals(field.ConstantValue, constant.Value)) is { } field
            ? $"{Names.Unannotated(type)}.{field.Name}"
            : $"({Names.Unannotated(type)})({Number(constant)})", // the runtime says what is wrong with it
        { Value: string text } => Names.Literal(text),
        { Value: bool flag } => flag ? "true" : "false",
        _ => Number(constant),
    };

    private static string Number(TypedConstant constant) => Convert.ToString(constant.Value, CultureInfo.InvariantCulture);
}
