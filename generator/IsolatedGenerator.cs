using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NsGen.Generator.Emit;
using NsGen.Generator.Model;
using NsGen.Generator.Parse;

namespace NsGen.Generator;

/// <summary>
/// Writes the implementing part of each <c>[Isolated]</c> method, and one module initializer by which a child finds the bodies. It
/// reports nothing: an invalid declaration gets a body that throws and says why, and the analyzers say so in the editor.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class IsolatedGenerator : IIncrementalGenerator
{
    internal const string AttributeName = "NsGen.IsolatedAttribute";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValuesProvider<MethodModel> methods = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                AttributeName,
                static (node, _) => node is MethodDeclarationSyntax,
                static (target, cancellationToken) => MethodParser.Parse(target, cancellationToken))
            .Where(static method => method is not null)
            .Select(static (method, _) => method!)
            .WithTrackingName(TrackingNames.Methods);

        // Collected only to name the files: an unchanged (name, model) pair is still not emitted again.
        IncrementalValuesProvider<FileModel> files = methods
            .Collect()
            .SelectMany(static (all, _) => HintNames.Assign(all))
            .WithTrackingName(TrackingNames.Files);

        IncrementalValuesProvider<EntryModel> entry = methods
            .Collect()
            .SelectMany(static (all, _) => EntryParser.Parse(all))
            .WithTrackingName(TrackingNames.Entry);

        context.RegisterSourceOutput(files, static (output, file) => output.AddSource(file.HintName, MethodEmitter.Emit(file.Method)));
        context.RegisterSourceOutput(entry, static (output, model) => output.AddSource("NsGen.Entry.g.cs", EntryEmitter.Emit(model)));
    }
}
