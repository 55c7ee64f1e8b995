using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace NsGen.Generator.Tests.Harness;

/// <summary>A program with the code generated for it.</summary>
internal sealed class GeneratedProgram(Compilation compilation, GeneratorDriverRunResult result)
{
    public Compilation Compilation { get; } = compilation;

    /// <summary>The generated files by their hint names, in order.</summary>
    public ImmutableSortedDictionary<string, string> Files { get; } = result.Results.Single().GeneratedSources
        .ToImmutableSortedDictionary(static file => file.HintName, static file => file.SourceText.ToString(), StringComparer.Ordinal);

    /// <summary>The file of a method.</summary>
    public string this[string hintName] => Files.TryGetValue(hintName, out string? text)
        ? text
        : throw new KeyNotFoundException($"There is no {hintName}. Generated were: {string.Join(", ", Files.Keys)}");

    /// <summary>All files, for what must be found anywhere.</summary>
    public string AllText => string.Join('\n', Files.Values);
}
