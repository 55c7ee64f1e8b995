using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace NsGen.Analyzers.Body;

/// <summary>NSG301: the body writes static state, which ends with the child.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
[NoCodeFix("The value has to become part of the result, and what the caller does with it is the caller's to say.")]
public sealed class StaticWriteDiesAnalyzer : BodyAnalyzer
{
    private static readonly DiagnosticDescriptor s_rule = RuleDescriptors.Create(
        RuleIds.StaticWriteDies,
        DiagnosticSeverity.Warning,
        "What an isolated body writes to static state dies with the child",
        "'{0}' writes '{1}' in the child process, and the write dies with the child: the caller's '{1}' stays as it is. Return the value instead.",
        "A child process has static fields of its own. Only the result and the exception cross back.");

    /// <summary>Creates the analyzer.</summary>
    public StaticWriteDiesAnalyzer()
        : base(s_rule)
    {
    }

    private protected override void Analyze(BodyContext context)
    {
        if (!context.RunsInProcess)
        {
            return;
        }

        foreach ((IOperation target, ISymbol member, bool isCache) in StaticState.Writes(context.Operations()))
        {
            if (!isCache)
            {
                context.Report(s_rule, target, context.Body.Name, StaticState.NameOf(member));
            }
        }
    }
}
