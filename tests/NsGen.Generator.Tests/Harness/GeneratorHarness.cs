using System.Collections.Immutable;
using Basic.Reference.Assemblies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NsGen.Generator;

namespace NsGen.Generator.Tests.Harness;

/// <summary>
/// Every test of the generator goes through here. Whatever a test asks, this checks for free that the program and the generated code
/// compile without a warning, that the generator is cached and holds on to nothing, and that it writes the same under every culture.
/// BrokenTwinTests proves each check with a generator that must fail it.
/// </summary>
internal sealed class GeneratorHarness
{
    private static readonly ImmutableArray<MetadataReference> s_references =
    [
        .. Net80.References.All,
        MetadataReference.CreateFromFile(typeof(IsolatedAttribute).Assembly.Location),
    ];

    /// <summary>What <c>ImplicitUsings</c> and the README's first lines give a program.</summary>
    private const string GlobalUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using NsGen;
        global using static NsGen.Namespaces;
        """;

    /// <summary>What C# reports until the generator has run: CS8795, a partial method must have an implementation part.</summary>
    private static readonly ImmutableHashSet<string> s_expectedBefore = ["CS8795"];

    /// <summary>The generator; a broken one in the tests of this harness.</summary>
    public Func<IIncrementalGenerator> Generator { get; init; } = static () => new IsolatedGenerator();

    /// <summary>The program's language version. The default is that of net8.0, the oldest framework the runtime supports.</summary>
    public LanguageVersion Language { get; init; } = LanguageVersion.CSharp12;

    /// <summary>Whether the program has nullable reference types.</summary>
    public NullableContextOptions Nullable { get; init; } = NullableContextOptions.Enable;

    /// <summary>Errors of the program itself, which the tests of invalid declarations mean to make.</summary>
    public ImmutableHashSet<string> ExpectedErrors { get; init; } = [];

    /// <summary>Whether generated code repeats them, as it repeats the name of a type that does not exist.</summary>
    public bool ErrorsSpread { get; init; }

    /// <summary>Simple name of the program.</summary>
    public string AssemblyName { get; init; } = "Program";

    /// <summary>Assemblies beside the framework and NsGen.</summary>
    public ImmutableArray<MetadataReference> MoreReferences { get; init; } = [];

    /// <summary>Files without which the program does not compile, but which are no matter of the test.</summary>
    public ImmutableArray<string> MoreSources { get; init; } = [];

    /// <summary>Runs the generator on a program and checks all that is checked for every program.</summary>
    /// <param name="source">The program, without usings.</param>
    /// <exception cref="HarnessException">A check failed.</exception>
    public GeneratedProgram Check(string source)
    {
        CSharpCompilation input = Compile(source);
        CompilationChecks.CompilesBefore(input, s_expectedBefore.Union(ExpectedErrors));
        GeneratorDriver driver = CreateDriver().RunGeneratorsAndUpdateCompilation(input, out Compilation output, out _);
        GeneratorDriverRunResult result = driver.GetRunResult();
        OutputChecks.RanSilently(result);
        OutputChecks.IsTidy(result);
        CompilationChecks.CompilesAfter(output, result, ExpectedErrors, ErrorsSpread);
        CachingChecks.SecondRunIsCached(driver, input);
        CachingChecks.UnrelatedEditRunsNothing(driver, input);
        HoldingChecks.ModelsHoldNothingOfRoslyn(result);
        HoldingChecks.OldCompilationIsCollectable(CreateDriver(), () => Compile(source));
        CultureChecks.SameUnderEveryCulture(CreateDriver, input, result);
        return new GeneratedProgram(output, result);
    }

    public CSharpCompilation Compile(string source)
    {
        var options = new CSharpParseOptions(Language, DocumentationMode.Diagnose);
        IEnumerable<(string Text, string Path)> files =
        [
            (GlobalUsings, "GlobalUsings.cs"),
            (source, "Program.cs"),
            .. MoreSources.Select(static (text, i) => (text, $"More{i}.cs")),
        ];
        return CSharpCompilation.Create(
            AssemblyName,
            files.Where(file => Language >= LanguageVersion.CSharp10 || file.Path != "GlobalUsings.cs")
                .Select(file => CSharpSyntaxTree.ParseText(file.Text, options, file.Path, System.Text.Encoding.UTF8)),
            s_references.AddRange(MoreReferences),
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary,
                nullableContextOptions: Nullable,
                allowUnsafe: true,
                warningLevel: 9999));
    }

    private CSharpGeneratorDriver CreateDriver() => CSharpGeneratorDriver.Create(
        [Generator().AsSourceGenerator()],
        parseOptions: new CSharpParseOptions(Language, DocumentationMode.Diagnose),
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));
}

/// <summary>A check of the harness failed.</summary>
/// <param name="check">Which one.</param>
/// <param name="message">Why.</param>
internal sealed class HarnessException(string check, string message) : Exception($"{check}: {message}")
{
    public string Check { get; } = check;
}
