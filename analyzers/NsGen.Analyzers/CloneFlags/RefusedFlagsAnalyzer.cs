using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using NsGen.Analyzers.RawCalls;
using NsGen.Launch;

namespace NsGen.Analyzers.CloneFlags;

/// <summary>NSG101: flags that the kernel answers with EINVAL whatever the caller's privileges are.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class RefusedFlagsAnalyzer : RawCallAnalyzer
{
    /// <summary>Diagnostic properties: the flags to add and to drop, in hexadecimal, after which nothing is refused.</summary>
    internal const string AddProperty = "Add";

    internal const string DropProperty = "Drop";

    private static readonly DiagnosticDescriptor s_rule = RuleDescriptors.Create(
        RuleIds.RefusedFlags,
        DiagnosticSeverity.Error,
        "The kernel always refuses these flags",
        "'{0}' always fails with EINVAL: {1}; {2}. {3}.",
        "Some flags exclude each other, some need another one, and some mean nothing to the call. The kernel refuses them before it looks at anything else.");

    /// <summary>Creates the analyzer.</summary>
    public RefusedFlagsAnalyzer()
        : base(s_rule)
    {
    }

    private protected override void Analyze(RawCallContext context)
    {
        RawFunction function = context.Function;
        if (FlagsOf(context) is not { } argument)
        {
            return;
        }

        // clone(2) takes an unsigned long of which it reads the low 32 bits, unshare and setns take an int, clone3's field has 64 bits.
        KnownBits flags = context.Reader.ReadBits(argument);
        flags = function == RawFunction.Clone3 ? flags : flags.Truncate(32, signed: false);
        bool singleThreaded = RawCallOptions.IsSingleThreaded(context.Options, argument.Syntax.SyntaxTree);
        if (!TryFindRefusal(function, flags, singleThreaded, out CloneFlagRules.Rule refusal))
        {
            return;
        }

        (ulong add, ulong drop) = Remedy(function, flags, singleThreaded);
        context.Report(
            s_rule,
            argument.Syntax.GetLocation(),
            ImmutableDictionary<string, string?>.Empty.Add(AddProperty, ToHex(add)).Add(DropProperty, ToHex(drop)),
            context.CalledName,
            CloneFlagNames.Format(refusal.Set, " with ") + (refusal.Clear == 0 ? "" : " without " + CloneFlagNames.Format(refusal.Clear, ", ")),
            refusal.Reason,
            Advice(add, drop));
    }

    /// <summary>The expression that says the flags, at this call site; null if the function has none or they come from elsewhere.</summary>
    private static IOperation? FlagsOf(RawCallContext context)
    {
        RawFunction function = context.Function;
        return function == RawFunction.Clone || function == RawFunction.Unshare
            ? context.Call.AtCallSite(RawParameter.Flags)
            : function == RawFunction.Setns
                ? context.Call.AtCallSite(RawParameter.NsType)
                : function == RawFunction.Clone3
                    ? context.Call.AtCallSite(RawParameter.Flags) ?? CloneArgs.ReadFlags(context.Call)
                    : null;
    }

    /// <summary>
    /// unshare(CLONE_NEWUSER), which fails only because .NET is multithreaded, is NSG202's to tell, with the way out of it.
    /// </summary>
    private static bool TryFindRefusal(RawFunction function, KnownBits flags, bool singleThreaded, out CloneFlagRules.Rule refusal)
    {
        CloneFlagRules.Rule[] rules = [];
        ulong foreign = 0;
        string foreignReason = "";
        if (function == RawFunction.Clone)
        {
            rules = CloneFlagRules.Clone;
        }
        else if (function == RawFunction.Clone3)
        {
            rules = CloneFlagRules.Clone3;
            foreign = flags.Set & CloneFlagRules.Clone3ForeignMask;
            foreignReason = "clone3(2) keeps the bit free, and has a field for the exit signal";
        }
        else if (function == RawFunction.Unshare)
        {
            rules = singleThreaded ? [] : CloneFlagRules.Unshare;
            foreign = flags.Set & ~CloneFlagRules.UnshareMask;
            foreignReason = "unshare(2) does not know it";
        }
        else
        {
            foreign = flags.Set & ~CloneFlagRules.NamespaceMask;
            foreignReason = "the type of a namespace is one of the CLONE_NEW flags, or 0 for any";
        }

        if (foreign != 0)
        {
            refusal = new(foreign, 0, foreignReason);
            return true;
        }

        foreach (CloneFlagRules.Rule rule in rules)
        {
            if (rule.Refuses(flags.Set, flags.Clear) && (function != RawFunction.Unshare || rule.Set != CloneFlagRules.NewUser))
            {
                refusal = rule;
                return true;
            }
        }

        refusal = default;
        return false;
    }

    /// <summary>
    /// The flags to drop and to add, after which nothing is refused: of two that exclude each other the namespace stays, and then a
    /// missing companion is added. The table lists CLONE_THREAD's need of CLONE_SIGHAND before that one's need of CLONE_VM.
    /// </summary>
    private static (ulong Add, ulong Drop) Remedy(RawFunction function, KnownBits flags, bool singleThreaded)
    {
        if (function == RawFunction.Setns)
        {
            return (0, flags.Set & ~CloneFlagRules.NamespaceMask);
        }

        if (function == RawFunction.Unshare)
        {
            const ulong OfThreads = CloneFlagRules.Thread | CloneFlagRules.SigHand | CloneFlagRules.Vm;
            return (0, flags.Set & (~CloneFlagRules.UnshareMask | (singleThreaded ? 0 : OfThreads)));
        }

        ulong add = 0;
        ulong drop = function == RawFunction.Clone3 ? flags.Set & CloneFlagRules.Clone3ForeignMask : 0;
        CloneFlagRules.Rule[] rules = function == RawFunction.Clone3 ? CloneFlagRules.Clone3 : CloneFlagRules.Clone;
        foreach (CloneFlagRules.Rule rule in rules.Where(r => r.Clear == 0 && r.Refuses(flags.Set, flags.Clear)))
        {
            drop |= Weaker(rule.Set);
        }

        foreach (CloneFlagRules.Rule rule in rules.Where(static r => r.Clear != 0))
        {
            ulong set = (flags.Set & ~drop) | add;
            if (rule.Refuses(set, flags.Clear & ~set))
            {
                add |= rule.Clear;
            }
        }

        return (add, drop);
    }

    private static ulong Weaker(ulong pair)
    {
        if ((pair & CloneFlagRules.ClearSigHand) != 0)
        {
            return CloneFlagRules.ClearSigHand;
        }

        ulong sharing = pair & ~CloneFlagRules.NamespaceMask;

        // CLONE_PIDFD with CLONE_DETACHED or CLONE_PARENT_SETTID: the descriptor is what the caller is after.
        return sharing == pair ? pair & ~CloneFlagRules.PidFd : sharing;
    }

    private static string Advice(ulong add, ulong drop)
    {
        string added = add == 0 ? "" : "add " + CloneFlagNames.Format(add, " and ");
        string dropped = drop == 0 ? "" : "drop " + CloneFlagNames.Format(drop, " and ");
        string advice = added.Length == 0 ? dropped : dropped.Length == 0 ? added : added + ", " + dropped;
        return char.ToUpperInvariant(advice[0]) + advice.Substring(1);
    }

    private static string ToHex(ulong value) => value.ToString("x", CultureInfo.InvariantCulture);
}
