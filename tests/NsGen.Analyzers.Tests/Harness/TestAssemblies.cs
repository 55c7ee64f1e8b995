using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;

namespace NsGen.Analyzers.Tests.Harness;

/// <summary>What the assemblies under test contain.</summary>
internal static class TestAssemblies
{
    public static Assembly Analyzers => typeof(RuleIds).Assembly;

    public static Assembly CodeFixes { get; } = Assembly.Load("NsGen.CodeFixes");

    /// <summary>The repository's root, for tests about files in it.</summary>
    public static string Root { get; } = FindRoot();

    public static DiagnosticAnalyzer[] AllAnalyzers() => [.. Instances<DiagnosticAnalyzer>(Analyzers)];

    public static CodeFixProvider[] AllFixes() => [.. Instances<CodeFixProvider>(CodeFixes)];

    public static ISourceGenerator[] Generators() =>
        [.. Instances<IIncrementalGenerator>(Assembly.Load("NsGen.Generator")).Select(g => g.AsSourceGenerator())];

    /// <summary>Every constant of <see cref="RuleIds"/>.</summary>
    public static string[] AllRuleIds() =>
        [.. typeof(RuleIds).GetFields(BindingFlags.Static | BindingFlags.Public).Select(f => (string)f.GetRawConstantValue()!).Order()];

    public static string ReadResource(string name)
    {
        using Stream stream = typeof(TestAssemblies).Assembly.GetManifestResourceStream(name)
            ?? throw new FileNotFoundException("no embedded resource " + name);
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }

    private static IEnumerable<T> Instances<T>(Assembly assembly) => assembly.GetTypes()
        .Where(t => typeof(T).IsAssignableFrom(t) && !t.IsAbstract && t.GetConstructor([]) is not null)
        .OrderBy(t => t.Name, StringComparer.Ordinal)
        .Select(t => (T)Activator.CreateInstance(t)!);

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "NsGen.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("NsGen.sln is in none of the folders above the test assembly");
    }
}
