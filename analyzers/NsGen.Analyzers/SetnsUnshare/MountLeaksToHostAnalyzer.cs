using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using NsGen.Analyzers.Flow;
using NsGen.Analyzers.RawCalls;
using NsGen.Launch;

namespace NsGen.Analyzers.SetnsUnshare;

/// <summary>NSG207: a mount in a new mount namespace whose mounts are still peers of the host's.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class MountLeaksToHostAnalyzer : RawCallAnalyzer
{
    private const ulong Remount = 32;
    private const ulong Move = 8192;
    private const ulong StopsPropagation = LibCConstants.MsPrivate | LibCConstants.MsSlave | LibCConstants.MsUnbindable;

    private static readonly DiagnosticDescriptor s_rule = RuleDescriptors.Create(
        RuleIds.MountLeaksToHost,
        DiagnosticSeverity.Warning,
        "A mount in a new mount namespace leaks to the host until propagation is made private",
        "'{0}' after '{1}' of a mount namespace also appears on the host: the copied mounts are still shared with it. Call mount(null, \"/\", null, MS_REC | MS_PRIVATE, null) first.",
        "A new mount namespace is a copy whose mounts stay in the peer groups of the originals, and systemd makes the root mount shared.");

    /// <summary>Creates the analyzer.</summary>
    public MountLeaksToHostAnalyzer()
        : base(s_rule)
    {
    }

    private protected override void Analyze(RawCallContext context)
    {
        if (context.Function != RawFunction.Mount || !MakesMount(context.Call, context.Reader))
        {
            return;
        }

        RawCallReader reader = context.Reader;
        IInvocationOperation mount = context.Call.Invocation;
        MemberScan scan = new(reader.Compilation, context.CancellationToken);
        FlowQuery query = new(Effect) { RemedyMayComeFirst = true };
        IReadOnlyList<SyntaxNode?> found = FlowWalk.Find(context.GetControlFlowGraph(), mount, query);
        if (found.Count > 0 && mount.Root().Descendants().OfType<IInvocationOperation>().FirstOrDefault(i => i.Syntax == found[0]) is { } unshare)
        {
            context.Report(
                s_rule,
                mount.Syntax.GetLocation(),
                ImmutableArray.Create(unshare.Syntax.GetLocation()),
                context.CalledName,
                unshare.TargetMethod.Name);
        }

        FlowEffect Effect(IOperation operation)
        {
            if (operation is not IInvocationOperation invocation || invocation == mount)
            {
                return FlowEffect.None;
            }

            if (reader.TryRead(invocation, out RawCall call))
            {
                if (call.Function == RawFunction.Unshare)
                {
                    // Together with a user namespace all mounts become slaves (copy_mnt_ns in fs/namespace.c).
                    KnownBits flags = reader.ReadBits(call[RawParameter.Flags]);
                    return flags.IsSet(CloneFlagRules.NewNs) && flags.IsClear(CloneFlagRules.NewUser) ? FlowEffect.Open : FlowEffect.None;
                }

                // A mount before this one is the one to report, and to be preceded by the remedy.
                return call.Function == RawFunction.Mount && (MakesMount(call, reader) || MayStopPropagation(call, reader))
                    ? FlowEffect.Close
                    : FlowEffect.None;
            }

            return Preparation.MayDo(operation, mount, scan, i => reader.TryRead(i, out RawCall inner) && MayStopPropagation(inner, reader))
                ? FlowEffect.Close
                : FlowEffect.None;
        }
    }

    /// <summary>Certainly a new mount, which propagates; not a change of one that is there.</summary>
    private static bool MakesMount(RawCall call, RawCallReader reader) =>
        reader.ReadBits(call[RawParameter.Flags]).IsClear(StopsPropagation | LibCConstants.MsShared | Remount | Move);

    private static bool MayStopPropagation(RawCall call, RawCallReader reader) =>
        call.Function == RawFunction.Mount && !reader.ReadBits(call[RawParameter.Flags]).IsClear(StopsPropagation);
}
