using Microsoft.CodeAnalysis;

namespace NsGen.Analyzers;

/// <summary>The only place that makes a descriptor, so that each has a category, a description and a help link.</summary>
internal static class RuleDescriptors
{
    private const string HelpLinkFormat = "https://github.com/nsgen/nsgen/blob/main/docs/rules/{0}.md";

    /// <param name="id">A constant of <see cref="RuleIds"/>.</param>
    /// <param name="severity">Severity without any configuration.</param>
    /// <param name="title">One line for the rule lists; ends without a full stop (RS1031).</param>
    /// <param name="messageFormat">Names the construct, what the kernel or the runtime will do, and the remedy.</param>
    /// <param name="description">Why it is so; ends with a full stop (RS1033).</param>
    public static DiagnosticDescriptor Create(string id, DiagnosticSeverity severity, string title, string messageFormat, string description) =>
        new(
            id,
            title,
            messageFormat,
            RuleCategories.Of(id),
            severity,
            isEnabledByDefault: true,
            description,
            helpLinkUri: string.Format(System.Globalization.CultureInfo.InvariantCulture, HelpLinkFormat, id));
}
