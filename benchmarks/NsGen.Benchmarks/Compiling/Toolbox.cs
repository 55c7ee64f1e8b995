using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace NsGen.Benchmarks;

/// <summary>The analyzers and generators that take part: NsGen's, and those of the SDK that this program runs on.</summary>
internal static class Toolbox
{
    private static readonly string s_dotnet = Path.GetDirectoryName(Path.GetFullPath(Programs.Dotnet))!;

    public static DiagnosticAnalyzer[] NsGenAnalyzers() => Instances<DiagnosticAnalyzer>(Assembly.Load("NsGen.Analyzers"));

    /// <summary>Microsoft.CodeAnalysis.NetAnalyzers: every project of the SDK has them.</summary>
    public static DiagnosticAnalyzer[] NetAnalyzers()
    {
        string folder = Newest(Path.Combine(s_dotnet, "sdk"), "Sdks/Microsoft.NET.Sdk/analyzers");
        return
        [
            .. Instances<DiagnosticAnalyzer>(Assembly.LoadFrom(Path.Combine(folder, "Microsoft.CodeAnalysis.NetAnalyzers.dll"))),
            .. Instances<DiagnosticAnalyzer>(Assembly.LoadFrom(Path.Combine(folder, "Microsoft.CodeAnalysis.CSharp.NetAnalyzers.dll"))),
        ];
    }

    public static ISourceGenerator NsGenGenerator() => Instances<IIncrementalGenerator>(Assembly.Load("NsGen.Generator"))[0].AsSourceGenerator();

    /// <summary>System.Text.Json's, the generator to compare with: of the same people as the compiler.</summary>
    public static ISourceGenerator JsonGenerator()
    {
        string folder = Newest(Path.Combine(s_dotnet, "packs", "Microsoft.NETCore.App.Ref"), "analyzers/dotnet/cs");
        Assembly assembly = Assembly.LoadFrom(Path.Combine(folder, "System.Text.Json.SourceGeneration.dll"));
        return Instances<IIncrementalGenerator>(assembly)[0].AsSourceGenerator();
    }

    private static string Newest(string versions, string folder)
        => Directory.EnumerateDirectories(versions)
            .Select(version => Path.Combine(version, folder))
            .Where(Directory.Exists)
            .MaxBy(static path => File.GetLastWriteTimeUtc(path))
            ?? throw new InvalidOperationException($"There is no {folder} in {versions}: the .NET SDK is needed.");

    private static T[] Instances<T>(Assembly assembly)
        =>
        [
            .. assembly.GetTypes()
                .Where(static type => typeof(T).IsAssignableFrom(type) && !type.IsAbstract && type.GetConstructor(Type.EmptyTypes) is not null)
                .Where(static type => type.GetCustomAttribute<DiagnosticAnalyzerAttribute>() is not { } analyzer
                    || analyzer.Languages.Contains(LanguageNames.CSharp))
                .Select(static type => (T)Activator.CreateInstance(type)!),
        ];
}
