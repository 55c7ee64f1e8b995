using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using NsGen.Analyzers.RawCalls;

namespace NsGen.Analyzers.CloneFlags;

/// <summary>NSG104: a child that goes on in managed code has no GC, no JIT and none of the other threads.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
[NoCodeFix("What the child does has to move into a method of its own ([Isolated]) or a list of options; no edit of the call does that.")]
public sealed class ForkFromManagedCodeAnalyzer : RawCallAnalyzer
{
    private static readonly DiagnosticDescriptor s_rule = RuleDescriptors.Create(
        RuleIds.ForkFromManagedCode,
        DiagnosticSeverity.Warning,
        "A forked child must not run managed code",
        "'{0}' starts a child that {1}: the GC, the JIT and every other thread are missing there, so it hangs or crashes now and then. Use NsGen's [Isolated] or IsolatedProcess, which run native steps only and then exec.",
        "Only the calling thread exists in the child. A lock held by another thread stays held, a garbage collection waits for threads that do not exist (dotnet/runtime#95890).");

    /// <summary>Creates the analyzer.</summary>
    public ForkFromManagedCodeAnalyzer()
        : base(s_rule)
    {
    }

    private protected override void Analyze(RawCallContext context)
    {
        RawFunction function = context.Function;
        if (function == RawFunction.Fork || function == RawFunction.Vfork || function == RawFunction.Clone3)
        {
            // A wrapper is reported where it calls fork, not again at each of its callers.
            if (context.Call.IsDirect)
            {
                context.Report(s_rule, context.Call.Invocation, context.CalledName, "returns into managed code");
            }
        }
        else if (function == RawFunction.Clone
            && context.Call.AtCallSite(RawParameter.Function) is { } argument
            && ChildFunction.Read(context.Reader, argument, out string name) == ChildFunctionKind.Managed)
        {
            context.Report(s_rule, argument, context.CalledName, $"runs managed code ({name})");
        }
    }
}
