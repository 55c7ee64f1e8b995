using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using NsGen.Analyzers.RawCalls;
using NsGen.Launch;

namespace NsGen.Analyzers.CloneFlags;

/// <summary>NSG102: CLONE_NEWTIME (0x80) lies within clone(2)'s exit signal, and is taken for part of it.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
[NoCodeFix("A time namespace needs other calls in another order (unshare, timens_offsets, then the child), not another flag.")]
public sealed class NewTimeInCloneAnalyzer : RawCallAnalyzer
{
    private static readonly DiagnosticDescriptor s_rule = RuleDescriptors.Create(
        RuleIds.NewTimeInClone,
        DiagnosticSeverity.Error,
        "clone reads CLONE_NEWTIME as part of the exit signal",
        "'{0}' makes no time namespace: clone(2) reads CLONE_NEWTIME (0x80) as part of the exit signal, which becomes {1}. Call unshare(CLONE_NEWTIME), write /proc/self/timens_offsets, then start the child.",
        "The low eight bits of clone's flags are the signal sent when the child ends. CLONE_NEWTIME is one of them, so clone succeeds and no time namespace is made.");

    /// <summary>Creates the analyzer.</summary>
    public NewTimeInCloneAnalyzer()
        : base(s_rule)
    {
    }

    private protected override void Analyze(RawCallContext context)
    {
        if (context.Function != RawFunction.Clone || context.Call.AtCallSite(RawParameter.Flags) is not { } argument)
        {
            return;
        }

        KnownBits flags = context.Reader.ReadBits(argument);
        if (flags.IsSet(CloneFlagRules.NewTime))
        {
            object signal = flags.Knows(CloneFlagRules.ExitSignalMask) ? flags.Set & CloneFlagRules.ExitSignalMask : "128 or more";
            context.Report(s_rule, argument, context.CalledName, signal);
        }
    }
}
