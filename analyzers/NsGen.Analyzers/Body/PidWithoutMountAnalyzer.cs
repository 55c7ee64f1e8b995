using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using NsGen.Generator.Parse;
using NsGen.Launch;

namespace NsGen.Analyzers.Body;

/// <summary>NSG306: a PID namespace whose /proc is the host's.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class PidWithoutMountAnalyzer : BodyAnalyzer
{
    private static readonly DiagnosticDescriptor s_rule = RuleDescriptors.Create(
        RuleIds.PidWithoutMount,
        DiagnosticSeverity.Warning,
        "A PID namespace without a mount namespace sees the host's /proc",
        "'{0}' creates a PID namespace without a mount namespace: /proc still shows the host's processes, by the host's numbers. Add Mount, and a /proc of its own is mounted.",
        "A mounted proc shows the PID namespace it was mounted for. Another can be mounted on /proc only where that does not replace the host's.");

    /// <summary>Creates the analyzer.</summary>
    public PidWithoutMountAnalyzer()
        : base(s_rule)
    {
    }

    private protected override void Register(CompilationStartAnalysisContext context, IsolatedMethods methods) =>
        context.RegisterSymbolAction(
            symbol =>
            {
                foreach (IsolatedMethod isolated in methods.Of((INamedTypeSymbol)symbol.Symbol, symbol.CancellationToken))
                {
                    if (SeesHostProcesses(isolated)
                        && isolated.Attribute.ApplicationSyntaxReference?.GetSyntax(symbol.CancellationToken) is { } attribute)
                    {
                        symbol.ReportDiagnostic(Diagnostic.Create(s_rule, attribute.GetLocation(), isolated.Launcher.Name));
                    }
                }
            },
            SymbolKind.NamedType);

    // With options, the namespaces may be others at run time.
    private static bool SeesHostProcesses(IsolatedMethod isolated) =>
        (isolated.Created & CloneFlagRules.NewPid) != 0
        && ((isolated.Created | isolated.MayJoin) & CloneFlagRules.NewNs) == 0
        && !isolated.IsThread
        && (isolated.RunsProgram || isolated.Body is not null)
        && !isolated.Launcher.Parameters.Any(MethodParser.IsOptions);
}
