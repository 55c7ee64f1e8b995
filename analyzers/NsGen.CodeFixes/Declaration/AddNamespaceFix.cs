using System.Composition;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NsGen.Analyzers;
using NsGen.Analyzers.Declaration;

namespace NsGen.CodeFixes.Declaration;

/// <summary>NSG008: creates the namespace that the option belongs to.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class AddNamespaceFix : RuleFix
{
    /// <summary>Creates the fixer.</summary>
    public AddNamespaceFix()
        : base(RuleIds.OptionWithoutNamespace)
    {
    }

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SemanticModel? model = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (model is null
            || root?.FindToken(context.Span.Start).Parent?.FirstAncestorOrSelf<AttributeArgumentSyntax>() is not { Parent: AttributeArgumentListSyntax list }
            || !context.Diagnostics[0].Properties.TryGetValue(OptionWithoutNamespaceAnalyzer.MissingProperty, out string? missing)
            || missing is null
            || list.FirstAncestorOrSelf<MethodDeclarationSyntax>() is not { } method)
        {
            return;
        }

        string flags = string.Join(" | ", missing.Split(',').Select(name => Name(name, model, method.Identifier.SpanStart)));
        Offer(
            context,
            string.Format(CultureInfo.InvariantCulture, "Add {0}", missing.Replace(",", " | ")),
            nameof(AddNamespaceFix),
            _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(list, Add(list, flags, model)))));
    }

    /// <summary>The shortest text that means this flag here.</summary>
    private static string Name(string flag, SemanticModel model, int position)
        => new[] { flag, "Namespaces." + flag, "NsGen.Namespaces." + flag }.FirstOrDefault(text =>
            model.GetSpeculativeSymbolInfo(position, SyntaxFactory.ParseExpression(text), SpeculativeBindingOption.BindAsExpression).Symbol
                is IFieldSymbol { ContainingType: { Name: "Namespaces", ContainingNamespace.Name: "NsGen" } })
            ?? "global::NsGen.Namespaces." + flag;

    private static AttributeArgumentListSyntax Add(AttributeArgumentListSyntax list, string flags, SemanticModel model)
    {
        if (list.Arguments.FirstOrDefault(static argument => argument.NameEquals is null) is not { } created)
        {
            AttributeArgumentSyntax first = SyntaxFactory.AttributeArgument(SyntaxFactory.ParseExpression(flags));
            return list.WithArguments(SyntaxFactory.SeparatedList(
                list.Arguments.Insert(0, first),
                Enumerable.Repeat(SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(SyntaxFactory.Space), 1)
                    .Concat(list.Arguments.GetSeparators())));
        }

        ExpressionSyntax expression = created.Expression;
        bool isNone = model.GetConstantValue(expression) is { HasValue: true, Value: 0 };
        bool isPlain = expression is NameSyntax or MemberAccessExpressionSyntax or ParenthesizedExpressionSyntax or CastExpressionSyntax
            or BinaryExpressionSyntax { RawKind: (int)SyntaxKind.BitwiseOrExpression };
        string text = isNone ? flags : isPlain ? $"{expression.WithoutTrivia()} | {flags}" : $"({expression.WithoutTrivia()}) | {flags}";
        return list.ReplaceNode(expression, SyntaxFactory.ParseExpression(text).WithTriviaFrom(expression));
    }
}
