using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NsGen.Generator.Tests.Harness;

internal static class CachingChecks
{
    /// <summary>A run on an equal compilation makes nothing anew.</summary>
    public static void SecondRunIsCached(GeneratorDriver driver, Compilation input)
        => DemandCached(nameof(SecondRunIsCached), driver.RunGenerators(input.Clone()));

    /// <summary>Neither does one after edits that concern no isolated method: in another file, in a comment, in a body.</summary>
    public static void UnrelatedEditRunsNothing(GeneratorDriver driver, CSharpCompilation input)
    {
        var options = (CSharpParseOptions)input.SyntaxTrees[0].Options;
        SyntaxTree unrelated = CSharpSyntaxTree.ParseText("class Unrelated { int Value() => 1; }", options, "Unrelated.cs");
        CSharpCompilation edited = input.AddSyntaxTrees(unrelated);
        driver = driver.RunGenerators(edited);
        DemandCached(nameof(UnrelatedEditRunsNothing), driver);

        SyntaxTree program = edited.SyntaxTrees.Single(static tree => tree.FilePath == "Program.cs");
        SyntaxNode root = program.GetRoot();
        root = root.WithLeadingTrivia(root.GetLeadingTrivia().Insert(0, SyntaxFactory.Comment("/* edited */")));
        root = root.ReplaceNodes(
            root.DescendantNodes().OfType<BlockSyntax>(),
            static (_, block) => block.WithCloseBraceToken(block.CloseBraceToken.WithLeadingTrivia(SyntaxFactory.Comment("/* edited */"))));
        edited = edited.ReplaceSyntaxTree(program, program.WithRootAndOptions(root, options));
        DemandCached(nameof(UnrelatedEditRunsNothing), driver.RunGenerators(edited));
    }

    private static void DemandCached(string check, GeneratorDriver driver)
    {
        GeneratorRunResult run = driver.GetRunResult().Results.Single();
        foreach (string name in TrackingNames.All)
        {
            if (run.TrackedSteps.TryGetValue(name, out ImmutableArray<IncrementalGeneratorRunStep> steps))
            {
                Demand(check, name, steps, [IncrementalStepRunReason.Cached, IncrementalStepRunReason.Unchanged]);
            }
        }

        foreach ((string name, ImmutableArray<IncrementalGeneratorRunStep> steps) in run.TrackedOutputSteps)
        {
            Demand(check, name, steps, [IncrementalStepRunReason.Cached]);
        }
    }

    private static void Demand(
        string check, string name, ImmutableArray<IncrementalGeneratorRunStep> steps, ImmutableArray<IncrementalStepRunReason> allowed)
    {
        foreach ((object value, IncrementalStepRunReason reason) in steps.SelectMany(static step => step.Outputs))
        {
            if (!allowed.Contains(reason))
            {
                throw new HarnessException(check, $"step {name} is {reason}, not {string.Join(" or ", allowed)}: {value}");
            }
        }
    }
}
