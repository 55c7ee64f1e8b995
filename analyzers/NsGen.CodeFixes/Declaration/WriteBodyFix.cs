using System.Composition;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NsGen.Analyzers;
using NsGen.Analyzers.Declaration;
using NsGen.CodeFixes.CloneFlags;
using NsGen.Generator.Model;
using NsGen.Generator.Parse;

namespace NsGen.CodeFixes.Declaration;

/// <summary>NSG003: writes a body below the isolated method, to be filled in.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class WriteBodyFix : RuleFix
{
    /// <summary>Creates the fixer.</summary>
    public WriteBodyFix()
        : base(RuleIds.BodyMethodMissing)
    {
    }

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SemanticModel? model = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (model?.Compilation.GetTypeByMetadataName(IsolatedDeclaration.AttributeName) is not { } attribute
            || root?.FindToken(context.Span.Start).Parent?.FirstAncestorOrSelf<MethodDeclarationSyntax>() is not { } syntax
            || model.GetDeclaredSymbol(syntax, context.CancellationToken) is not { } method
            || IsolatedDeclaration.Read(method, attribute, context.CancellationToken) is not { } declaration)
        {
            return;
        }

        string name = BodyFinder.NameOf(method, declaration.Attribute);
        if (SyntaxFacts.IsValidIdentifier(name)
            && IsFree(name, declaration)
            && Write(name, declaration, ResultIgnoredFix.EndOfLine(root)) is { } body)
        {
            Offer(
                context,
                string.Format(CultureInfo.InvariantCulture, "Write '{0}'", name),
                nameof(WriteBodyFix),
                _ => Task.FromResult(context.Document.WithSyntaxRoot(root.InsertNodesAfter(syntax, [body]))));
        }
    }

    /// <summary>Whether the type may have such a method beside what it has already.</summary>
    private static bool IsFree(string name, IsolatedDeclaration declaration)
    {
        IParameterSymbol[] parameters = [.. declaration.Method.Parameters.Where(static parameter => !MethodParser.IsForLaunch(parameter))];
        return declaration.Method.ContainingType.Name != name
            && declaration.Method.ContainingType.GetMembers(name).All(member =>
                member is IMethodSymbol method
                    && (method.Arity != declaration.Method.Arity
                        || method.Parameters.Length != parameters.Length
                        || method.Parameters.Zip(parameters, static (its, wanted) =>
                            SymbolEqualityComparer.Default.Equals(its.Type, wanted.Type)).Contains(false)));
    }

    private static MemberDeclarationSyntax? Write(string name, IsolatedDeclaration declaration, string eol)
    {
        MethodDeclarationSyntax syntax = declaration.Syntax;
        string indent = syntax.GetLeadingTrivia() is [.., { RawKind: (int)SyntaxKind.WhitespaceTrivia } space] ? space.ToString() : "";
        string parameters = string.Join(", ", declaration.Method.Parameters
            .Zip(syntax.ParameterList.Parameters, static (symbol, parameter) => (symbol, parameter))
            .Where(static pair => !MethodParser.IsForLaunch(pair.symbol))
            .Select(static pair => $"{pair.parameter.Type} {pair.parameter.Identifier}"));
        string modifiers = (declaration.Method.IsStatic || !declaration.Attribute.IsThread ? "private static " : "private ")
            + (syntax.Modifiers.Any(SyntaxKind.UnsafeKeyword) ? "unsafe " : "");
        string constraints = string.Concat(syntax.ConstraintClauses.Select(static clause => " " + clause.WithoutTrivia()));
        string text = $"{modifiers}{Result(declaration)} {Names.Escape(name)}{syntax.TypeParameterList?.WithoutTrivia()}({parameters}){constraints}"
            + " => throw new System.NotImplementedException();";
        return SyntaxFactory.ParseMemberDeclaration(eol + indent + text + eol);
    }

    /// <summary>The body's result: the launcher's, but for a process, which is the launcher's alone, and a task on a thread.</summary>
    private static string Result(IsolatedDeclaration declaration)
    {
        TypeSyntax written = declaration.Syntax.ReturnType.WithoutTrivia();
        return Results.OfLauncher(declaration.Method).Launcher is var launcher
            && (launcher == Launcher.Starts || (launcher == Launcher.Awaits && declaration.Attribute.IsThread))
                ? written.DescendantNodesAndSelf().OfType<GenericNameSyntax>().FirstOrDefault()?.TypeArgumentList.Arguments[0].WithoutTrivia().ToString() ?? "void"
                : written.ToString();
    }
}
