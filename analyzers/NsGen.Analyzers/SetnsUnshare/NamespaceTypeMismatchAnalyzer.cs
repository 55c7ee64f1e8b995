using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using NsGen.Analyzers.CloneFlags;
using NsGen.Analyzers.RawCalls;
using NsGen.Launch;

namespace NsGen.Analyzers.SetnsUnshare;

/// <summary>NSG205: setns is given a namespace of one type and told that it is of another.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NamespaceTypeMismatchAnalyzer : RawCallAnalyzer
{
    /// <summary>Diagnostic property: the name of the flag that is right.</summary>
    internal const string TypeProperty = "Type";

    private static readonly DiagnosticDescriptor s_rule = RuleDescriptors.Create(
        RuleIds.NamespaceTypeMismatch,
        DiagnosticSeverity.Error,
        "The descriptor refers to a namespace of another type",
        "'{0}' always fails with EINVAL: '{1}' is {2}, but nstype says {3}. Pass {4}.",
        "The second argument of setns(2) is a check: the kernel compares it with the type of the namespace and refuses when they differ.");

    /// <summary>Creates the analyzer.</summary>
    public NamespaceTypeMismatchAnalyzer()
        : base(s_rule)
    {
    }

    private protected override void Analyze(RawCallContext context)
    {
        if (context.Function != RawFunction.Setns
            || context.Call.AtCallSite(RawParameter.NsType) is not { } argument
            || NamespaceFile.TryRead(context.Call[RawParameter.Fd], context.Reader) is not { } file)
        {
            return;
        }

        // One bit too many is enough: the type of a namespace has one.
        KnownBits nstype = context.Reader.ReadBits(argument).Truncate(32, signed: false);
        if ((nstype.Set & CloneFlagRules.NamespaceMask & ~file.Type) == 0)
        {
            return;
        }

        string right = CloneFlagNames.NameOf(file.Type)!;
        context.Report(
            s_rule,
            argument.Syntax.GetLocation(),
            ImmutableDictionary<string, string?>.Empty.Add(TypeProperty, right),
            context.CalledName,
            file.Path.ToString(),
            NamespaceTypeNames.WithArticle(file.Type),
            CloneFlagNames.Format(nstype.Set & CloneFlagRules.NamespaceMask, " | "),
            right);
    }
}
