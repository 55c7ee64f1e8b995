using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using NsGen.Analyzers.RawCalls;
using NsGen.Launch;

namespace NsGen.Analyzers.Body;

/// <summary>NSG305: a body in a time namespace looks at the wall clock.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
[NoCodeFix("The other clocks do not tell the time of day: what is meant has to be said.")]
public sealed class WallClockUnchangedAnalyzer : BodyAnalyzer
{
    private static readonly DiagnosticDescriptor s_rule = RuleDescriptors.Create(
        RuleIds.WallClockUnchanged,
        DiagnosticSeverity.Info,
        "A time namespace does not move the wall clock",
        "'{0}' in '{1}' is the host's time: a time namespace moves CLOCK_MONOTONIC and CLOCK_BOOTTIME, never CLOCK_REALTIME. Use Stopwatch for a clock that is moved, or pass the time as an argument.",
        "The kernel keeps offsets of the monotonic and the boot-time clock per namespace. There is one wall clock for the whole machine.");

    /// <summary>Creates the analyzer.</summary>
    public WallClockUnchangedAnalyzer()
        : base(s_rule)
    {
    }

    private protected override void Analyze(BodyContext context)
    {
        if (!context.Launchers.Any(static isolated => ((isolated.Created | isolated.Joined) & CloneFlagRules.NewTime) != 0))
        {
            return;
        }

        foreach (IOperation operation in context.Operations())
        {
            if (ClockOf(operation) is { } clock)
            {
                context.Report(s_rule, operation, clock, context.Body.Name);
            }
        }
    }

    private static string? ClockOf(IOperation operation) => operation switch
    {
        IPropertyReferenceOperation { Property: { Name: "UtcNow" or "Now" or "Today", IsStatic: true, ContainingType: var type } property }
            when type.Name is "DateTime" or "DateTimeOffset" && IsInSystem(type) => type.Name + "." + property.Name,
        IInvocationOperation { TargetMethod: { Name: "GetUtcNow" or "GetLocalNow", ContainingType: { Name: "TimeProvider" } type } method } call
            when IsInSystem(type)
                && call.Instance?.WithoutConversions() is IPropertyReferenceOperation { Property: { Name: "System", IsStatic: true } }
            => "TimeProvider.System." + method.Name,
        _ => null,
    };

    private static bool IsInSystem(INamedTypeSymbol type) =>
        type.ContainingNamespace is { Name: "System", ContainingNamespace.IsGlobalNamespace: true };
}
