using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using Xunit;

namespace NsGen.Analyzers.Tests.Harness;

/// <summary>What a test may change about the world its program lives in.</summary>
internal sealed record VerifyOptions
{
    public string? EditorConfig { get; init; }

    /// <summary>Whether the program references (the stub of) Tmds.LibC.</summary>
    public bool Tmds { get; init; } = true;

    /// <summary>Message that the first diagnostic must have.</summary>
    public string? Message { get; init; }

    /// <summary>Equivalence key or title of the code action to take, if the rule offers several.</summary>
    public string? Action { get; init; }

    public static VerifyOptions Default { get; } = new();
}

/// <summary>
/// The one way to test a rule. Beside what the test asks, each call checks that the program compiles, that spans and IDs are exact, that
/// no analyzer crashes, that #pragma and .editorconfig silence the rule and that a severity set there is used, and that no analyzer
/// crashes over broken variants of the program.
/// </summary>
internal static class Verify
{
    /// <summary>Every mark is reported, and nothing else.</summary>
    public static async Task ReportsAsync<TAnalyzer>(string markup, VerifyOptions? options = null)
        where TAnalyzer : DiagnosticAnalyzer, new()
    {
        options ??= VerifyOptions.Default;
        Markup expected = Parse<TAnalyzer>(markup);
        Assert.True(expected.Expected.Any(e => IsRule(e.Id)), "nothing is marked: use SilentAsync");
        await CheckReports<TAnalyzer>(expected, options);
        await CheckSuppression<TAnalyzer>(expected, options);
        await Mutations.CheckNoCrash(expected.Code, options, count: 4);
    }

    /// <summary>The rule has nothing to say. Compiler errors that belong to the test may be marked.</summary>
    public static async Task SilentAsync<TAnalyzer>(string markup, VerifyOptions? options = null)
        where TAnalyzer : DiagnosticAnalyzer, new()
    {
        options ??= VerifyOptions.Default;
        Markup expected = Parse<TAnalyzer>(markup);
        Assert.DoesNotContain(expected.Expected, e => IsRule(e.Id));
        await CheckReports<TAnalyzer>(expected, options);
        await Mutations.CheckNoCrash(expected.Code, options, count: 4);
    }

    /// <summary>As <see cref="ReportsAsync"/>, and the fix turns the program into <paramref name="fixedCode"/>, one by one and by fix-all.</summary>
    public static async Task FixesAsync<TAnalyzer, TFix>(string markup, string fixedCode, VerifyOptions? options = null)
        where TAnalyzer : DiagnosticAnalyzer, new()
        where TFix : CodeFixProvider, new()
    {
        options ??= VerifyOptions.Default;
        await ReportsAsync<TAnalyzer>(markup, options);
        await FixRun.CheckAsync(new TAnalyzer(), new TFix(), Parse<TAnalyzer>(markup).Code, fixedCode, options);
    }

    /// <summary>The rule reports, and the fixer knows that it cannot help here.</summary>
    public static async Task NoFixAsync<TAnalyzer, TFix>(string markup, VerifyOptions? options = null)
        where TAnalyzer : DiagnosticAnalyzer, new()
        where TFix : CodeFixProvider, new()
    {
        options ??= VerifyOptions.Default;
        await ReportsAsync<TAnalyzer>(markup, options);
        await FixRun.CheckOffersNothingAsync(new TAnalyzer(), new TFix(), Parse<TAnalyzer>(markup).Code, options);
    }

    private static Markup Parse<TAnalyzer>(string markup)
        where TAnalyzer : DiagnosticAnalyzer, new() =>
        Markup.Parse(markup, new TAnalyzer().SupportedDiagnostics[0].Id);

    private static bool IsRule(string id) => !id.StartsWith("CS", StringComparison.Ordinal);

    private static async Task CheckReports<TAnalyzer>(Markup expected, VerifyOptions options)
        where TAnalyzer : DiagnosticAnalyzer, new()
    {
        AnalyzerConfigText? config = options.EditorConfig is null ? null : new AnalyzerConfigText(options.EditorConfig);
        CSharpCompilation compilation = TestCompilation.Create(
            expected.Code, TestCompilation.References(options.Tmds), config?.TreeOptions);
        CheckCompiles(compilation, expected);

        ImmutableArray<Diagnostic> found = await TestCompilation.AnalyzeAsync(compilation, config?.Options, new TAnalyzer());
        (string Id, TextSpan Span)[] actual = [.. found.Select(d => (d.Id, d.Location.SourceSpan))];
        (string Id, TextSpan Span)[] wanted = [.. expected.Expected.Where(e => IsRule(e.Id))];
        if (!Sort(wanted).SequenceEqual(Sort(actual)))
        {
            Assert.Fail(
                "expected:\n" + Markup.Show(expected.Code, wanted)
                + "\n\nreported:\n" + Markup.Show(expected.Code, actual)
                + "\n\n" + string.Join("\n", found));
        }

        if (options.Message is not null)
        {
            Assert.Equal(options.Message, found[0].GetMessage(System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    private static void CheckCompiles(CSharpCompilation compilation, Markup expected)
    {
        (string, TextSpan)[] errors =
            [.. compilation.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error).Select(d => (d.Id, d.Location.SourceSpan))];
        (string, TextSpan)[] wanted = [.. expected.Expected.Where(e => !IsRule(e.Id))];
        if (!Sort(wanted).SequenceEqual(Sort(errors)))
        {
            Assert.Fail(
                "the program does not compile as the test says:\n"
                + string.Join("\n", compilation.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error))
                + "\n\n" + Markup.Show(expected.Code, errors.Where(e => e.Item2.End <= expected.Code.Length)));
        }
    }

    private static async Task CheckSuppression<TAnalyzer>(Markup expected, VerifyOptions options)
        where TAnalyzer : DiagnosticAnalyzer, new()
    {
        string[] ids = [.. expected.Expected.Where(e => IsRule(e.Id)).Select(e => e.Id).Distinct()];
        ImmutableArray<MetadataReference> references = TestCompilation.References(options.Tmds);

        string pragma = "#pragma warning disable " + string.Join(", ", ids) + "\n";
        AnalyzerConfigText own = new(options.EditorConfig ?? "");
        Assert.Empty(await TestCompilation.AnalyzeAsync(
            TestCompilation.Create(pragma + expected.Code, references), own.Options, new TAnalyzer()));

        AnalyzerConfigText none = new(WithSeverity(options, ids, "none"));
        Assert.Empty(await TestCompilation.AnalyzeAsync(
            TestCompilation.Create(expected.Code, references, none.TreeOptions), none.Options, new TAnalyzer()));

        AnalyzerConfigText suggestion = new(WithSeverity(options, ids, "suggestion"));
        ImmutableArray<Diagnostic> lowered = await TestCompilation.AnalyzeAsync(
            TestCompilation.Create(expected.Code, references, suggestion.TreeOptions), suggestion.Options, new TAnalyzer());
        Assert.NotEmpty(lowered);
        Assert.All(lowered, d => Assert.Equal(DiagnosticSeverity.Info, d.Severity));
    }

    private static string WithSeverity(VerifyOptions options, string[] ids, string severity) =>
        (options.EditorConfig ?? "")
        + "\n[*.cs]\n"
        + string.Concat(ids.Select(id => $"dotnet_diagnostic.{id}.severity = {severity}\n"));

    private static IEnumerable<(string Id, TextSpan Span)> Sort(IEnumerable<(string Id, TextSpan Span)> diagnostics) =>
        diagnostics.OrderBy(d => d.Span.Start).ThenBy(d => d.Span.Length).ThenBy(d => d.Id, StringComparer.Ordinal);
}
