using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace NsGen.Analyzers.Declaration;

/// <summary>NSG002: a type around an isolated method takes no other part, so the generator writes nothing.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ContainingTypeAnalyzer : DeclarationAnalyzer
{
    private static readonly DiagnosticDescriptor s_rule = RuleDescriptors.Create(
        RuleIds.ContainingTypeNotPartial,
        DiagnosticSeverity.Error,
        "Every type around an isolated method must be partial",
        "'{0}' contains the isolated method '{1}', but {2}: the generator cannot write the method's other part. {3}.",
        "The generator writes the other part of the method into another part of its type, and of each type around that.");

    /// <summary>Creates the analyzer.</summary>
    public ContainingTypeAnalyzer()
        : base(s_rule)
    {
    }

    private protected override void Register(CompilationStartAnalysisContext context, IsolatedFiles files) =>
        context.RegisterSymbolAction(
            symbol =>
            {
                var type = (INamedTypeSymbol)symbol.Symbol;
                if (!files.Contain(type))
                {
                    return;
                }

                foreach (SyntaxReference reference in type.DeclaringSyntaxReferences)
                {
                    if (reference.GetSyntax(symbol.CancellationToken) is TypeDeclarationSyntax syntax
                        && (type.IsFileLocal || !syntax.Modifiers.Any(SyntaxKind.PartialKeyword))
                        && FirstIsolated(type, files.Attribute) is { } method)
                    {
                        symbol.ReportDiagnostic(Diagnostic.Create(
                            s_rule,
                            syntax.Identifier.GetLocation(),
                            type.Name,
                            method.Name,
                            type.IsFileLocal ? "is seen in its file only" : "is not partial",
                            type.IsFileLocal ? "Remove 'file'" : "Add 'partial'"));
                    }
                }
            },
            SymbolKind.NamedType);

    private static IMethodSymbol? FirstIsolated(INamedTypeSymbol type, INamedTypeSymbol attribute)
    {
        foreach (ISymbol member in type.GetMembers())
        {
            if (member is IMethodSymbol { MethodKind: MethodKind.Ordinary } method && IsolatedDeclaration.Find(method, attribute) is not null)
            {
                return method;
            }
        }

        return type.GetTypeMembers().Select(nested => FirstIsolated(nested, attribute)).FirstOrDefault(static method => method is not null);
    }
}
