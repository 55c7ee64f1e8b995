using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace NsGen.Analyzers.Body;

/// <summary>NSG302: the body reads static state that is assigned while the caller runs.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
[NoCodeFix("Passing the value changes the signature of launcher and body, and every call.")]
public sealed class StaticReadIsInitialAnalyzer : BodyAnalyzer
{
    private static readonly DiagnosticDescriptor s_rule = RuleDescriptors.Create(
        RuleIds.StaticReadIsInitial,
        DiagnosticSeverity.Info,
        "An isolated body sees the initial value of static state",
        "'{0}' reads '{1}', which '{2}' assigns in the calling process: the child is a new process and sees the initial value. Pass it as an argument.",
        "A child process runs static initialisers anew. What the caller assigned since it started does not cross; arguments do.");

    /// <summary>Creates the analyzer.</summary>
    public StaticReadIsInitialAnalyzer()
        : base(s_rule)
    {
    }

    private protected override void Analyze(BodyContext context)
    {
        if (!context.RunsInProcess)
        {
            return;
        }

        List<IOperation> operations = context.Operations();
        HashSet<ISymbol>? done = null;
        foreach (IOperation operation in operations)
        {
            // What the body writes itself is not reported, nor is the second read.
            if (MemberRead(operation) is { } member
                && StaticState.IsState(member)
                && (done ??= Written(operations)).Add(member)
                && RunTimeAssignments.Find(member, context.Body, context.CancellationToken) is { } assigner)
            {
                context.Report(s_rule, operation, context.Body.Name, StaticState.NameOf(member), assigner);
            }
        }
    }

    private static HashSet<ISymbol> Written(List<IOperation> operations) =>
        new(StaticState.Writes(operations).Select(static write => write.Member), SymbolEqualityComparer.Default);

    private static ISymbol? MemberRead(IOperation operation) => operation switch
    {
        IFieldReferenceOperation { Field: { IsStatic: true, IsConst: false, IsReadOnly: false } field } => field.OriginalDefinition,
        IPropertyReferenceOperation { Property: { IsStatic: true, SetMethod: not null } property } when HasOwnField(property)
            => property.OriginalDefinition,
        _ => null,
    };

    private static bool HasOwnField(IPropertySymbol property) => property.ContainingType.GetMembers().OfType<IFieldSymbol>()
        .Any(field => SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property));
}
