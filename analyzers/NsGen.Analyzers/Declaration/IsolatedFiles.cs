using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NsGen.Analyzers.Declaration;

/// <summary>
/// The files that write <c>[Isolated]</c>. Rules about isolated methods register nothing where there is none, and look at no symbol of
/// another file: to ask each method of a program for its attributes binds them all. One search serves all rules.
/// </summary>
internal sealed class IsolatedFiles
{
    private static readonly string[] s_words = ["Isolated"];
    private static readonly ConditionalWeakTable<Compilation, IsolatedFiles> s_ofCompilation = new();

    private readonly INamedTypeSymbol? _attribute;
    private readonly HashSet<SyntaxTree> _files;
    private readonly bool _all;

    private IsolatedFiles(Compilation compilation, CancellationToken cancellationToken)
    {
        _attribute = compilation.GetTypeByMetadataName(IsolatedDeclaration.AttributeName);
        _files = _attribute is null ? [] : [.. TextSearch.FilesWith(compilation, s_words, cancellationToken)];
        _all = _files.Any(file => AliasesEverywhere(file, cancellationToken));
    }

    /// <summary>The type of <c>[Isolated]</c>.</summary>
    public INamedTypeSymbol Attribute => _attribute!; // where it is null, there are no files to be had

    /// <summary>Null for a compilation in which no method can be isolated.</summary>
    public static IsolatedFiles? TryGet(Compilation compilation, CancellationToken cancellationToken)
    {
        IsolatedFiles files = s_ofCompilation.GetValue(compilation, key => new(key, cancellationToken));
        return files._files.Count == 0 ? null : files;
    }

    /// <summary>Whether a part of the symbol stands in one of them.</summary>
    public bool Contain(ISymbol symbol)
    {
        if (_all)
        {
            return true;
        }

        foreach (Location location in symbol.Locations)
        {
            if (location.SourceTree is { } tree && _files.Contains(tree))
            {
                return true;
            }
        }

        return symbol is IMethodSymbol { PartialImplementationPart: { } other } && Contain(other);
    }

    // global using Alone = NsGen.IsolatedAttribute; and then [Alone] anywhere.
    private static bool AliasesEverywhere(SyntaxTree file, CancellationToken cancellationToken) =>
        file.GetRoot(cancellationToken) is CompilationUnitSyntax unit
        && unit.Usings.Any(static use => use.GlobalKeyword.IsKind(SyntaxKind.GlobalKeyword)
            && use is { Alias: not null, Name: { } name }
            && name.ToString().Contains(s_words[0]));
}
