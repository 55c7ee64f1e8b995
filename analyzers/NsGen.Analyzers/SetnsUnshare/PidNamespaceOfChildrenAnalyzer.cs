using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NsGen.Analyzers.Flow;
using NsGen.Analyzers.RawCalls;
using NsGen.Launch;

namespace NsGen.Analyzers.SetnsUnshare;

/// <summary>
/// NSG201: code that expects setns or unshare of a PID namespace to have moved its caller. The call itself is right as long as children
/// follow, so it is what comes after that is reported: a look at the own pid before any child was born, and the start of a thread.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
[NoCodeFix("What was meant to run in the namespace has to move into a child.")]
public sealed class PidNamespaceOfChildrenAnalyzer : RawCallAnalyzer
{
    private static readonly DiagnosticDescriptor s_rule = RuleDescriptors.Create(
        RuleIds.PidNamespaceOfChildren,
        DiagnosticSeverity.Warning,
        "A PID namespace does not move the caller, only children born later",
        "'{0}' {1}: '{2}' of a PID namespace moves only children born later, never its caller. {3}.",
        "A process keeps its pid for life. setns and unshare choose the PID namespace of the next children; until the choice is undone, the thread cannot start other threads.");

    /// <summary>Creates the analyzer.</summary>
    public PidNamespaceOfChildrenAnalyzer()
        : base(s_rule)
    {
    }

    private enum Use
    {
        None,
        OwnPid,
        OwnProc,
        Thread,
        PoolThread,
    }

    private protected override void Analyze(RawCallContext context)
    {
        RawCallReader reader = context.Reader;
        IInvocationOperation call = context.Call.Invocation;
        if (!ChoosesNamespace(call, reader))
        {
            return;
        }

        IOperation body = Preparation.FunctionOf(call) ?? call.Root();
        MemberScan scan = new(reader.Compilation, context.CancellationToken);
        ControlFlowGraph? graph = null;
        foreach (IOperation operation in body.Descendants())
        {
            Use use = UseOf(operation, reader);
            if (use != Use.None && (Preparation.FunctionOf(operation) ?? operation.Root()) == body)
            {
                graph ??= context.GetControlFlowGraph();
                FlowQuery query = new(o => Effect(o, use));

                // Of several calls the first one reports, so that no place is reported twice.
                IReadOnlyList<SyntaxNode?> found = FlowWalk.Find(graph, operation, query);
                if (found.Count > 0 && found[0] == call.Syntax)
                {
                    (string trouble, string remedy) = Describe(use);
                    context.Report(
                        s_rule,
                        operation.Syntax.GetLocation(),
                        ImmutableArray.Create(call.Syntax.GetLocation()),
                        NameOf(operation),
                        trouble,
                        context.CalledName,
                        remedy);
                }
            }
        }

        FlowEffect Effect(IOperation operation, Use use)
        {
            if (operation is not IInvocationOperation invocation)
            {
                return FlowEffect.None;
            }

            if (ChoosesNamespace(invocation, reader))
            {
                // After another one, setns into a namespace nobody knows may be the way back.
                return IsSetns(invocation, reader) ? FlowEffect.CloseOrOpen : FlowEffect.Open;
            }

            return Preparation.MayDo(invocation, call, scan, i => IsWayBack(i, reader) || (use is Use.OwnPid or Use.OwnProc && MakesChild(i, reader)))
                ? FlowEffect.Close
                : FlowEffect.None;
        }
    }

    private static bool ChoosesNamespace(IInvocationOperation invocation, RawCallReader reader)
    {
        if (!reader.TryRead(invocation, out RawCall call))
        {
            return false;
        }

        if (call.Function == RawFunction.Unshare)
        {
            return reader.ReadBits(call[RawParameter.Flags]).IsSet(CloneFlagRules.NewPid);
        }

        NamespaceFile? file = call.Function == RawFunction.Setns ? NamespaceFile.TryRead(call[RawParameter.Fd], reader) : null;
        return call.Function == RawFunction.Setns
            && file is not { IsOwn: true }
            && (reader.ReadBits(call[RawParameter.NsType]).IsSet(CloneFlagRules.NewPid) || file is { Type: CloneFlagRules.NewPid });
    }

    private static bool IsSetns(IInvocationOperation invocation, RawCallReader reader) =>
        reader.TryRead(invocation, out RawCall call) && call.Function == RawFunction.Setns;

    private static bool IsWayBack(IInvocationOperation invocation, RawCallReader reader) =>
        reader.TryRead(invocation, out RawCall call)
        && call.Function == RawFunction.Setns
        && (NamespaceFile.TryRead(call[RawParameter.Fd], reader) is { IsOwn: true, Type: CloneFlagRules.NewPid }
            || !reader.ReadBits(call[RawParameter.NsType]).IsClear(CloneFlagRules.NewPid));

    private static bool MakesChild(IInvocationOperation invocation, RawCallReader reader) =>
        (reader.TryRead(invocation, out RawCall call)
            && (call.Function == RawFunction.Clone || call.Function == RawFunction.Clone3 || call.Function == RawFunction.Fork || call.Function == RawFunction.Vfork))
        || (invocation.TargetMethod is { Name: "Start", ContainingType: { } type } && type.ToDisplayString() == "System.Diagnostics.Process");

    private static Use UseOf(IOperation operation, RawCallReader reader)
    {
        switch (operation)
        {
            case IPropertyReferenceOperation { Property: { Name: "ProcessId", ContainingType: { } owner } } when owner.ToDisplayString() == "System.Environment":
                return Use.OwnPid;

            case IUtf8StringOperation utf8:
                return IsOwnProc(utf8.Value) ? Use.OwnProc : Use.None;
            case ILiteralOperation { ConstantValue.Value: string text }:
                return IsOwnProc(text) ? Use.OwnProc : Use.None;

            case IInvocationOperation invocation when reader.TryRead(invocation, out RawCall call):
                return call.Function == RawFunction.Getpid ? Use.OwnPid : Use.None;

            case IInvocationOperation { TargetMethod: { Name: var name, ContainingType: { } type } }:
                return (type.ToDisplayString(), name) switch
                {
                    ("System.Diagnostics.Process", "GetCurrentProcess") => Use.OwnPid,
                    ("System.Threading.Thread", "Start" or "UnsafeStart") => Use.Thread,
                    ("System.Threading.ThreadPool", "QueueUserWorkItem" or "UnsafeQueueUserWorkItem") => Use.PoolThread,
                    ("System.Threading.Tasks.Task", "Run") => Use.PoolThread,
                    ("System.Threading.Tasks.TaskFactory", "StartNew") => Use.PoolThread,
                    ("System.Threading.Tasks.Parallel", _) => Use.PoolThread,
                    _ => Use.None,
                };

            default:
                return Use.None;
        }
    }

    // Where the pid shows. /proc/self/exe, fd, maps … are the same in every PID namespace.
    private static bool IsOwnProc(string text) => text.TrimEnd('\0').TrimEnd('/')
        is "/proc/self" or "/proc/self/stat" or "/proc/self/status" or "/proc/self/sched"
        or "/proc/thread-self" or "/proc/thread-self/stat" or "/proc/thread-self/status" or "/proc/thread-self/sched";

    private static string NameOf(IOperation operation) => operation switch
    {
        IPropertyReferenceOperation property => "Environment." + property.Property.Name,
        IInvocationOperation { TargetMethod: { IsStatic: false } method } => method.ContainingType.Name + "." + method.Name,
        IInvocationOperation invocation => invocation.TargetMethod.Name,
        IUtf8StringOperation utf8 => utf8.Value.TrimEnd('\0'),
        _ => (operation.ConstantValue.Value as string ?? "").TrimEnd('\0'),
    };

    private static (string Trouble, string Remedy) Describe(Use use) => use switch
    {
        Use.OwnPid => ("still tells the pid in the old PID namespace", "Ask in a child"),
        Use.OwnProc => ("still shows this process in the old PID namespace", "Look there in a child"),
        Use.Thread => ("throws OutOfMemoryException, because the kernel refuses the thread with EINVAL", "Start threads before it"),
        _ => ("may throw OutOfMemoryException, because the kernel refuses a new pool thread with EINVAL", "Start threads before it"),
    };
}
