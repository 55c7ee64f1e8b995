using System.Composition;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NsGen.Analyzers;
using NsGen.Analyzers.Declaration;

namespace NsGen.CodeFixes.Declaration;

/// <summary>NSG001: adds the modifiers that are missing.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class ModifiersFix : RuleFix
{
    /// <summary>Creates the fixer.</summary>
    public ModifiersFix()
        : base(RuleIds.IsolatedMethodShape)
    {
    }

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (root?.FindToken(context.Span.Start).Parent is not MethodDeclarationSyntax { ExplicitInterfaceSpecifier: null } method
            || !context.Diagnostics[0].Properties.TryGetValue(InvalidDeclarationAnalyzer.MissingModifiers, out string? missing)
            || missing is null
            || method.Modifiers.Any(static token => token.Kind() is SyntaxKind.AbstractKeyword or SyntaxKind.VirtualKeyword
                or SyntaxKind.OverrideKeyword or SyntaxKind.SealedKeyword or SyntaxKind.ExternKeyword or SyntaxKind.AsyncKeyword or SyntaxKind.ReadOnlyKeyword))
        {
            return;
        }

        Offer(
            context,
            string.Format(CultureInfo.InvariantCulture, "Declare it '{0}'", missing),
            nameof(ModifiersFix),
            _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(method, Add(method, missing.Split(' '))))));
    }

    private static MethodDeclarationSyntax Add(MethodDeclarationSyntax method, string[] missing)
    {
        List<SyntaxToken> modifiers = [.. method.Modifiers];
        SyntaxTriviaList leading = modifiers.Count > 0 ? modifiers[0].LeadingTrivia : method.ReturnType.GetLeadingTrivia();
        if (modifiers.Count > 0)
        {
            modifiers[0] = modifiers[0].WithLeadingTrivia();
        }

        foreach (string name in missing)
        {
            // The order in which they are usually written: access, static, others, partial.
            int at = name switch
            {
                "partial" => modifiers.Count,
                "static" => modifiers.FindLastIndex(IsAccess) + 1,
                _ => 0,
            };

            // Not ParseToken, which takes partial for an identifier.
            SyntaxKind kind = name == "partial" ? SyntaxKind.PartialKeyword : SyntaxFacts.GetKeywordKind(name);
            modifiers.Insert(at, SyntaxFactory.Token(kind).WithTrailingTrivia(SyntaxFactory.Space));
        }

        modifiers[0] = modifiers[0].WithLeadingTrivia(leading);
        return method.WithReturnType(method.Modifiers.Count > 0 ? method.ReturnType : method.ReturnType.WithLeadingTrivia())
            .WithModifiers(SyntaxFactory.TokenList(modifiers));
    }

    private static bool IsAccess(SyntaxToken token) => token.Kind()
        is SyntaxKind.PublicKeyword or SyntaxKind.InternalKeyword or SyntaxKind.ProtectedKeyword or SyntaxKind.PrivateKeyword;
}
