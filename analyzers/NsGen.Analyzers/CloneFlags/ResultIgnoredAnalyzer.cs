using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using NsGen.Analyzers.Flow;
using NsGen.Analyzers.RawCalls;

namespace NsGen.Analyzers.CloneFlags;

/// <summary>NSG106: code that goes on after a refused clone, unshare or setns runs in the namespaces it wanted to leave.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ResultIgnoredAnalyzer : RawCallAnalyzer
{
    /// <summary>Diagnostic property: the P/Invoke keeps errno for Marshal.GetLastPInvokeError.</summary>
    internal const string SetsLastErrorProperty = "SetsLastError";

    private static readonly DiagnosticDescriptor s_rule = RuleDescriptors.Create(
        RuleIds.ResultIgnored,
        DiagnosticSeverity.Warning,
        "The result of clone, unshare or setns must be looked at",
        "The result of '{0}' is not looked at: if the kernel refuses, the code goes on {1}. Throw if it is -1.",
        "These calls fail in many environments (a container without CAP_SYS_ADMIN, an exhausted user.max_*_namespaces), and what follows is then not isolated.");

    /// <summary>Creates the analyzer.</summary>
    public ResultIgnoredAnalyzer()
        : base(s_rule)
    {
    }

    private protected override void Analyze(RawCallContext context)
    {
        RawCall call = context.Call;
        if ((call.Function != RawFunction.Clone && call.Function != RawFunction.Unshare && call.Function != RawFunction.Setns)
            || call.ResultIsHandledInside
            || IsLookedAt(context))
        {
            return;
        }

        context.Report(
            s_rule,
            call.Invocation.Syntax.GetLocation(),
            call.SetsLastError
                ? ImmutableDictionary<string, string?>.Empty.Add(SetsLastErrorProperty, "")
                : ImmutableDictionary<string, string?>.Empty,
            context.CalledName,
            call.Function == RawFunction.Clone ? "without the child" : "in the namespaces it was in");
    }

    private static bool IsLookedAt(RawCallContext context)
    {
        IOperation? user = context.Call.Invocation.Parent;
        while (user is IConversionOperation or IParenthesizedOperation)
        {
            user = user.Parent;
        }

        return user switch
        {
            IExpressionStatementOperation => ErrnoIsReadNext(context),
            IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator } => IsReadLater(context, declarator.Symbol),
            ISimpleAssignmentOperation { Target: ILocalReferenceOperation target, Parent: IExpressionStatementOperation } =>
                IsReadLater(context, target.Local),

            // A discard says that it is meant; any other use looks at the value.
            _ => true,
        };
    }

    private static bool IsReadLater(RawCallContext context, ILocalSymbol local)
    {
        IInvocationOperation invocation = context.Call.Invocation;
        if (IsCaptured(invocation, local) || FlowSearch.From(context.GetControlFlowGraph(), invocation) is not { } flow)
        {
            return true;
        }

        return flow.Finds(step =>
        {
            bool written = false;
            foreach (IOperation part in step.DescendantsAndSelf())
            {
                if (part is ILocalReferenceOperation reference && SymbolEqualityComparer.Default.Equals(reference.Local, local))
                {
                    if (reference.Parent is not ISimpleAssignmentOperation assignment || assignment.Target != reference)
                    {
                        return FlowStep.Found;
                    }

                    written = true;
                }
            }

            return written ? FlowStep.Stop : FlowStep.Continue;
        });
    }

    // Then the order of things is not that of one flow graph.
    private static bool IsCaptured(IOperation invocation, ILocalSymbol local)
    {
        IOperation? function = Function(invocation);
        foreach (IOperation operation in invocation.Root().Descendants())
        {
            if (operation is ILocalReferenceOperation reference
                && SymbolEqualityComparer.Default.Equals(reference.Local, local)
                && Function(reference) != function)
            {
                return true;
            }
        }

        return false;

        static IOperation? Function(IOperation operation)
        {
            IOperation? parent = operation.Parent;
            while (parent is not (null or IAnonymousFunctionOperation or ILocalFunctionOperation))
            {
                parent = parent.Parent;
            }

            return parent;
        }
    }

    /// <summary>With SetLastError .NET clears errno before the call, so reading it afterwards tells as much as the result does.</summary>
    private static bool ErrnoIsReadNext(RawCallContext context)
    {
        RawCallReader reader = context.Reader;
        return FlowSearch.From(context.GetControlFlowGraph(), context.Call.Invocation) is { } flow
            && flow.Finds(step =>
            {
                foreach (IOperation part in step.DescendantsAndSelf())
                {
                    switch (part)
                    {
                        case IInvocationOperation { TargetMethod: { ContainingType.Name: "Marshal", Name: "GetLastPInvokeError" or "GetLastWin32Error" or "GetLastSystemError" } }:
                        case IObjectCreationOperation { Type.Name: "Win32Exception", Arguments.Length: 0 }:
                        case IPropertyReferenceOperation { Property.Name: "errno" } property when reader.IsTmdsMember(property.Property):
                            return FlowStep.Found;
                        case IInvocationOperation other when reader.TryRead(other, out _):
                            return FlowStep.Stop;
                    }
                }

                return FlowStep.Continue;
            });
    }
}
