using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using Xunit;

namespace NsGen.Analyzers.Tests.Harness;

/// <summary>
/// Applies a fixer in a workspace: one diagnostic after the other until none is left that it can fix, and by fix-all in a document, a
/// project and a solution of two projects. All must give the expected text, and the text must compile.
/// </summary>
internal static class FixRun
{
    private const int MaxSteps = 50;

    public static async Task CheckAsync(
        DiagnosticAnalyzer analyzer, CodeFixProvider fix, string code, string fixedCode, VerifyOptions options)
    {
        CheckDeclarations(analyzer, fix);
        using AdhocWorkspace workspace = new();
        Solution solution = CreateSolution(workspace, code, options);

        await CheckOneByOne(analyzer, fix, solution, fixedCode, options);
        foreach (FixAllScope scope in new[] { FixAllScope.Document, FixAllScope.Project, FixAllScope.Solution })
        {
            await CheckFixAll(analyzer, fix, solution, fixedCode, scope, options);
        }
    }

    public static async Task CheckOffersNothingAsync(DiagnosticAnalyzer analyzer, CodeFixProvider fix, string code, VerifyOptions options)
    {
        using AdhocWorkspace workspace = new();
        Document document = CreateSolution(workspace, code, options).Projects.First().Documents.First();
        foreach (Diagnostic diagnostic in await Analyze(analyzer, fix, document.Project))
        {
            Assert.Empty(await Actions(fix, document, diagnostic, options));
        }
    }

    private static void CheckDeclarations(DiagnosticAnalyzer analyzer, CodeFixProvider fix)
    {
        Assert.True(
            fix.FixableDiagnosticIds.Intersect(analyzer.SupportedDiagnostics.Select(d => d.Id)).Any(),
            $"{fix.GetType().Name} fixes nothing that {analyzer.GetType().Name} reports");
        Assert.True(fix.GetFixAllProvider() is not null, $"{fix.GetType().Name} has no fix-all");
    }

    private static async Task CheckOneByOne(
        DiagnosticAnalyzer analyzer, CodeFixProvider fix, Solution solution, string fixedCode, VerifyOptions options)
    {
        ProjectId project = solution.ProjectIds[0];
        bool fixedAny = false;
        for (int step = 0; step < MaxSteps; step++)
        {
            Document document = solution.GetProject(project)!.Documents.First();
            CodeAction? action = null;
            foreach (Diagnostic diagnostic in await Analyze(analyzer, fix, document.Project))
            {
                action = (await Actions(fix, document, diagnostic, options)).FirstOrDefault();
                if (action is not null)
                {
                    break;
                }
            }

            if (action is null)
            {
                Assert.True(fixedAny, "the fixer offers nothing");
                await CheckText(document, fixedCode, "one by one");
                return;
            }

            fixedAny = true;
            solution = await Apply(action);
        }

        Assert.Fail($"after {MaxSteps} fixes there is still something to fix:\n" + await solution.GetProject(project)!.Documents.First().GetTextAsync());
    }

    private static async Task CheckFixAll(
        DiagnosticAnalyzer analyzer, CodeFixProvider fix, Solution solution, string fixedCode, FixAllScope scope, VerifyOptions options)
    {
        Document document = solution.Projects.First().Documents.First();
        CodeAction? sample = null;
        foreach (Diagnostic diagnostic in await Analyze(analyzer, fix, document.Project))
        {
            sample ??= (await Actions(fix, document, diagnostic, options)).FirstOrDefault();
        }

        Assert.True(sample?.EquivalenceKey is not null, "an action without an equivalence key cannot be fixed everywhere");
        FixAllContext context = new(
            document, fix, scope, sample.EquivalenceKey!, fix.FixableDiagnosticIds, new DiagnosticSource(analyzer, fix), CancellationToken.None);
        CodeAction? all = await fix.GetFixAllProvider()!.GetFixAsync(context);
        Assert.True(all is not null, $"fix-all in {scope} offers nothing");
        Solution changed = await Apply(all);
        foreach (Project project in scope == FixAllScope.Solution ? changed.Projects : changed.Projects.Take(1))
        {
            await CheckText(project.Documents.First(), fixedCode, $"fix-all in {scope}");
        }
    }

    private static async Task CheckText(Document document, string fixedCode, string how)
    {
        string actual = (await document.GetTextAsync()).ToString();
        if (actual != fixedCode)
        {
            Assert.Fail($"{how}, expected:\n{fixedCode}\n\nbut the fix makes:\n{actual}");
        }

        Compilation compilation = (await document.Project.GetCompilationAsync())!;
        Diagnostic[] errors = [.. compilation.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error)];
        Assert.True(errors.Length == 0, $"{how}, the fixed program does not compile:\n{string.Join("\n", errors.AsEnumerable())}\n\n{actual}");
    }

    private static Solution CreateSolution(AdhocWorkspace workspace, string code, VerifyOptions options)
    {
        Solution solution = workspace.CurrentSolution;
        foreach (string name in new[] { "First", "Second" })
        {
            ProjectId project = ProjectId.CreateNewId(name);
            solution = solution
                .AddProject(ProjectInfo.Create(
                    project,
                    VersionStamp.Default,
                    name,
                    name,
                    LanguageNames.CSharp,
                    compilationOptions: TestCompilation.Options(code),
                    parseOptions: TestCompilation.ParseOptions,
                    metadataReferences: TestCompilation.References(options.Tmds)))
                .AddDocument(DocumentId.CreateNewId(project), TestCompilation.FileName, SourceText.From(code), filePath: Path(name, TestCompilation.FileName))
                .AddDocument(
                    DocumentId.CreateNewId(project),
                    "GlobalUsings.cs",
                    SourceText.From(TestCompilation.GlobalUsings),
                    filePath: Path(name, "GlobalUsings.cs"));
            foreach (ISourceGenerator generator in code.Contains("Isolated", StringComparison.Ordinal) ? TestAssemblies.Generators() : [])
            {
                solution = solution.AddAnalyzerReference(project, new GeneratorReference(generator));
            }

            if (options.EditorConfig is not null)
            {
                solution = solution.AddAnalyzerConfigDocument(
                    DocumentId.CreateNewId(project), ".editorconfig", SourceText.From(options.EditorConfig), filePath: Path(name, ".editorconfig"));
            }
        }

        return solution;

        static string Path(string project, string file) => $"{TestCompilation.Folder}/{project}/{file}";
    }

    private static async Task<ImmutableArray<Diagnostic>> Analyze(DiagnosticAnalyzer analyzer, CodeFixProvider fix, Project project)
    {
        Compilation compilation = (await project.GetCompilationAsync())!;
        return [.. (await TestCompilation.AnalyzeAsync(compilation, project.AnalyzerOptions, analyzer)).Where(d => fix.FixableDiagnosticIds.Contains(d.Id))];
    }

    private static async Task<List<CodeAction>> Actions(CodeFixProvider fix, Document document, Diagnostic diagnostic, VerifyOptions options)
    {
        List<CodeAction> actions = [];
        await fix.RegisterCodeFixesAsync(new CodeFixContext(document, diagnostic, (action, _) => actions.Add(action), CancellationToken.None));
        return [.. actions.Where(a => options.Action is null || a.EquivalenceKey == options.Action || a.Title == options.Action)];
    }

    private static async Task<Solution> Apply(CodeAction action)
    {
        ImmutableArray<CodeActionOperation> operations = await action.GetOperationsAsync(CancellationToken.None);
        return operations.OfType<ApplyChangesOperation>().Single().ChangedSolution;
    }

    private sealed class DiagnosticSource(DiagnosticAnalyzer analyzer, CodeFixProvider fix) : FixAllContext.DiagnosticProvider
    {
        public override async Task<IEnumerable<Diagnostic>> GetAllDiagnosticsAsync(Project project, CancellationToken cancellationToken) =>
            await Analyze(analyzer, fix, project);

        public override async Task<IEnumerable<Diagnostic>> GetDocumentDiagnosticsAsync(Document document, CancellationToken cancellationToken)
        {
            SyntaxTree? tree = await document.GetSyntaxTreeAsync(cancellationToken);
            return (await Analyze(analyzer, fix, document.Project)).Where(d => d.Location.SourceTree == tree);
        }

        public override Task<IEnumerable<Diagnostic>> GetProjectDiagnosticsAsync(Project project, CancellationToken cancellationToken) =>
            Task.FromResult(Enumerable.Empty<Diagnostic>());
    }

    private sealed class GeneratorReference(ISourceGenerator generator) : AnalyzerReference
    {
        public override string? FullPath => null;

        public override object Id => generator;

        public override ImmutableArray<DiagnosticAnalyzer> GetAnalyzers(string language) => [];

        public override ImmutableArray<DiagnosticAnalyzer> GetAnalyzersForAllLanguages() => [];

        public override ImmutableArray<ISourceGenerator> GetGenerators(string language) => [generator];

        public override ImmutableArray<ISourceGenerator> GetGeneratorsForAllLanguages() => [generator];
    }
}
