using System.Collections.Immutable;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace NsGen.CodeFixes;

/// <summary>Base of the fixers: each can be applied everywhere at once, and checks all it needs before it offers itself.</summary>
public abstract class RuleFix : CodeFixProvider
{
    private readonly ImmutableArray<string> _ruleIds;

    private protected RuleFix(params string[] ruleIds) => _ruleIds = ImmutableArray.Create(ruleIds);

    /// <inheritdoc/>
    public sealed override ImmutableArray<string> FixableDiagnosticIds => _ruleIds;

    /// <inheritdoc/>
    public sealed override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <summary>Offers an edit of the document. <paramref name="key"/> is what fix-all repeats; titles may differ from place to place.</summary>
    private protected static void Offer(
        CodeFixContext context, string title, string key, Func<CancellationToken, Task<Microsoft.CodeAnalysis.Document>> edit) =>
        context.RegisterCodeFix(CodeAction.Create(title, edit, key), context.Diagnostics);
}
