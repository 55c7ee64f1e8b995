using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace NsGen.Benchmarks;

// Nobody loads it by its attribute, and its rule is none.
#pragma warning disable RS1001, RS1036, RS2008
/// <summary>Does nothing. What a compilation takes longer with it is the compiler's part in having any analyzer at all.</summary>
/// <param name="looks">Whether it lets itself be shown every body.</param>
internal sealed class IdleAnalyzer(bool looks) : DiagnosticAnalyzer
{
    private static readonly DiagnosticDescriptor s_rule = new("IDLE", "Idle", "Idle", "Idle", DiagnosticSeverity.Warning, isEnabledByDefault: true);

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [s_rule];

    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        if (looks)
        {
            context.RegisterOperationBlockAction(static _ => { });
        }
    }
}
