using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using NsGen.Analyzers.RawCalls;
using NsGen.Launch;

namespace NsGen.Analyzers.CloneFlags;

/// <summary>NSG105: wait(2) and its kin only see children whose exit signal is SIGCHLD.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NoSigChldAnalyzer : RawCallAnalyzer
{
    /// <summary>Diagnostic property: there is no exit signal at all, so that SIGCHLD can be added.</summary>
    internal const string NoSignalProperty = "NoSignal";

    private static readonly DiagnosticDescriptor s_rule = RuleDescriptors.Create(
        RuleIds.NoSigChld,
        DiagnosticSeverity.Warning,
        "waitpid does not see a child whose exit signal is not SIGCHLD",
        "The flags of '{0}' have {1}: waitpid answers ECHILD for the child unless it is given __WALL. {2}.",
        "The low eight bits of clone's flags are the signal the parent gets when the child ends. Unless it is SIGCHLD, wait(2), waitpid(2) and waitid(2) pass the child over if not given __WALL or __WCLONE.");

    /// <summary>Creates the analyzer.</summary>
    public NoSigChldAnalyzer()
        : base(s_rule)
    {
    }

    private protected override void Analyze(RawCallContext context)
    {
        if (context.Function != RawFunction.Clone || context.Call.AtCallSite(RawParameter.Flags) is not { } argument)
        {
            return;
        }

        // A thread has no exit signal, and with CLONE_PARENT the parent's counts. CLONE_NEWTIME in the signal is NSG102's.
        KnownBits flags = context.Reader.ReadBits(argument);
        ulong signal = flags.Set & CloneFlagRules.ExitSignalMask;
        if (!flags.Knows(CloneFlagRules.ExitSignalMask)
            || !flags.IsClear(CloneFlagRules.Thread | CloneFlagRules.Parent)
            || signal == LibCConstants.SigChld
            || (signal & CloneFlagRules.NewTime) != 0
            || WaitsForAll(context.Reader, context.Call.Invocation))
        {
            return;
        }

        context.Report(
            s_rule,
            argument.Syntax.GetLocation(),
            signal == 0 ? ImmutableDictionary<string, string?>.Empty.Add(NoSignalProperty, "") : ImmutableDictionary<string, string?>.Empty,
            context.CalledName,
            signal == 0 ? "no exit signal" : $"the exit signal {signal}",
            signal == 0 ? "Add SIGCHLD" : "Use SIGCHLD");
    }

    /// <summary>The same member waits with __WALL or __WCLONE, or with options that cannot be known.</summary>
    private static bool WaitsForAll(RawCallReader reader, IInvocationOperation clone)
    {
        const ulong Either = LibCConstants.WaitAll | LibCConstants.WaitClone;
        foreach (IOperation operation in clone.Root().Descendants())
        {
            if (operation is IInvocationOperation invocation
                && reader.TryRead(invocation, out RawCall call)
                && call.Function.IndexOf(RawParameter.Options) >= 0
                && !reader.ReadBits(call[RawParameter.Options]).IsClear(Either))
            {
                return true;
            }
        }

        return false;
    }
}
