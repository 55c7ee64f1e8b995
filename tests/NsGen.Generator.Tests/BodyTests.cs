using System.Reflection;
using NsGen.Generator.Tests.Harness;

namespace NsGen.Generator.Tests;

/// <summary>The shapes a body may have beside its launcher, the special parameters, the exit code.</summary>
public sealed class BodyTests
{
    /// <summary>Each kind of launcher with each kind of body: what both give is the same, at once or by a task.</summary>
    public static TheoryData<string, string, object?> Shapes
    {
        get
        {
            var shapes = new TheoryData<string, string, object?>();
            foreach (string launcher in new[] { "void", "Task", "ValueTask", "IsolatedProcess" })
            {
                shapes.Add(launcher, "void GoCore(int n) => s_seen = n;", null);
                shapes.Add(launcher, "async Task GoCore(int n) { await Task.Yield(); s_seen = n; }", null);
                shapes.Add(launcher, "async ValueTask GoCore(int n) { await Task.Yield(); s_seen = n; }", null);
            }

            foreach (string launcher in new[] { "string", "Task<string>", "ValueTask<string>", "IsolatedProcess<string>" })
            {
                shapes.Add(launcher, "string GoCore(int n) => $\"{s_seen = n}\";", "7");
                shapes.Add(launcher, "async Task<string> GoCore(int n) { await Task.Yield(); return $\"{s_seen = n}\"; }", "7");
                shapes.Add(launcher, "async ValueTask<string> GoCore(int n) { await Task.Yield(); return $\"{s_seen = n}\"; }", "7");
            }

            return shapes;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_body_gives_at_once_or_by_a_task(string launcher, string body, object? expected)
    {
        Assembly assembly = new GeneratorHarness().Check($$"""
            public static partial class Demo
            {
                private static int s_seen;

                [Isolated]
                public static partial {{launcher}} Go(int n);

                private static {{body}}

                public static int Seen() => s_seen;
            }
            """).Load();
        (object? result, RecordedCall call) = assembly.Invoke("Demo", "Go", 7);
        Assert.Equal(expected, result);
        Assert.Equal(7, assembly.Invoke("Demo", "Seen").Result);
        Assert.Equal(0, call.ExitCode);
    }

    [Theory]
    [InlineData("int", "int GoCore() => 300;", 300)]
    [InlineData("Task<int>", "async Task<int> GoCore() => await Task.FromResult(300);", 300)]
    [InlineData("ValueTask<int>", "int GoCore() => 300;", 300)]
    [InlineData("IsolatedProcess<int>", "ValueTask<int> GoCore() => new(300);", 300)]
    [InlineData("IsolatedProcess", "int GoCore() => 300;", null)]
    [InlineData("IsolatedProcess", "async Task<int> GoCore() => await Task.FromResult(300);", null)]
    public void An_int_is_also_the_exit_code(string launcher, string body, object? expected)
    {
        (object? result, RecordedCall call) = new GeneratorHarness().Check($$"""
            public static partial class Demo
            {
                [Isolated]
                public static partial {{launcher}} Go();

                private static {{body}}
            }
            """).Load().Invoke("Demo", "Go");
        Assert.Equal(expected, result);
        Assert.Equal(300, call.ExitCode); // the runtime takes the low 8 bits
    }

    [Theory]
    [InlineData("long", "3L")]
    [InlineData("byte", "3")]
    [InlineData("int?", "3")]
    [InlineData("DayOfWeek", "DayOfWeek.Friday")]
    public void Another_result_is_no_exit_code(string type, string value)
        => Assert.Equal(0, new GeneratorHarness().Check($$"""
            public static partial class Demo
            {
                [Isolated]
                public static partial {{type}} Go();

                private static {{type}} GoCore() => {{value}};
            }
            """).Load().Invoke("Demo", "Go").Call.ExitCode);

    [Theory]
    [InlineData("int n, CancellationToken token", "int n, CancellationToken token", true)]
    [InlineData("CancellationToken token, int n", "CancellationToken token, int n", true)]
    [InlineData("int n, CancellationToken token = default", "int n, CancellationToken token = default", true)]
    [InlineData("int n, CancellationToken token", "int n", false)]
    [InlineData("IsolationOptions? options, int n, CancellationToken token", "int n, CancellationToken token", true)]
    [InlineData("int n, CancellationToken token, IsolationOptions options", "int n", false)]
    public void The_special_parameters_reach_the_runtime_and_the_token_the_body(string launcher, string body, bool accepts)
    {
        Assembly assembly = new GeneratorHarness().Check($$"""
            public static partial class Demo
            {
                [Isolated(Uts)]
                public static partial Task<int> Go({{launcher}});

                private static int GoCore({{body}}) => {{(accepts ? "token.IsCancellationRequested ? -n : n" : "n")}};
            }
            """).Load();
        var options = new IsolationOptions();
        var token = new CancellationToken(canceled: true);
        object?[] arguments = [.. launcher.Split(", ").Select(parameter =>
            parameter.StartsWith("int", StringComparison.Ordinal) ? 7 : parameter.StartsWith("Can", StringComparison.Ordinal) ? token : (object)options)];
        (object? result, RecordedCall call) = assembly.Invoke("Demo", "Go", arguments);
        Assert.Equal(accepts ? -7 : 7, result);
        Assert.Equal(accepts, call.AcceptsCancellation);
        Assert.Equal(token, call.CancellationToken);
        Assert.Equal(launcher.Contains("options", StringComparison.Ordinal), ReferenceEquals(options, call.Options));
        Assert.Equal(Uts, call.Defaults!.Namespaces);
    }

    [Fact]
    public void Of_two_bodies_the_one_that_takes_the_token_is_called()
        => Assert.Equal("with", new GeneratorHarness().Check("""
            public static partial class Demo
            {
                [Isolated]
                public static partial string Go(CancellationToken token);

                private static string GoCore() => "without";

                private static string GoCore(CancellationToken token) => "with";
            }
            """).Load().Invoke("Demo", "Go", CancellationToken.None).Result);

    [Fact]
    public void A_body_may_be_named()
        => Assert.Equal(3, new GeneratorHarness().Check("""
            public static partial class Demo
            {
                [Isolated(Body = nameof(Other))]
                public static partial int Go();

                public static int Other() => 3;

                private static int GoCore() => 0;
            }
            """).Load().Invoke("Demo", "Go").Result);

    [Fact]
    public void Of_overloaded_bodies_the_one_with_the_same_parameters_is_called()
        => Assert.Equal("object", new GeneratorHarness().Check("""
            public static partial class Demo
            {
                [Isolated]
                public static partial string Go(object? value);

                private static string GoCore(object? value) => "object";

                private static string GoCore(string? value) => "string";

                private static string GoCore(object? value, int more = 0) => "more";
            }
            """).Load().Invoke("Demo", "Go", "text").Result);

    [Fact]
    public void What_a_body_throws_is_not_caught_by_generated_code()
    {
        Assembly assembly = new GeneratorHarness().Check("""
            public static partial class Demo
            {
                [Isolated]
                public static partial Task<int> Go();

                private static async Task<int> GoCore()
                {
                    await Task.Yield();
                    throw new FormatException("from the body");
                }
            }
            """).Load();
        Assert.Equal("from the body", Assert.Throws<FormatException>(() => assembly.Invoke("Demo", "Go")).Message);
    }

    [Fact]
    public void An_id_that_is_unknown_finds_nothing()
    {
        Assembly assembly = new GeneratorHarness().Check("""
            public static partial class Demo
            {
                [Isolated]
                public static partial void Go();

                private static void GoCore()
                {
                }
            }
            """).Load();
        Assert.NotNull(InProcess.Find(assembly, "Demo.Go()"));
        Assert.Null(InProcess.Find(assembly, "Demo.Go"));
    }

    [Fact]
    public void A_friend_assembly_may_have_isolated_methods_too()
    {
        GeneratedProgram library = new GeneratorHarness { AssemblyName = "Library" }.Check("""
            [assembly: System.Runtime.CompilerServices.InternalsVisibleTo("Program")]

            public partial class Base
            {
                [Isolated]
                internal static partial void Go();

                private static void GoCore()
                {
                }
            }
            """);
        var harness = new GeneratorHarness { MoreReferences = [library.Compilation.ToMetadataReference()] };
        Assert.Equal(2, harness.Check("""
            public partial class Derived : Base
            {
                [Isolated]
                internal static new partial void Go();

                private static void GoCore()
                {
                }
            }
            """).Files.Count);
    }
}
