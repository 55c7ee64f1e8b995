using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using NsGen.Analyzers.RawCalls;

namespace NsGen.Analyzers.CloneFlags;

/// <summary>NSG108: the frame of a reverse P/Invoke on the child's stack, found by a GC of the parent.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
[NoCodeFix("A child needs native code: the remedy is another design, not another attribute.")]
public sealed class UnmanagedCallersOnlyChildAnalyzer : RawCallAnalyzer
{
    private static readonly DiagnosticDescriptor s_rule = RuleDescriptors.Create(
        RuleIds.UnmanagedCallersOnlyChild,
        DiagnosticSeverity.Error,
        "A cloned child must not run an UnmanagedCallersOnly method",
        "'{0}' runs '{1}' in the child: entering an [UnmanagedCallersOnly] method ties the parent's thread to the child's stack, and the process crashes or hangs when a GC walks it. Use NsGen's [Isolated] or IsolatedProcess.",
        "An [UnmanagedCallersOnly] method announces itself to the runtime through the current thread, which the child shares with its parent or has as a dead copy. The next garbage collection reads a stack that is not that thread's.");

    /// <summary>Creates the analyzer.</summary>
    public UnmanagedCallersOnlyChildAnalyzer()
        : base(s_rule)
    {
    }

    private protected override void Analyze(RawCallContext context)
    {
        if (context.Function == RawFunction.Clone
            && context.Call.AtCallSite(RawParameter.Function) is { } argument
            && ChildFunction.Read(context.Reader, argument, out string name) == ChildFunctionKind.UnmanagedCallersOnly)
        {
            context.Report(s_rule, argument, context.CalledName, name);
        }
    }
}
