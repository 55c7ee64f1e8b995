using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace NsGen.Analyzers.Body;

/// <summary>NSG304: the body calls the method that launches it.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class BodyCallsLauncherAnalyzer : BodyAnalyzer
{
    /// <summary>Diagnostic property: present where something in the body may end the recursion.</summary>
    internal const string MayEndProperty = "MayEnd";

    private static readonly DiagnosticDescriptor s_rule = RuleDescriptors.Create(
        RuleIds.BodyCallsLauncher,
        DiagnosticSeverity.Warning,
        "An isolated body calls its own launcher",
        "'{0}' calls '{1}', which launches '{0}' again: each child starts another, {2}. Call '{0}' itself to stay in this child.",
        "The launcher of a body starts a child for each call, wherever it is called from, and every child waits for the one it started.");

    private static readonly ImmutableDictionary<string, string?> s_mayEnd =
        ImmutableDictionary<string, string?>.Empty.Add(MayEndProperty, "");

    /// <summary>Creates the analyzer.</summary>
    public BodyCallsLauncherAnalyzer()
        : base(s_rule)
    {
    }

    private protected override void Analyze(BodyContext context)
    {
        foreach (IOperation operation in context.Operations())
        {
            if (operation is IInvocationOperation call && context.Launchers.Any(isolated => Calls(call, isolated.Launcher)))
            {
                bool mayEnd = MayBePassedOver(call);
                context.Report(
                    s_rule,
                    call,
                    mayEnd ? s_mayEnd : ImmutableDictionary<string, string?>.Empty,
                    context.Body.Name,
                    call.TargetMethod.Name,
                    mayEnd ? "unless a condition stops it" : "without end");
            }
        }
    }

    private static bool Calls(IInvocationOperation call, IMethodSymbol launcher)
    {
        IMethodSymbol target = call.TargetMethod.OriginalDefinition;
        return SymbolEqualityComparer.Default.Equals(target.PartialDefinitionPart ?? target, launcher);
    }

    /// <summary>The call is inside a condition, or behind a statement that may leave the body.</summary>
    private static bool MayBePassedOver(IOperation call)
    {
        for (IOperation operation = call; operation.Parent is { } parent; operation = parent)
        {
            switch (parent)
            {
                case IConditionalOperation conditional when operation != conditional.Condition:
                case IConditionalAccessOperation access when operation != access.Operation:
                case IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.ConditionalOr } binary
                    when operation != binary.LeftOperand:
                case ICoalesceOperation coalesce when operation != coalesce.Value:
                case ISwitchCaseOperation or ISwitchExpressionArmOperation or ICatchClauseOperation or ILoopOperation:
                case IAnonymousFunctionOperation or ILocalFunctionOperation:
                    return true;
                case IBlockOperation block when block.Operations.TakeWhile(statement => statement != operation).Any(MayLeave):
                    return true;
            }
        }

        return false;
    }

    private static bool MayLeave(IOperation statement) =>
        statement is not ILocalFunctionOperation
        && statement.DescendantsAndSelf().Any(static o => o is IReturnOperation or IThrowOperation);
}
