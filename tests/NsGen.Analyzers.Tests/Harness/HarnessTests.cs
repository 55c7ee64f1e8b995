using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Xunit;
using Xunit.Sdk;

namespace NsGen.Analyzers.Tests.Harness;

#pragma warning disable RS1001, RS1036, RS1038, RS2008 // The toy analyzers below are not shipped.

/// <summary>A harness that cannot fail proves nothing: each of its checks is met here by a twin that it must reject.</summary>
public sealed class HarnessTests
{
    private const string Program = "class [|Bad|] { }";

    [Fact]
    public Task A_sound_analyzer_passes() => Verify.ReportsAsync<NameAnalyzer>(Program);

    [Fact]
    public Task A_sound_fix_passes() => Verify.FixesAsync<NameAnalyzer, RenameFix>(Program, "class Good { }");

    [Fact]
    public Task A_crash_is_a_failure() =>
        Assert.ThrowsAsync<AnalyzerCrashException>(() => Verify.SilentAsync<CrashingAnalyzer>("class Bad { }"));

    [Fact]
    public Task A_wrong_span_is_a_failure() => Fails(() => Verify.ReportsAsync<NameAnalyzer>("[|class Bad|] { }"));

    [Fact]
    public Task A_missing_diagnostic_is_a_failure() => Fails(() => Verify.ReportsAsync<NameAnalyzer>("class [|Fine|] { }"));

    [Fact]
    public Task An_unexpected_diagnostic_is_a_failure() => Fails(() => Verify.SilentAsync<NameAnalyzer>("class Bad { }"));

    [Fact]
    public Task A_wrong_id_is_a_failure() => Fails(() => Verify.ReportsAsync<NameAnalyzer>("class {|TOY2:Bad|} { }"));

    [Fact]
    public Task A_program_that_does_not_compile_is_a_failure() => Fails(() => Verify.ReportsAsync<NameAnalyzer>("class [|Bad|] : Missing { }"));

    [Fact]
    public Task A_marked_compiler_error_is_accepted() => Verify.ReportsAsync<NameAnalyzer>("class [|Bad|] : {|CS0246:Missing|} { }");

    [Fact]
    public Task A_diagnostic_that_pragma_cannot_silence_is_a_failure() => Fails(() => Verify.ReportsAsync<StubbornAnalyzer>(Program));

    [Fact]
    public Task A_wrong_message_is_a_failure() => Fails(() => Verify.ReportsAsync<NameAnalyzer>(Program, new() { Message = "no" }));

    [Fact]
    public Task A_fix_that_does_not_compile_is_a_failure() =>
        Fails(() => Verify.FixesAsync<NameAnalyzer, BreakingFix>(Program, "class int { }"));

    [Fact]
    public Task A_fix_that_changes_nothing_is_a_failure() => Fails(() => Verify.FixesAsync<NameAnalyzer, IdleFix>(Program, "class Bad { }"));

    [Fact]
    public Task A_fix_that_makes_another_text_is_a_failure() => Fails(() => Verify.FixesAsync<NameAnalyzer, RenameFix>(Program, "class Better { }"));

    [Fact]
    public Task A_fix_without_fix_all_is_a_failure() => Fails(() => Verify.FixesAsync<NameAnalyzer, LonelyFix>(Program, "class Good { }"));

    [Fact]
    public Task An_offer_where_none_is_expected_is_a_failure() => Fails(() => Verify.NoFixAsync<NameAnalyzer, RenameFix>(Program));

    [Fact]
    public void Variants_repeat_and_break_the_program()
    {
        const string Code = "class C { int M(int a) => a + 1; }";
        string[] variants = [.. Mutations.Variants(Code, 8)];
        Assert.Equal(variants, Mutations.Variants(Code, 8));
        Assert.All(variants, v => Assert.True(v.Length < Code.Length));
    }

    [Fact]
    public void Marks_nest()
    {
        Markup markup = Markup.Parse("a [|b {|X1:c|} d|] e", "X0");
        Assert.Equal("a b c d e", markup.Code);
        Assert.Equal(["X1@4", "X0@2"], markup.Expected.Select(e => $"{e.Id}@{e.Span.Start}"));
        Assert.Equal("a {|X0:b {|X1:c|} d|} e", Markup.Show(markup.Code, markup.Expected));
    }

    private static async Task Fails(Func<Task> test) => Assert.IsAssignableFrom<XunitException>(await Record.ExceptionAsync(test));

    private abstract class ToyAnalyzer(params string[] tags) : DiagnosticAnalyzer
    {
        protected DiagnosticDescriptor Rule { get; } = new("TOY1", "t", "m", "c", DiagnosticSeverity.Warning, true, customTags: tags);

        public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

        public override void Initialize(AnalysisContext context)
        {
            context.EnableConcurrentExecution();
            context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
            context.RegisterSymbolAction(Analyze, SymbolKind.NamedType);
        }

        protected virtual void Analyze(SymbolAnalysisContext context)
        {
            if (context.Symbol.Name == "Bad")
            {
                context.ReportDiagnostic(Diagnostic.Create(Rule, context.Symbol.Locations[0]));
            }
        }
    }

    private sealed class NameAnalyzer : ToyAnalyzer;

    private sealed class StubbornAnalyzer() : ToyAnalyzer(WellKnownDiagnosticTags.NotConfigurable);

    private sealed class CrashingAnalyzer : ToyAnalyzer
    {
        protected override void Analyze(SymbolAnalysisContext context) => throw new InvalidOperationException("boom");
    }

    private abstract class ToyFix(string name) : CodeFixProvider
    {
        public override ImmutableArray<string> FixableDiagnosticIds => ["TOY1"];

        public override FixAllProvider? GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

        public override async Task RegisterCodeFixesAsync(CodeFixContext context)
        {
            SyntaxNode root = (await context.Document.GetSyntaxRootAsync())!;
            var type = (ClassDeclarationSyntax)root.FindNode(context.Span);
            context.RegisterCodeFix(
                CodeAction.Create(
                    "Rename",
                    _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(
                        type, type.WithIdentifier(SyntaxFactory.Identifier(name).WithTriviaFrom(type.Identifier))))),
                    "rename"),
                context.Diagnostics);
        }
    }

    private sealed class RenameFix() : ToyFix("Good");

    private sealed class BreakingFix() : ToyFix("int");

    private sealed class IdleFix() : ToyFix("Bad");

    private sealed class LonelyFix() : ToyFix("Good")
    {
        public override FixAllProvider? GetFixAllProvider() => null;
    }
}
