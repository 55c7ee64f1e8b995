using System.Composition;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NsGen.Analyzers;
using NsGen.Analyzers.CloneFlags;
using NsGen.Analyzers.RawCalls;

namespace NsGen.CodeFixes.CloneFlags;

/// <summary>NSG101: drops or adds the flags that the diagnostic names, so that the kernel takes the rest.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class RefusedFlagsFix : RuleFix
{
    /// <summary>Creates the fixer.</summary>
    public RefusedFlagsFix()
        : base(RuleIds.RefusedFlags)
    {
    }

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        Diagnostic diagnostic = context.Diagnostics[0];
        ulong add = Read(diagnostic, RefusedFlagsAnalyzer.AddProperty);
        ulong drop = Read(diagnostic, RefusedFlagsAnalyzer.DropProperty);
        SemanticModel? model = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (model is null
            || root?.FindNode(context.Span, getInnermostNodeForTie: true) is not ExpressionSyntax flags
            || RawCallReader.TryGet(model.Compilation, context.Document.Project.AnalyzerOptions, context.CancellationToken) is not { } reader
            || Edit(flags, model, reader, add, drop) is not { } edited)
        {
            return;
        }

        string title = drop == 0
            ? "Add " + CloneFlagNames.Format(add, ", ")
            : add == 0 ? "Drop " + CloneFlagNames.Format(drop, ", ") : $"Add {CloneFlagNames.Format(add, ", ")}, drop {CloneFlagNames.Format(drop, ", ")}";
        Offer(context, title, nameof(RefusedFlagsFix), _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(flags, edited))));
    }

    private static ExpressionSyntax? Edit(ExpressionSyntax flags, SemanticModel model, RawCallReader reader, ulong add, ulong drop)
    {
        ExpressionSyntax? edited = drop == 0 ? flags : FlagExpressions.Drop(flags, model, reader, drop);
        if (edited is null)
        {
            return null;
        }

        for (ulong flag = 1; flag != 0 && flag <= add; flag <<= 1)
        {
            if ((add & flag) != 0)
            {
                if (CloneFlagNames.NameOf(flag) is not { } name)
                {
                    return null;
                }

                edited = FlagExpressions.Add(edited, flags, model, name, flag);
            }
        }

        return edited;
    }

    private static ulong Read(Diagnostic diagnostic, string property) =>
        diagnostic.Properties.TryGetValue(property, out string? hex)
        && ulong.TryParse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong value)
            ? value
            : 0;
}
