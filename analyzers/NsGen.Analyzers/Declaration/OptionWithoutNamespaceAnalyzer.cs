using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using NsGen.Launch;

namespace NsGen.Analyzers.Declaration;

/// <summary>NSG008: an option of the attribute belongs to a namespace that the attribute does not create.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class OptionWithoutNamespaceAnalyzer : DeclarationAnalyzer
{
    /// <summary>Diagnostic property: names of the namespaces to add, separated by commas; absent where adding them would not do.</summary>
    internal const string MissingProperty = "Missing";

    private const string Refused = "every call throws, because it would act on the caller's own";
    private const string Ignored = "it has no effect";

    private static readonly DiagnosticDescriptor s_rule = RuleDescriptors.Create(
        RuleIds.OptionWithoutNamespace,
        DiagnosticSeverity.Warning,
        "An option needs a namespace that is not created",
        "'{0}' sets {1} without a namespace {2} of its own: {3}. Add {2}, or remove {1}.",
        "A host name, a mount or an id map belongs to a namespace. The runtime refuses to change the one that the caller is in.");

    private static readonly (string Option, ulong Needs, bool JoinedWillDo, string Consequence)[] s_options =
    [
        ("HostName", CloneFlagRules.NewUts, false, Refused),
        ("DomainName", CloneFlagRules.NewUts, false, Refused),
        ("Init", CloneFlagRules.NewPid, false, Refused),
        ("MountProc", CloneFlagRules.NewPid | CloneFlagRules.NewNs, false, Refused),
        ("MonotonicOffsetSeconds", CloneFlagRules.NewTime, false, Refused),
        ("BoottimeOffsetSeconds", CloneFlagRules.NewTime, false, Refused),
        ("RootDirectory", CloneFlagRules.NewNs, false, Refused),
        ("ReadOnlyRoot", CloneFlagRules.NewNs, false, Refused),
        ("MapRoot", CloneFlagRules.NewUser, false, Ignored),
        ("SetGroups", CloneFlagRules.NewUser, true, Ignored),
        ("LoopbackUp", CloneFlagRules.NewNet, false, Ignored),
        ("Propagation", CloneFlagRules.NewNs, false, Ignored),
    ];

    /// <summary>Creates the analyzer.</summary>
    public OptionWithoutNamespaceAnalyzer()
        : base(s_rule)
    {
    }

    private protected override void Analyze(SymbolAnalysisContext context, IsolatedDeclaration declaration)
    {
        if (declaration.HasOptions)
        {
            return; // the namespaces are known when it is called
        }

        int created = declaration.TryGet("UserIfNeeded", out object? user) && user is true
            ? declaration.Created | unchecked((int)CloneFlagRules.NewUser)
            : declaration.Created;
        foreach ((string option, ulong needs, bool joinedWillDo, string consequence) in s_options)
        {
            int missing = unchecked((int)needs) & ~created & (joinedWillDo ? ~declaration.MayJoin : ~0);
            if (missing == 0 || !declaration.TryGet(option, out object? value) || IsNothing(option, value))
            {
                continue;
            }

            // What is joined cannot be created too.
            ImmutableDictionary<string, string?> properties = ImmutableDictionary<string, string?>.Empty;
            string names = declaration.FlagNames(missing);
            context.ReportDiagnostic(Diagnostic.Create(
                s_rule,
                (declaration.Argument(option)?.GetLocation()) ?? declaration.At(null),
                (missing & declaration.Joined) != 0 ? properties : properties.Add(MissingProperty, names.Replace(" | ", ",")),
                declaration.Method.Name,
                option,
                names.Replace(" | ", " and "),
                consequence));
        }
    }

    /// <summary>Whether the value asks for what happens without a namespace as well.</summary>
    private static bool IsNothing(string option, object? value) => option switch
    {
        "MapRoot" => false,
        "Propagation" => value is 3, // Unchanged
        _ => value is null or false or 0L or 0,
    };
}
