using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using NsGen.Analyzers.RawCalls;

namespace NsGen.Analyzers.SetnsUnshare;

/// <summary>NSG208: a wait for any child takes exit statuses that System.Diagnostics.Process waits for.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class WaitForAnyChildAnalyzer : RawCallAnalyzer
{
    private const ulong NoWait = 0x1000000; // WNOWAIT: leaves the child as it is
    private const ulong AllChildren = 0; // P_ALL

    private static readonly DiagnosticDescriptor s_rule = RuleDescriptors.Create(
        RuleIds.WaitForAnyChild,
        DiagnosticSeverity.Warning,
        "Waiting for any child takes those that .NET waits for",
        "'{0}'{1} reaps children that System.Diagnostics.Process has started, and the runtime ends the program (FailFast) when it finds one gone. Wait for the pid of your own child.",
        ".NET reaps the children of Process itself, by pid, on SIGCHLD. A child whose status somebody else has taken is an error it cannot recover from.");

    /// <summary>Creates the analyzer.</summary>
    public WaitForAnyChildAnalyzer()
        : base(s_rule)
    {
    }

    private protected override void Analyze(RawCallContext context)
    {
        RawFunction function = context.Function;
        if (function == RawFunction.Wait || function == RawFunction.Wait3)
        {
            if (context.Call.IsDirect && Reaps(context))
            {
                context.Report(s_rule, context.Call.Invocation, context.CalledName, "");
            }
        }
        else if (function == RawFunction.Waitpid || function == RawFunction.Wait4)
        {
            // pid_t is an int. 0 stands for the process group of the caller, in which Process leaves its children.
            KnownBits pid = context.ReadBits(RawParameter.Pid);
            bool any = pid.Equals(uint.MaxValue, uint.MaxValue);
            if ((any || pid.Equals(0, uint.MaxValue)) && Reaps(context))
            {
                Report(context, RawParameter.Pid, any ? " with pid -1" : " with pid 0");
            }
        }
        else if (function == RawFunction.Waitid && context.ReadBits(RawParameter.IdType).Equals(AllChildren, uint.MaxValue) && Reaps(context))
        {
            Report(context, RawParameter.IdType, " with P_ALL");
        }
    }

    // What a wrapper passes itself is reported inside the wrapper.
    private static void Report(RawCallContext context, RawParameter role, string how)
    {
        if (context.Call.AtCallSite(role) is { } argument)
        {
            context.Report(s_rule, argument, context.CalledName, how);
        }
    }

    // __WCLONE sees only children whose exit signal is not SIGCHLD; Process has none of these.
    private static bool Reaps(RawCallContext context) =>
        context.Function == RawFunction.Wait
        || context.ReadBits(RawParameter.Options).IsClear(NoWait | LibCConstants.WaitClone);
}
