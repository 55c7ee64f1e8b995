using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;
using NsGen.Analyzers.Tests.Harness;
using Xunit;

namespace NsGen.Analyzers.Tests.Meta;

/// <summary>A rule is one commit of six files (docs/rules/index.md lists the rules); nothing of it can be forgotten.</summary>
public sealed class RuleCompletenessTests
{
    private static readonly string[] s_pageSections =
        ["## Cause", "## What ", "## Wrong", "## Right", "## How to fix", "## When to suppress"];

    public static TheoryData<string> Written() => [.. Rules.Descriptors().Keys.Order()];

    [Fact]
    public void Every_id_has_a_descriptor() =>
        Assert.Equal(TestAssemblies.AllRuleIds(), Rules.Descriptors().Keys.Order());

    [Fact]
    public void An_id_belongs_to_one_analyzer() =>
        Assert.Empty(TestAssemblies.AllAnalyzers()
            .SelectMany(a => a.SupportedDiagnostics)
            .GroupBy(d => d.Id)
            .Where(g => g.Count() > 1)
            .Select(g => g.Key));

    [Theory]
    [MemberData(nameof(Written))]
    public void A_descriptor_says_everything(string id)
    {
        DiagnosticDescriptor rule = Rules.Descriptors()[id];
        Assert.Equal($"https://github.com/nsgen/nsgen/blob/main/docs/rules/{id}.md", rule.HelpLinkUri);
        Assert.Equal(RuleCategories.Of(id), rule.Category);
        Assert.True(rule.IsEnabledByDefault);
        Assert.NotEmpty(rule.Title.ToString());
        Assert.NotEmpty(rule.Description.ToString());
        Assert.False(rule.Title.ToString().EndsWith('.'), "a title is not a sentence");
        Assert.EndsWith(".", rule.Description.ToString());
        Assert.EndsWith(".", rule.MessageFormat.ToString());
        Assert.Contains("{0}", rule.MessageFormat.ToString());
    }

    [Theory]
    [MemberData(nameof(Written))]
    public void A_rule_has_a_page(string id)
    {
        string path = Path.Combine(TestAssemblies.Root, "docs", "rules", id + ".md");
        Assert.True(File.Exists(path), path + " is missing");
        string page = File.ReadAllText(path);
        DiagnosticDescriptor rule = Rules.Descriptors()[id];
        Assert.StartsWith($"# {id}: {rule.Title}\n", page);

        int position = 0;
        foreach (string section in s_pageSections)
        {
            int next = page.IndexOf("\n" + section, position, StringComparison.Ordinal);
            Assert.True(next >= 0, $"{path} lacks '{section}' after position {position}");
            position = next;
        }
    }

    [Theory]
    [MemberData(nameof(Written))]
    public void A_rule_has_a_release_row(string id)
    {
        DiagnosticDescriptor rule = Rules.Descriptors()[id];
        string folder = Path.Combine(TestAssemblies.Root, "analyzers", "NsGen.Analyzers");
        string[] rows = [.. new[] { "AnalyzerReleases.Unshipped.md", "AnalyzerReleases.Shipped.md" }
            .SelectMany(f => File.ReadAllLines(Path.Combine(folder, f)))
            .Where(l => l.StartsWith(id, StringComparison.Ordinal))];
        Assert.Equal($"{id} | {rule.Category} | {rule.DefaultSeverity} | {rule.Title}", Assert.Single(rows));
    }

    [Theory]
    [MemberData(nameof(Written))]
    public void A_rule_has_a_fix_or_says_why_not(string id)
    {
        bool hasFix = TestAssemblies.AllFixes().Any(f => f.FixableDiagnosticIds.Contains(id));
        NoCodeFixAttribute? none = TestAssemblies.AllAnalyzers()
            .First(a => a.SupportedDiagnostics.Any(d => d.Id == id))
            .GetType()
            .GetCustomAttributes<NoCodeFixAttribute>()
            .FirstOrDefault(a => a.RuleId is null || a.RuleId == id);
        Assert.True(hasFix != (none is not null), $"{id}: fix {hasFix}, [NoCodeFix] '{none?.Reason}'");
        Assert.NotEqual("", none?.Reason.Trim());
    }

    [Theory]
    [MemberData(nameof(Written))]
    public void A_rule_has_a_test_that_reports_and_one_that_is_silent(string id)
    {
        MethodInfo[] tests = [.. typeof(RuleCompletenessTests).Assembly.GetTypes().SelectMany(t => t.GetMethods())];
        Assert.Contains(tests, t => t.GetCustomAttribute<ReportsAttribute>()?.RuleId == id);
        Assert.Contains(tests, t => t.GetCustomAttribute<SilentAttribute>()?.RuleId == id);
    }

    [Fact]
    public void Every_fixer_fixes_a_rule() =>
        Assert.All(TestAssemblies.AllFixes(), f => Assert.Subset(Rules.Descriptors().Keys.ToHashSet(), f.FixableDiagnosticIds.ToHashSet()));

    [Fact]
    public void Every_fixer_is_exported() =>
        Assert.All(TestAssemblies.AllFixes(), f =>
            Assert.Contains(LanguageNames.CSharp, f.GetType().GetCustomAttribute<ExportCodeFixProviderAttribute>()!.Languages));

    [Fact]
    public async Task Every_analyzer_runs_over_empty_source()
    {
        foreach (DiagnosticAnalyzer analyzer in TestAssemblies.AllAnalyzers())
        {
            Assert.Empty(await TestCompilation.AnalyzeAsync(TestCompilation.Create("", TestCompilation.References()), null, analyzer));
        }
    }
}
