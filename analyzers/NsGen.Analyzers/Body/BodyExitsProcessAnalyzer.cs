using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace NsGen.Analyzers.Body;

/// <summary>NSG307: the body ends its process before its result has crossed.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class BodyExitsProcessAnalyzer : BodyAnalyzer
{
    private static readonly DiagnosticDescriptor s_rule = RuleDescriptors.Create(
        RuleIds.BodyExitsProcess,
        DiagnosticSeverity.Warning,
        "An isolated body ends its process, and its result is lost",
        "'Environment.{0}' in '{1}' ends {2}. {3}.",
        "The launcher sends result or exception to the caller when the body returns or throws. A body that ends its process does neither.");

    /// <summary>Creates the analyzer.</summary>
    public BodyExitsProcessAnalyzer()
        : base(s_rule)
    {
    }

    private protected override void Analyze(BodyContext context)
    {
        foreach (IOperation operation in context.Operations())
        {
            if (operation is IInvocationOperation
                {
                    TargetMethod:
                    {
                        Name: "Exit" or "FailFast",
                        ContainingType: { Name: "Environment", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } }
                    } method
                })
            {
                context.Report(
                    s_rule,
                    operation,
                    method.Name,
                    context.Body.Name,
                    context.RunsInProcess
                        ? "the child before its result has crossed, and the call fails"
                        : "the whole process, the caller with it",
                    method.Name == "Exit" ? "Return instead, or throw for a failure" : "Throw instead");
            }
        }
    }
}
