using System.Reflection;
using NsGen.Generator.Tests.Harness;

namespace NsGen.Generator.Tests;

/// <summary>Values that travel as JSON, and what trimming and ahead-of-time compilation are told about them.</summary>
public sealed class JsonTests
{
    /// <summary>What System.Text.Json's own generator makes of a context, without that generator.</summary>
    internal const string Context = """

        public sealed class Context(System.Text.Json.JsonSerializerOptions options) : System.Text.Json.Serialization.JsonSerializerContext(options)
        {
            public static Context Default { get; } = new(new() { IncludeFields = true });

            protected override System.Text.Json.JsonSerializerOptions? GeneratedSerializerOptions => null;

            public override System.Text.Json.Serialization.Metadata.JsonTypeInfo? GetTypeInfo(Type type)
            {
                Used.Add(type);
                return new System.Text.Json.Serialization.Metadata.DefaultJsonTypeInfoResolver().GetTypeInfo(type, Options);
            }

            public static HashSet<Type> Used { get; } = new();
        }
        """;

    [Fact]
    public void A_context_carries_what_is_not_primitive()
    {
        GeneratedProgram program = new GeneratorHarness().Check("""
            public static partial class Demo
            {
                [Isolated(JsonContext = typeof(Context))]
                public static partial Dictionary<string, int>? Count(List<string>? words, int least);

                private static Dictionary<string, int>? CountCore(List<string>? words, int least)
                    => words?.GroupBy(word => word).Where(group => group.Count() >= least).ToDictionary(group => group.Key, group => group.Count());
            }
            """ + Context);
        Assert.DoesNotContain("Requires", program.AllText, StringComparison.Ordinal);
        Assert.DoesNotContain("Suppress", program.AllText, StringComparison.Ordinal);

        Assembly assembly = program.Load();
        var result = (Dictionary<string, int>)assembly.Invoke("Demo", "Count", new List<string> { "a", "b", "a" }, 2).Result!;
        Assert.Equal(new Dictionary<string, int> { ["a"] = 2 }, result);
        Assert.Null(assembly.Invoke("Demo", "Count", null, 2).Result);
        var used = (HashSet<Type>)assembly.GetType("Context")!.GetProperty("Used")!.GetValue(null)!;
        Assert.Contains(typeof(Dictionary<string, int>), used);
        Assert.Contains(typeof(List<string>), used);
    }

    [Fact]
    public void A_context_nested_beside_a_private_method_may_be_private()
        => Assert.Contains("global::Demo.Context.Default", new GeneratorHarness().Check($$"""
            public static partial class Demo
            {
                [Isolated(JsonContext = typeof(Context))]
                private static partial void Go(List<string> words);

                private static void GoCore(List<string> words)
                {
                }

                {{Context.Replace("public sealed class", "private sealed class", StringComparison.Ordinal)}}
            }
            """).AllText, StringComparison.Ordinal);

    [Fact]
    public void A_context_is_not_asked_for_primitives()
        => Assert.DoesNotContain("Context", new GeneratorHarness().Check("""
            public static partial class Demo
            {
                [Isolated(JsonContext = typeof(Context))]
                public static partial int Go(string word);

                private static int GoCore(string word) => 0;
            }
            """ + Context).AllText, StringComparison.Ordinal);

    [Fact]
    public void Reflection_is_announced_on_both_sides_and_suppressed_between_them()
    {
        GeneratedProgram program = new GeneratorHarness().Check("""
            public partial class Outer
            {
                private static partial class Demo
                {
                    [Isolated]
                    internal static partial void Go(List<string> words);

                    private static void GoCore(List<string> words)
                    {
                    }
                }
            }
            """);
        string file = program["Outer.Demo.Go.g.cs"];
        foreach (string attribute in new[] { "RequiresUnreferencedCode(", "RequiresDynamicCode(" })
        {
            Assert.Equal(3, file.Split(attribute).Length - 1); // the forwarder, the launcher, the child's side
        }

        Assert.Contains("UnconditionalSuppressMessage(\"Trimming\", \"IL2026\", Justification = ", program["NsGen.Entry.g.cs"], StringComparison.Ordinal);
        Assert.Contains("UnconditionalSuppressMessage(\"AOT\", \"IL3050\", Justification = ", program["NsGen.Entry.g.cs"], StringComparison.Ordinal);
    }

    [Fact]
    public void A_declaration_that_announces_reflection_itself_is_not_given_the_attribute_twice()
    {
        string file = new GeneratorHarness().Check("""
            public static partial class Demo
            {
                [System.Diagnostics.CodeAnalysis.RequiresUnreferencedCode("words")]
                [System.Diagnostics.CodeAnalysis.RequiresDynamicCode("words")]
                [Isolated]
                public static partial void Go(List<string> words);

                private static void GoCore(List<string> words)
                {
                }
            }
            """)["Demo.Go.g.cs"];
        Assert.Equal(1, file.Split("RequiresUnreferencedCode(").Length - 1);
        Assert.Equal(1, file.Split("RequiresDynamicCode(").Length - 1);
    }

    [Fact]
    public void What_a_body_announces_its_launcher_announces_too()
    {
        string file = new GeneratorHarness().Check("""
            public static partial class Demo
            {
                [Isolated]
                public static partial void Go(int number);

                [System.Diagnostics.CodeAnalysis.RequiresUnreferencedCode("It loads plug-ins.")]
                private static void GoCore(int number)
                {
                }
            }
            """)["Demo.Go.g.cs"];
        Assert.Equal(2, file.Split("RequiresUnreferencedCode(\"Demo.GoCore needs it.\")").Length - 1);
        Assert.DoesNotContain("RequiresDynamicCode", file, StringComparison.Ordinal);
    }
}
