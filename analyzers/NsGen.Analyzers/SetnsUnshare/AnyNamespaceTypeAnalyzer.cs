using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using NsGen.Analyzers.CloneFlags;
using NsGen.Analyzers.RawCalls;

namespace NsGen.Analyzers.SetnsUnshare;

/// <summary>NSG206: setns is not told what type of namespace is meant, so it takes any.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class AnyNamespaceTypeAnalyzer : RawCallAnalyzer
{
    private static readonly DiagnosticDescriptor s_rule = RuleDescriptors.Create(
        RuleIds.AnyNamespaceType,
        DiagnosticSeverity.Info,
        "nstype 0 lets setns enter a namespace of any type",
        "'{0}' with nstype 0 enters a namespace of whatever type the descriptor refers to, unchecked by the kernel. Pass {1}.",
        "The second argument of setns(2) is a check. With 0 a descriptor of the wrong type changes a namespace that nobody meant, and setns reports success.");

    /// <summary>Creates the analyzer.</summary>
    public AnyNamespaceTypeAnalyzer()
        : base(s_rule)
    {
    }

    private protected override void Analyze(RawCallContext context)
    {
        // For a pidfd the argument is the set of namespaces to enter, and 0 is refused.
        if (context.Function != RawFunction.Setns
            || context.Call.AtCallSite(RawParameter.NsType) is not { } argument
            || !context.Reader.ReadBits(argument).Equals(0, uint.MaxValue)
            || FileDescriptors.IsPidFd(context.Call[RawParameter.Fd], context.Reader))
        {
            return;
        }

        string? type = NamespaceFile.TryRead(context.Call[RawParameter.Fd], context.Reader) is { } file ? CloneFlagNames.NameOf(file.Type) : null;
        ImmutableDictionary<string, string?> properties = ImmutableDictionary<string, string?>.Empty;
        context.Report(
            s_rule,
            argument.Syntax.GetLocation(),
            type is null ? properties : properties.Add(NamespaceTypeMismatchAnalyzer.TypeProperty, type),
            context.CalledName,
            type ?? "the type that is meant, such as CLONE_NEWNET");
    }
}
