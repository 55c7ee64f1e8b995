using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace NsGen.Benchmarks;

/// <summary>
/// An editor, as far as generators see it: after each keystroke in some file it asks for what they generate, before it shows anything that
/// depends on it. The keystroke is in a file without a declaration of theirs; there is one with ten for each of them.
/// </summary>
internal static class KeystrokeWorker
{
    public const string Switch = "--keystrokes";
    /// <summary>A keystroke takes less than a millisecond.</summary>
    public const int InARow = 10;

    public static void Run()
    {
        var editors = new Dictionary<CompileKind, Editor>
        {
            [CompileKind.Keystroke] = new([]),
            [CompileKind.KeystrokeNsGen] = new([Toolbox.NsGenGenerator()]),
            [CompileKind.KeystrokeJson] = new([Toolbox.JsonGenerator()]),
        };
        new Editor([Toolbox.NsGenGenerator()], track: true).CheckThatNothingRunsAgain();
        RequestLoop.Run(
            request => editors[(CompileKind)request.Steps].Generate(),
            prepare: request => editors[(CompileKind)request.Steps].Type());
    }

    private sealed class Editor
    {
        private readonly Queue<CSharpCompilation> _typed = new();
        private GeneratorDriver _driver;
        private CSharpCompilation _compilation;
        private int _edit;

        public Editor(ISourceGenerator[] generators, bool track = false)
        {
            _compilation = UnrelatedCode.Compile(
                [
                    .. UnrelatedCode.Parse(UnrelatedCode.Files),
                    UnrelatedCode.Parse(UsingCode.Isolated(), "Isolated.cs"),
                    UnrelatedCode.Parse(UsingCode.Json(), "Json.cs"),
                ],
                referencesNsGen: true);
            _driver = CSharpGeneratorDriver.Create(
                generators,
                parseOptions: UnrelatedCode.ParseOptions,
                driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, track));
            _driver = _driver.RunGenerators(_compilation);
        }

        /// <summary>Changes files, and parses them.</summary>
        public void Type()
        {
            for (int i = 0; i < InARow; i++)
            {
                _edit++;
                int file = _edit % UnrelatedCode.Files;
                SyntaxTree before = _compilation.SyntaxTrees[file];
                _compilation = _compilation.ReplaceSyntaxTree(before, UnrelatedCode.Parse(UnrelatedCode.Text(file, _edit), before.FilePath));
                _typed.Enqueue(_compilation);
            }
        }

        public void Generate()
        {
            while (_typed.TryDequeue(out CSharpCompilation? compilation))
            {
                _driver = _driver.RunGenerators(compilation);
            }
        }

        public void CheckThatNothingRunsAgain()
        {
            Type();
            Generate();
            GeneratorRunResult result = _driver.GetRunResult().Results[0];
            var ran = result.TrackedOutputSteps.Values.SelectMany(static steps => steps).SelectMany(static step => step.Outputs)
                .Where(static output => output.Reason is not (IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged)).ToArray();
            if (result.GeneratedSources.Length < UsingCode.Declarations || ran.Length > 0)
            {
                throw new InvalidOperationException(
                    $"{result.GeneratedSources.Length} files generated, {ran.Length} of them anew, though nothing they depend on has changed.");
            }
        }
    }
}
