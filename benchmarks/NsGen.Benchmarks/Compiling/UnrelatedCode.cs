using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace NsGen.Benchmarks;

/// <summary>A program that has nothing to do with namespaces: what a project consists of, but for a file or two.</summary>
internal static class UnrelatedCode
{
    /// <summary>Together 100,000 lines.</summary>
    public const int Files = 200;

    public const int LinesPerFile = 500;

    private const int LinesPerMethod = 15;

    public static CSharpParseOptions ParseOptions { get; } = new(LanguageVersion.Latest);

    /// <summary>What .NET itself is referenced by; the benchmark's own assemblies are left out.</summary>
    public static MetadataReference[] Framework { get; } =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(':')
            .Where(static path => Path.GetDirectoryName(path) == Path.GetDirectoryName(typeof(object).Assembly.Location))
            .Select(static path => MetadataReference.CreateFromFile(path)),
    ];

    public static MetadataReference NsGen { get; } = MetadataReference.CreateFromFile(typeof(IsolatedAttribute).Assembly.Location);

    public static CSharpCompilation Compile(IEnumerable<SyntaxTree> trees, bool referencesNsGen) => CSharpCompilation.Create(
        "unrelated",
        trees,
        referencesNsGen ? [.. Framework, NsGen] : Framework,
        new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary,
            optimizationLevel: OptimizationLevel.Release,
            nullableContextOptions: NullableContextOptions.Enable));

    public static SyntaxTree[] Parse(int files) => [.. Enumerable.Range(0, files).Select(static file => Parse(Text(file, 0), $"File{file}.cs"))];

    public static SyntaxTree Parse(string code, string path)
        => CSharpSyntaxTree.ParseText(SourceText.From(code, Encoding.UTF8), ParseOptions, path);

    /// <param name="file">Its number.</param>
    /// <param name="edit">What stands in one of its methods: another number is another keystroke.</param>
    public static string Text(int file, int edit)
    {
        var code = new StringBuilder();
        code.Append("using System;\nusing System.Collections.Generic;\nusing System.Linq;\n\n").Append($"namespace Shop.Part{file};\n\n")
            .Append($"public sealed record Item{file}(int Id, string Name, decimal Price);\n\n")
            .Append($"public sealed class Orders{file}\n{{\n    private readonly Dictionary<int, Item{file}> _items = new();\n\n");
        for (int method = 0; method < (LinesPerFile - 12) / LinesPerMethod; method++)
        {
            code.Append(
                $$"""
                    /// <summary>Adds up what is dearer than the discount.</summary>
                    public decimal Total{{method}}(IEnumerable<int> ids, decimal discount)
                    {
                        decimal total = {{(method == 0 ? edit : method)}}m;
                        foreach (int id in ids)
                        {
                            if (_items.TryGetValue(id, out Item{{file}}? item) && item.Price > discount)
                            {
                                total += item.Price - discount;
                            }
                        }

                        return _items.Values.Any(i => i.Id == {{method}}) ? total : Math.Round(total, 2);
                    }


                """);
        }

        return code.Append("}\n").ToString();
    }
}
