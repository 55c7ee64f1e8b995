using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace NsGen.Analyzers.Declaration;

/// <summary>NSG010: no namespace is created, and none joined.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
[NoCodeFix("What is to be isolated is the programmer's to say.")]
public sealed class NoNamespaceAnalyzer : DeclarationAnalyzer
{
    private static readonly DiagnosticDescriptor s_rule = RuleDescriptors.Create(
        RuleIds.NoNamespace,
        DiagnosticSeverity.Info,
        "No namespace is named, so nothing is isolated",
        "'{0}' names no namespace: its body runs in {1}, in the namespaces of the caller. Name what is to be isolated, such as Namespaces.Mount.",
        "A child in the caller's namespaces sees the host's processes, network, mounts and host name. That may be all that is wanted: memory of its own, and a crash that harms nobody.");

    /// <summary>Creates the analyzer.</summary>
    public NoNamespaceAnalyzer()
        : base(s_rule)
    {
    }

    private protected override void Analyze(SymbolAnalysisContext context, IsolatedDeclaration declaration)
    {
        if (!declaration.HasOptions && (declaration.Created | declaration.MayJoin) == 0)
        {
            context.ReportDiagnostic(Diagnostic.Create(
                s_rule,
                declaration.At(null),
                declaration.Method.Name,
                declaration.Attribute.IsThread ? "a thread like any other" : "a child process like any other"));
        }
    }
}
