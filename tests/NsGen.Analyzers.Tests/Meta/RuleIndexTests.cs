using System.Text;
using Microsoft.CodeAnalysis;
using NsGen.Analyzers.Tests.Harness;
using Xunit;

namespace NsGen.Analyzers.Tests.Meta;

/// <summary>
/// docs/rules/index.md is made from the descriptors. <c>NSGEN_UPDATE=1 dotnet test tests/NsGen.Analyzers.Tests --filter RuleIndex</c>
/// writes it anew.
/// </summary>
public sealed class RuleIndexTests
{
    private static readonly (string Prefix, string Heading)[] s_ranges =
    [
        ("NSG0", "Declaring an isolated method"),
        ("NSG1", "Clone flags and stack"),
        ("NSG2", "setns and unshare"),
        ("NSG3", "What an isolated body does"),
    ];

    [Fact]
    public void The_index_of_rules_is_up_to_date()
    {
        string path = Path.Combine(TestAssemblies.Root, "docs", "rules", "index.md");
        string expected = Build();
        if (Environment.GetEnvironmentVariable("NSGEN_UPDATE") == "1")
        {
            File.WriteAllText(path, expected);
        }

        Assert.Equal(expected, File.Exists(path) ? File.ReadAllText(path) : "");
    }

    private static string Build()
    {
        StringBuilder text = new();
        text.Append("# Rules\n\n<!-- Generated from the descriptors: NSGEN_UPDATE=1 dotnet test tests/NsGen.Analyzers.Tests --filter RuleIndex -->\n\n");
        text.Append("An ID never changes its meaning and is never reused. A rule's severity can be set in `.editorconfig`\n");
        text.Append("(`dotnet_diagnostic.NSG101.severity = warning`), and a single place silenced with `#pragma warning disable`.\n");
        HashSet<string> fixable = [.. TestAssemblies.AllFixes().SelectMany(f => f.FixableDiagnosticIds)];
        Dictionary<string, DiagnosticDescriptor> rules = Rules.Descriptors();
        foreach ((string prefix, string heading) in s_ranges)
        {
            DiagnosticDescriptor[] range = [.. rules.Values.Where(r => r.Id.StartsWith(prefix, StringComparison.Ordinal)).OrderBy(r => r.Id)];
            if (range.Length == 0)
            {
                continue;
            }

            text.Append($"\n## {heading}\n\n| ID | Severity | Rule | Fix |\n|---|---|---|---|\n");
            foreach (DiagnosticDescriptor rule in range)
            {
                text.Append($"| [{rule.Id}]({rule.Id}.md) | {rule.DefaultSeverity.ToString().ToLowerInvariant()} | {rule.Title} | {(fixable.Contains(rule.Id) ? "yes" : "–")} |\n");
            }
        }

        text.Append("\n## Options\n\n| Key in `.editorconfig` | Meaning |\n|---|---|\n");
        text.Append("| `nsgen.raw_call_wrappers` | `My.Type.Method=clone`, several separated by commas: methods to read as if they were that libc function. Arguments are matched by the names libc's prototype gives them (`fn`, `stack`, `flags`, `fd`, `nstype` …), or by position if no name matches. |\n");
        text.Append("| `nsgen.single_threaded` | `true`: the process has one thread where this code runs, so rules that rest on .NET being multithreaded are silent. |\n");
        return text.ToString();
    }
}
