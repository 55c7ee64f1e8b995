using Microsoft.CodeAnalysis;

namespace NsGen.Generator.Parse;

/// <summary>
/// The types a JsonSerializerContext knows: those its <c>[JsonSerializable]</c> attributes name, and what System.Text.Json's generator finds from there.
/// Rather too many than too few, since what is not among them is an error.
/// </summary>
internal static class JsonContextTypes
{
    /// <summary>Whether a context has attributes, and nothing they lead to is the type.</summary>
    public static bool Lacks(INamedTypeSymbol context, ITypeSymbol type)
    {
        var found = new HashSet<ITypeSymbol>(SymbolEqualityComparer.Default);
        var open = new Stack<ITypeSymbol>(NamedBy(context, "JsonSerializableAttribute"));

        // Written by hand, it may know anything.
        bool isGenerated = open.Count > 0;
        while (open.Count > 0)
        {
            ITypeSymbol next = open.Pop();
            if (found.Add(next))
            {
                foreach (ITypeSymbol reached in ReachedFrom(next))
                {
                    open.Push(reached);
                }
            }
        }

        return isGenerated && !found.Contains(type) && !HasOtherNames(type);
    }

    /// <summary>The same type to the runtime, but not to the compiler: element names of tuples, dynamic for object.</summary>
    private static bool HasOtherNames(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => HasOtherNames(array.ElementType),
        INamedTypeSymbol named => named.IsTupleType || named.TypeArguments.Any(HasOtherNames),
        _ => type.TypeKind == TypeKind.Dynamic,
    };

    private static IEnumerable<ITypeSymbol> ReachedFrom(ITypeSymbol type)
    {
        if (type is IArrayTypeSymbol array)
        {
            return [array.ElementType];
        }

        if (type is not INamedTypeSymbol named)
        {
            return [];
        }

        // Items of a collection that is derived from one are arguments of its interfaces.
        IEnumerable<ITypeSymbol> reached = named.TypeArguments.Concat(named.AllInterfaces.SelectMany(static one => one.TypeArguments));
        return IsOfFramework(named)
            ? reached
            : reached
                .Concat(named.GetMembers().Select(static member => (member as IPropertySymbol)?.Type ?? (member as IFieldSymbol)?.Type).OfType<ITypeSymbol>())
                .Concat(named.BaseType is { } parent ? [parent] : [])
                .Concat(NamedBy(named, "JsonDerivedTypeAttribute"));
    }

    /// <summary>Their members are nothing that is serialised member by member.</summary>
    private static bool IsOfFramework(INamedTypeSymbol type)
    {
        INamespaceSymbol space = type.ContainingNamespace;
        while (space is { IsGlobalNamespace: false, ContainingNamespace.IsGlobalNamespace: false })
        {
            space = space.ContainingNamespace;
        }

        return space is { Name: "System" };
    }

    private static IEnumerable<ITypeSymbol> NamedBy(INamedTypeSymbol type, string attributeName)
        => type.GetAttributes()
            .Where(attribute => attribute.AttributeClass is { } known
                && known.Name == attributeName
                && known.ContainingNamespace.ToDisplayString() == "System.Text.Json.Serialization")
            .SelectMany(static attribute => attribute.ConstructorArguments)
            .Select(static argument => argument.Kind == TypedConstantKind.Type ? argument.Value as ITypeSymbol : null)
            .OfType<ITypeSymbol>();
}
