using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NsGen.Analyzers.Flow;
using NsGen.Analyzers.RawCalls;

namespace NsGen.Analyzers.SetnsUnshare;

/// <summary>Calls that must have been made before another: unshare(CLONE_FS) before setns, setgroups before gid_map.</summary>
internal static class Preparation
{
    /// <summary>
    /// Whether control certainly gets to the call without a call that <paramref name="prepares"/>: none on the way to it in its own
    /// body or in the methods called there, and none in the methods that call this one.
    /// </summary>
    public static bool IsMissing(RawCallContext context, Func<IInvocationOperation, bool> prepares) =>
        IsMissing(context.Call.Invocation, context.GetControlFlowGraph(), context.Reader, prepares, context.CancellationToken);

    /// <inheritdoc cref="IsMissing(RawCallContext, Func{IInvocationOperation, bool})"/>
    public static bool IsMissing(
        IOperation call,
        Microsoft.CodeAnalysis.FlowAnalysis.ControlFlowGraph graph,
        RawCallReader reader,
        Func<IInvocationOperation, bool> prepares,
        CancellationToken cancellationToken)
    {
        MemberScan scan = new(reader.Compilation, cancellationToken);
        FlowQuery query = new(o => MayDo(o, call, scan, prepares) ? FlowEffect.Close : FlowEffect.None) { OpenAtEntry = true };
        return FlowWalk.Find(graph, call, query).Count > 0 && !IsDoneAround(call, scan, prepares);
    }

    /// <summary>The call prepares, or calls something that does; a delegate may do anything.</summary>
    public static bool MayDo(IOperation operation, IOperation except, MemberScan scan, Func<IInvocationOperation, bool> does) =>
        operation is IInvocationOperation invocation
        && invocation != except
        && (does(invocation)
            || invocation.TargetMethod.MethodKind == MethodKind.DelegateInvoke
            || scan.BodyDoes(invocation.TargetMethod, does));

    private static bool IsDoneAround(IOperation call, MemberScan scan, Func<IInvocationOperation, bool> prepares)
    {
        IOperation? function = FunctionOf(call);
        if (IsBodyOfThread(function))
        {
            return false;
        }

        if (MemberScan.MemberOf(call.Syntax) is not { } member)
        {
            // A field's initializer: nobody knows when it runs.
            return true;
        }

        return (function is not null && scan.Does(member, prepares, except: function.Syntax))
            || (MemberScan.NameOf(member) is { } name
                && scan.Referrers(name).Any(r => r.Member != member && scan.Does(r.Member, prepares, except: member)));
    }

    /// <summary>The lambda or local function an operation is directly in; null if it is none.</summary>
    public static IOperation? FunctionOf(IOperation operation)
    {
        IOperation? parent = operation.Parent;
        while (parent is not null and not (IAnonymousFunctionOperation or ILocalFunctionOperation))
        {
            parent = parent.Parent;
        }

        return parent;
    }

    /// <summary>new Thread(() => …): nothing comes before its first statement on that thread.</summary>
    public static bool IsBodyOfThread(IOperation? function) =>
        function?.Parent is IDelegateCreationOperation
        {
            Parent: IArgumentOperation { Parent: IObjectCreationOperation { Type: { Name: "Thread" } type } },
        }
        && type.ContainingNamespace.ToDisplayString() == "System.Threading";
}
