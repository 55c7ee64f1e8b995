using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using NsGen.Analyzers.Declaration;
using NsGen.Generator.Parse;

namespace NsGen.Analyzers.Body;

/// <summary>The isolated methods of a compilation, type by type as they are asked for. The rules share one.</summary>
internal sealed class IsolatedMethods
{
    private static readonly ConditionalWeakTable<Compilation, IsolatedMethods> s_ofCompilation = new();

    private readonly ConcurrentDictionary<INamedTypeSymbol, ImmutableArray<IsolatedMethod>> _ofType = new(SymbolEqualityComparer.Default);
    private readonly Compilation _compilation;
    private readonly IsolatedFiles _files;

    private IsolatedMethods(Compilation compilation, IsolatedFiles files)
    {
        _compilation = compilation;
        _files = files;
    }

    /// <summary>Null for a compilation in which no method can be isolated.</summary>
    public static IsolatedMethods? TryGet(Compilation compilation, CancellationToken cancellationToken)
        => IsolatedFiles.TryGet(compilation, cancellationToken) is { } files
            ? s_ofCompilation.GetValue(compilation, key => new(key, files))
            : null;

    /// <summary>Those that the type declares.</summary>
    public ImmutableArray<IsolatedMethod> Of(INamedTypeSymbol type, CancellationToken cancellationToken)
    {
        if (!_files.Contain(type))
        {
            return ImmutableArray<IsolatedMethod>.Empty;
        }

        if (!_ofType.TryGetValue(type, out ImmutableArray<IsolatedMethod> methods))
        {
            methods = Find(type, cancellationToken);
            _ofType.TryAdd(type, methods);
        }

        return methods;
    }

    /// <summary>Those that run the method: a body may serve several.</summary>
    public ImmutableArray<IsolatedMethod> LaunchersOf(IMethodSymbol method, CancellationToken cancellationToken)
    {
        IMethodSymbol body = method.PartialDefinitionPart ?? method;
        ImmutableArray<IsolatedMethod> methods = Of(method.ContainingType, cancellationToken);
        return methods.IsEmpty
            ? methods
            : methods.RemoveAll(isolated => !SymbolEqualityComparer.Default.Equals(isolated.Body, body));
    }

    private ImmutableArray<IsolatedMethod> Find(INamedTypeSymbol type, CancellationToken cancellationToken)
    {
        ImmutableArray<IsolatedMethod>.Builder found = ImmutableArray.CreateBuilder<IsolatedMethod>();
        foreach (IMethodSymbol method in type.GetMembers().OfType<IMethodSymbol>())
        {
            if (method.IsPartialDefinition
                && method.GetAttributes().FirstOrDefault(IsIsolated) is { } attribute)
            {
                AttributeParser declaration = new(attribute, cancellationToken);
                IMethodSymbol? body = declaration.Exec is null ? BodyFinder.Find(method, declaration, _compilation) : null;
                found.Add(new(method, body, attribute, declaration));
            }
        }

        return found.ToImmutable();
    }

    private bool IsIsolated(AttributeData attribute) => SymbolEqualityComparer.Default.Equals(attribute.AttributeClass, _files.Attribute);
}
