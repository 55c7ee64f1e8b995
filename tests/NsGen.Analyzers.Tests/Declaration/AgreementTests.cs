using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NsGen.Analyzers.Tests.Harness;
using Xunit;

namespace NsGen.Analyzers.Tests.Declaration;

/// <summary>Where the generator writes a launcher that only throws, an analyzer reports an error; where it writes a real one, none does.</summary>
public sealed class AgreementTests
{
    private const string Throws = "The declaration is invalid";

    public static TheoryData<string> Invalid => new()
    {
        "[Isolated(Uts)] public partial int Go(); int GoCore() => 0;",
        "[Isolated(Uts)] public static partial T Go<T>(T value); static T GoCore<T>(T value) => value;",
        "[Isolated(Uts)] public static partial ref int Go(); static int s_value; static ref int GoCore() => ref s_value;",
        "[Isolated(Uts)] public static partial void Go(ref int value); static void GoCore(ref int value) { }",
        "[Isolated(Uts)] public static partial Task Go(in int value); static void GoCore(int value) { }",
        "[Isolated(Uts)] public static partial void Go(ReadOnlySpan<char> text); static void GoCore(ReadOnlySpan<char> text) { }",
        "[Isolated(Uts)] public static partial void Go(Action action); static void GoCore(Action action) { }",
        "[Isolated(Uts)] public static unsafe partial void Go(int* p); static unsafe void GoCore(int* p) { }",
        "[Isolated(Uts)] public static partial void Go(List<Stream> files); static void GoCore(List<Stream> files) { }",
        "[Isolated(Uts)] public static partial void Go(CancellationToken a, CancellationToken b); static void GoCore() { }",
        "[Isolated(Uts)] public static partial Stream Go(); static Stream GoCore() => Stream.Null;",
        "[Isolated(Uts)] public static partial int Go(string name);",
        "[Isolated(Uts, Body = \"Other\")] public static partial void Go(); static void GoCore() { }",
        "[Isolated(Uts, Body = \"\")] public static partial void Go(); static void GoCore() { }",
        "[Isolated(Uts)] public static partial void Go(); void GoCore() { }",
        "[Isolated(Uts, Body = nameof(Go))] public static partial void Go();",
        "[Isolated(Uts)] public static unsafe partial Task Go(); static void GoCore() { }",
        "[Isolated(Uts, Exec = \"/bin/true\", Body = nameof(GoCore))] public static partial void Go(); static void GoCore() { }",
        "[Isolated(Uts, Exec = \"\")] public static partial void Go();",
        "[Isolated(Uts, Exec = \"/bin/true\")] public static partial string Go();",
        "[Isolated(Uts, Exec = \"/bin/true\")] public static partial void Go(List<int> numbers);",
        "[Isolated((Namespaces)0x100)] public static partial void Go(); static void GoCore() { }",
        "[Isolated(Uts, Mode = IsolationMode.Thread, Exec = \"/bin/true\")] public static partial void Go();",
        "[Isolated(Uts, Mode = IsolationMode.Thread)] public static partial void Go(ref int a); static void GoCore(ref int a) { }",
        "[Isolated(Uts, Mode = IsolationMode.Thread)] public static partial Task Go(); static async Task GoCore() => await Task.Yield();",
        "[Isolated(Uts, Mode = IsolationMode.Thread)] public static partial IsolatedProcess Go(); static void GoCore() { }",
        "[Isolated(Uts, Mode = IsolationMode.Thread, Warm = 2)] public static partial void Go(); static void GoCore() { }",
        "[Isolated(Uts, JsonContext = typeof(string))] public static partial void Go(); static void GoCore() { }",
        "public partial class G<T> { [Isolated(Uts)] public static partial void Go(); static void GoCore() { } }",
        "public partial struct S { [Isolated(Uts, Mode = IsolationMode.Thread)] public partial void Go(); void GoCore() { } }",
    };

    public static TheoryData<string> Valid => new()
    {
        "[Isolated(Uts)] public static partial int Go(in int a, string? b, IsolationOptions o, CancellationToken t); static int GoCore(int a, string? b) => a;",
        "[Isolated(Uts, Exec = \"/bin/true\")] public static partial int Go(params string[] arguments);",
        "[Isolated(Uts, Mode = IsolationMode.Thread)] public partial T Go<T>(T value); T GoCore<T>(T value) => value;",
        "[Isolated(Join = Net)] internal static partial Task<int> Go(NamespaceTarget target); static async Task<int> GoCore() { await Task.Yield(); return 1; }",
        "[Isolated(Uts, Warm = 2)] private protected static partial IAsyncEnumerable<int> Go(IProgress<int> p); static async IAsyncEnumerable<int> GoCore(IProgress<int> p) { await Task.Yield(); yield return 1; }",
    };

    [Theory]
    [MemberData(nameof(Invalid))]
    public async Task A_launcher_that_throws_is_an_error(string members)
    {
        (string generated, ImmutableArray<Diagnostic> errors) = await Run(members);
        Assert.Contains(Throws, generated, StringComparison.Ordinal);
        Assert.NotEmpty(errors);
    }

    [Theory]
    [MemberData(nameof(Valid))]
    public async Task A_launcher_that_runs_is_none(string members)
    {
        (string generated, ImmutableArray<Diagnostic> errors) = await Run(members);
        Assert.NotEmpty(generated);
        Assert.DoesNotContain(Throws, generated, StringComparison.Ordinal);
        Assert.Empty(errors);
    }

    private static async Task<(string Generated, ImmutableArray<Diagnostic> Errors)> Run(string members)
    {
        CSharpCompilation compilation = TestCompilation.Create(
            $"using NsGen; using static NsGen.Namespaces;\npublic partial class Demo {{ {members} }}", TestCompilation.References());
        ImmutableArray<Diagnostic> found = await TestCompilation.AnalyzeAsync(compilation, null, TestAssemblies.AllAnalyzers());
        return (
            string.Concat(compilation.SyntaxTrees.Skip(2).Select(static tree => tree.ToString())),
            [.. found.Where(static d => d.Severity == DiagnosticSeverity.Error && d.Id.StartsWith("NSG0", StringComparison.Ordinal))]);
    }
}
