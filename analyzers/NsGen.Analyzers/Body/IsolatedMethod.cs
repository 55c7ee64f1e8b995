using Microsoft.CodeAnalysis;
using NsGen.Generator.Parse;
using NsGen.Launch;

namespace NsGen.Analyzers.Body;

/// <summary>A method with <c>[Isolated]</c>, and the method that it runs.</summary>
internal sealed class IsolatedMethod(IMethodSymbol launcher, IMethodSymbol? body, AttributeData attribute, AttributeParser declaration)
{
    public IMethodSymbol Launcher { get; } = launcher;

    /// <summary>What runs inside; null for a program, and where nothing fits.</summary>
    public IMethodSymbol? Body { get; } = body;

    public AttributeData Attribute { get; } = attribute;

    /// <summary>Whether the body runs on a thread of this process.</summary>
    public bool IsThread => declaration.IsThread;

    public bool RunsProgram => declaration.Exec is not null;

    /// <summary>Namespaces that the declaration creates, as the kernel's flags.</summary>
    public ulong Created => Attribute.ConstructorArguments is [{ Kind: TypedConstantKind.Enum, Value: int value }] ? Mask(value) : 0;

    /// <summary>Namespaces of another process that the declaration joins, as the kernel's flags.</summary>
    public ulong Joined => Attribute.NamedArguments
        .Where(static argument => argument is { Key: "Join", Value: { Kind: TypedConstantKind.Enum, Value: int } })
        .Select(static argument => Mask((int)argument.Value.Value!))
        .FirstOrDefault();

    /// <summary>Those that it may join: where it does not say, all that the handles of a target hold.</summary>
    public ulong MayJoin => Launcher.Parameters.Any(MethodParser.IsTarget) && !Attribute.NamedArguments.Any(static argument => argument.Key == "Join")
        ? CloneFlagRules.NamespaceMask & ~Created
        : Joined;

    private static ulong Mask(int value) => unchecked((uint)value) & CloneFlagRules.NamespaceMask;
}
