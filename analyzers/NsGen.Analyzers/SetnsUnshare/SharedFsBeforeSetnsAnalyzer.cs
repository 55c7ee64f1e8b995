using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using NsGen.Analyzers.Flow;
using NsGen.Analyzers.RawCalls;
using NsGen.Launch;

namespace NsGen.Analyzers.SetnsUnshare;

/// <summary>NSG203: setns into a mount namespace on a thread that still shares its root and working directory with the others.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SharedFsBeforeSetnsAnalyzer : RawCallAnalyzer
{
    // unshare of a mount or user namespace implies CLONE_FS (ksys_unshare in kernel/fork.c).
    private const ulong UnsharesFs = CloneFlagRules.Fs | CloneFlagRules.NewNs | CloneFlagRules.NewUser;

    private static readonly DiagnosticDescriptor s_rule = RuleDescriptors.Create(
        RuleIds.SharedFsBeforeSetns,
        DiagnosticSeverity.Error,
        "A thread that shares its root directory cannot enter a mount namespace",
        "'{0}' into a mount namespace fails with EINVAL: the threads of a .NET process share one root and working directory. Call unshare(CLONE_FS) on this thread first.",
        "Entering a mount namespace changes the root and working directory, and the kernel does not change them for other threads behind their back.");

    /// <summary>Creates the analyzer.</summary>
    public SharedFsBeforeSetnsAnalyzer()
        : base(s_rule)
    {
    }

    private protected override void Analyze(RawCallContext context)
    {
        if (context.Function != RawFunction.Setns
            || !EntersMountNamespace(context)

            // What a wrapper passes itself is reported inside the wrapper.
            || (!context.Call.IsDirect && context.Call.AtCallSite(RawParameter.NsType) is null)
            || RawCallOptions.IsSingleThreaded(context.Options, context.Call.Invocation.Syntax.SyntaxTree))
        {
            return;
        }

        RawCallReader reader = context.Reader;
        if (Preparation.IsMissing(context, i => MayUnshareFs(i, reader)) && !ChildCode.MayRunInChild(context))
        {
            context.Report(s_rule, context.Call.Invocation, context.CalledName);
        }
    }

    private static bool EntersMountNamespace(RawCallContext context)
    {
        // With a pidfd and several namespaces at once the kernel works on a copy of the fs_struct (prepare_nsset in kernel/nsproxy.c).
        KnownBits nstype = context.ReadBits(RawParameter.NsType);
        IOperation? fd = context.Call[RawParameter.Fd];
        NamespaceFile? file = NamespaceFile.TryRead(fd, context.Reader);
        return nstype.Equals(0, uint.MaxValue)
            ? file is { Type: CloneFlagRules.NewNs }
            : nstype.Equals(CloneFlagRules.NewNs, uint.MaxValue) && file is not { Type: not CloneFlagRules.NewNs };
    }

    private static bool MayUnshareFs(IInvocationOperation invocation, RawCallReader reader) =>
        reader.TryRead(invocation, out RawCall call)
        && call.Function == RawFunction.Unshare
        && !reader.ReadBits(call[RawParameter.Flags]).IsClear(UnsharesFs);
}
