using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using NsGen.Analyzers.Flow;
using NsGen.Analyzers.RawCalls;

namespace NsGen.Analyzers.SetnsUnshare;

/// <summary>
/// Code that may run in a child made by fork or clone. There the process has one thread, and what fails in a .NET process works. (That
/// managed code runs there at all is NSG104's and NSG108's matter.)
/// </summary>
internal static class ChildCode
{
    public static bool MayRunInChild(RawCallContext context)
    {
        IInvocationOperation call = context.Call.Invocation;
        if (FlowWalk.Find(context.GetControlFlowGraph(), call, new(o => IsFork(o, context.Reader) ? FlowEffect.Open : FlowEffect.None)).Count > 0)
        {
            return true;
        }

        MemberScan scan = new(context.Reader.Compilation, context.CancellationToken);
        SyntaxNode? member = MemberScan.MemberOf(call.Syntax);
        if (member is null)
        {
            return false;
        }

        // A lambda or local function that clone may be given.
        for (IOperation? parent = call.Parent; parent is not null; parent = parent.Parent)
        {
            if (parent is IAnonymousFunctionOperation or ILocalFunctionOperation && scan.Does(member, i => MakesChildFunction(i, context.Reader)))
            {
                return true;
            }
        }

        if (HasUnmanagedCallersOnly(member) || MemberScan.NameOf(member) is not { } name)
        {
            return HasUnmanagedCallersOnly(member);
        }

        foreach ((SimpleNameSyntax reference, SyntaxNode referrer) in scan.Referrers(name))
        {
            if (HasUnmanagedCallersOnly(referrer))
            {
                return true;
            }

            SyntaxNode expression = reference.Parent is MemberAccessExpressionSyntax access && access.Name == reference ? access : reference;
            if (expression.Parent.IsKind(SyntaxKind.AddressOfExpression)
                || (expression.Parent is not InvocationExpressionSyntax && scan.Does(referrer, i => MakesChildFunction(i, context.Reader))))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsFork(IOperation operation, RawCallReader reader) =>
        operation is IInvocationOperation invocation
        && reader.TryRead(invocation, out RawCall call)
        && (call.Function == RawFunction.Fork || call.Function == RawFunction.Vfork);

    private static bool MakesChildFunction(IInvocationOperation invocation, RawCallReader reader) =>
        invocation.TargetMethod.Name == "GetFunctionPointerForDelegate"
        || (reader.TryRead(invocation, out RawCall call) && (call.Function == RawFunction.Clone || call.Function == RawFunction.Clone3));

    private static bool HasUnmanagedCallersOnly(SyntaxNode member) =>
        member is MemberDeclarationSyntax { AttributeLists: { Count: > 0 } lists }
        && lists.SelectMany(static l => l.Attributes).Any(static a => a.Name.ToString().Contains("UnmanagedCallersOnly"));
}
