using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace NsGen.Analyzers.Declaration;

/// <summary>Base of the rules about declarations. Registers nothing in a compilation that does not write <c>[Isolated]</c>.</summary>
public abstract class DeclarationAnalyzer : DiagnosticAnalyzer
{
    private readonly ImmutableArray<DiagnosticDescriptor> _rules;

    private protected DeclarationAnalyzer(params DiagnosticDescriptor[] rules) => _rules = ImmutableArray.Create(rules);

    /// <inheritdoc/>
    public sealed override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => _rules;

    /// <inheritdoc/>
    public sealed override void Initialize(AnalysisContext context)
    {
        // The other part that the generator writes bears [GeneratedCode]. C# counts it to the method, so Roslyn takes the declaration, which
        // the programmer wrote, for generated code.
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.Analyze | GeneratedCodeAnalysisFlags.ReportDiagnostics);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(start =>
        {
            if (IsolatedFiles.TryGet(start.Compilation, start.CancellationToken) is { } files)
            {
                Register(start, files);
            }
        });
    }

    /// <summary>Registers what the rule needs; by default a look at each declaration.</summary>
    private protected virtual void Register(CompilationStartAnalysisContext context, IsolatedFiles files) =>
        context.RegisterSymbolAction(
            symbol =>
            {
                if (files.Contain(symbol.Symbol) && IsolatedDeclaration.Read(symbol.Symbol, files.Attribute, symbol.CancellationToken) is { } declaration)
                {
                    Analyze(symbol, declaration);
                }
            },
            SymbolKind.Method);

    private protected virtual void Analyze(SymbolAnalysisContext context, IsolatedDeclaration declaration)
    {
    }
}
