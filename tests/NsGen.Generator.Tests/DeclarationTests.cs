using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NsGen.Generator.Tests.Harness;

namespace NsGen.Generator.Tests;

/// <summary>Where and how an isolated method may be declared. Each is called: the right body must answer.</summary>
public sealed class DeclarationTests
{
    private const string Echo = """
        [Isolated(Uts)]
        internal static partial string Echo(string text);

        private static string EchoCore(string text) => text + "!";
        """;

    [Theory]
    [InlineData("public static partial class Demo")]
    [InlineData("internal abstract partial class Demo")]
    [InlineData("public sealed partial class Demo")]
    [InlineData("partial struct Demo")]
    [InlineData("public readonly partial struct Demo")]
    [InlineData("public ref partial struct Demo")]
    [InlineData("public partial record Demo(int Number)")]
    [InlineData("partial record class Demo")]
    [InlineData("public readonly partial record struct Demo(int Number)")]
    [InlineData("public partial interface Demo")]
    [InlineData("public unsafe partial class Demo")]
    public void In_every_kind_of_type(string declaration)
        => Calls("Probe", $$"""
            {{declaration}}
            {
                {{Echo}}
            }

            public static class Probe
            {
                public static string Echo(string text) => Demo.Echo(text);
            }
            """);

    [Theory]
    [InlineData("namespace Some;", "Some.Demo")]
    [InlineData("namespace Some.More;", "Some.More.Demo")]
    [InlineData("namespace @namespace.@class;", "namespace.class.Demo")]
    [InlineData("namespace NsGen.Mine;", "NsGen.Mine.Demo")]
    [InlineData("namespace Demo;", "Demo.Demo")]
    public void In_every_kind_of_namespace(string declaration, string name)
        => Calls(name, $"{declaration}\npublic static partial class Demo\n{{\n{Echo}\n}}");

    [Theory]
    [InlineData("public", "public")]
    [InlineData("internal", "public")]
    [InlineData("public", "internal")]
    [InlineData("public", "protected internal")]
    [InlineData("public", "private")]
    [InlineData("private", "public")]
    [InlineData("private", "private")]
    [InlineData("protected", "internal")]
    [InlineData("private protected", "protected")]
    public void In_nested_types_of_every_accessibility(string middle, string inner)
        => Calls("Outer+Middle+Inner", $$"""
            public partial class Outer
            {
                {{middle}} partial class Middle
                {
                    {{inner}} partial class Inner
                    {
                        {{Echo}}
                    }
                }
            }
            """);

    [Fact]
    public void In_two_private_types_of_the_same_method_names()
    {
        Assembly assembly = Calls("Outer+One", $$"""
            public partial class Outer
            {
                private partial class One
                {
                    {{Echo}}
                }

                private partial class Two
                {
                    {{Echo}}
                }

                // What the forwarder would be called.
                private static int One_Echo_Isolated => 0;
            }
            """);
        Assert.Equal("x!", assembly.Invoke("Outer+Two", "Echo", "x").Result);
    }

    [Theory]
    [InlineData("public static")]
    [InlineData("internal static")]
    [InlineData("private static")]
    [InlineData("protected static")]
    [InlineData("protected internal static")]
    [InlineData("static private protected")]
    [InlineData("static internal unsafe")]
    [InlineData("public new static")]
    public void With_every_modifier(string modifiers)
        => Calls("Demo", $$"""
            public class Base
            {
                public static string? Echo(string text) => null;
            }

            public partial class Demo : {{(modifiers.Contains("new", StringComparison.Ordinal) ? "Base" : "object")}}
            {
                [Isolated]
                {{modifiers}} partial string Echo(string text);

                private static string EchoCore(string text) => text + "!";
            }
            """);

    [Fact]
    public void Without_an_access_modifier_the_call_does_not_vanish()
    {
        Assembly assembly = new GeneratorHarness().Check("""
            public static partial class Demo
            {
                public static bool Ran { get; private set; }

                [Isolated]
                static partial void Go();

                private static void GoCore() => Ran = true;

                public static bool Probe()
                {
                    Go();
                    return Ran;
                }
            }
            """).Load();
        Assert.Equal(true, assembly.Invoke("Demo", "Probe").Result);
    }

    [Fact]
    public void With_names_that_are_keywords()
    {
        GeneratedProgram program = new GeneratorHarness().Check("""
            namespace @new.@public
            {
                public static partial class @class
                {
                    public static partial class @record
                    {
                        [Isolated]
                        public static partial Task<string> @event(string @string, int @await, bool var, string @return, int _);

                        private static async Task<string> @eventCore(string @string, int @await, bool var, string @return, int _)
                            => await Task.FromResult(@string + @await + var + @return + _);

                        [Isolated(Body = nameof(@base))]
                        public static partial string @this(int @if);

                        private static string @base(int @if) => $"{@if}";

                        [Isolated(Exec = "/bin/true")]
                        public static partial int @for(int @in, params string[] @params);
                    }
                }
            }
            """);
        Assert.Equal(
            ["NsGen.Entry.g.cs", "new.public.class.record.event.g.cs", "new.public.class.record.for.g.cs", "new.public.class.record.this.g.cs"],
            program.Files.Keys);
        Assembly assembly = program.Load();
        Assert.Equal("a1Trueb2", assembly.Invoke("new.public.class+record", "event", "a", 1, true, "b", 2).Result);
        Assert.Equal("3", assembly.Invoke("new.public.class+record", "this", 3).Result);
    }

    [Theory]
    [InlineData("file")]
    [InlineData("required")]
    [InlineData("scoped")]
    [InlineData("partial")]
    [InlineData("where")]
    [InlineData("dynamic")]
    [InlineData("async")]
    [InlineData("nint")]
    [InlineData("when")]
    [InlineData("yield")]
    public void In_a_type_whose_name_is_a_contextual_keyword(string name)
        => Calls(name, $$"""
            public static partial class @{{name}}
            {
                {{Echo}}

                [Isolated]
                public static partial Task<@{{name}}.Kind> Async(@{{name}}.Kind kind);

                private static @{{name}}.Kind AsyncCore(@{{name}}.Kind kind) => kind;

                public enum Kind
                {
                    One,
                }
            }
            """);

    [Fact]
    public void With_names_that_generated_code_uses_itself()
    {
        Assembly assembly = new GeneratorHarness().Check("""
            public static partial class Demo
            {
                [Isolated(Body = "Run")]
                public static partial string One(string arguments, string call, string result, string One_Isolated, string Demo);

                private static string Run(string arguments, string call, string result, string One_Isolated, string Demo)
                    => arguments + call + result + One_Isolated + Demo;

                [Isolated(Body = "Method")]
                public static partial Task<int> Two(int arguments, int arguments_, int result, int call, int Method);

                private static int Method(int arguments, int arguments_, int result, int call, int Method)
                    => arguments + arguments_ + result + call + Method;

                private static int Two_Isolated => 0;

                [Isolated(Exec = "/bin/true")]
                public static partial int Three(int arguments, int status);
            }
            """).Load();
        Assert.Equal("abcde", assembly.Invoke("Demo", "One", "a", "b", "c", "d", "e").Result);
        Assert.Equal(12345, assembly.Invoke("Demo", "Two", 10000, 2000, 300, 40, 5).Result);
    }

    [Fact]
    public void Where_the_program_has_types_of_the_same_names_as_generated_code_names()
        => Calls("Mine.Demo", $$"""
            namespace Mine
            {
                public class System { }
                public class NsGen { }
                public class Task { }
                public class GeneratedCode { }
                public class IsolatedCall { }
                public class Entry { }

                public static partial class Demo
                {
                    {{Echo.Replace("[Isolated", "[global::NsGen.Isolated", StringComparison.Ordinal)}}

                    [global::NsGen.Isolated]
                    public static partial global::System.Threading.Tasks.Task<(int, List<string>)> Async(DateTime System, List<string> NsGen);

                    private static (int, List<string>) AsyncCore(DateTime System, List<string> NsGen) => (0, NsGen);
                }
            }
            """);

    [Fact]
    public void Overloads_have_files_ids_and_classes_of_their_own()
    {
        GeneratedProgram program = new GeneratorHarness().Check("""
            public static partial class Demo
            {
                [Isolated] public static partial string Echo(int value);
                [Isolated] public static partial string Echo(string value);
                [Isolated] public static partial string Echo(List<string> value, int times = 1);
                private static string EchoCore(int value) => $"int {value}";
                private static string EchoCore(string value) => $"string {value}";
                private static string EchoCore(List<string> value, int times) => $"list {value.Count * times}";
                public static string Probe() => Echo(1) + ", " + Echo("a") + ", " + Echo(new List<string> { "a" }, 2);
            }
            """);
        Assert.Equal(4, program.Files.Count);
        Assert.Equal("int 1, string a, list 2", program.Load().Invoke("Demo", "Probe").Result);
    }

    [Fact]
    public void A_new_overload_does_not_change_the_names_of_the_others()
    {
        const string Two = """
            [Isolated] public static partial void Go(int value);
            [Isolated] public static partial void Go(string value);
            private static void GoCore(int value) { }
            private static void GoCore(string value) { }
            """;
        const string Third = """
            [Isolated] public static partial void Go();
            private static void GoCore() { }
            """;
        GeneratedProgram before = new GeneratorHarness().Check($"public static partial class Demo\n{{\n{Two}\n}}");
        GeneratedProgram after = new GeneratorHarness().Check($"public static partial class Demo\n{{\n{Third}\n{Two}\n}}");
        foreach ((string name, string text) in before.Files.Where(static file => file.Key != "NsGen.Entry.g.cs"))
        {
            Assert.Equal(text, after[name]);
        }

        Assert.Contains("Demo.Go-55774b4e.g.cs", before.Files.Keys);
    }

    [Fact]
    public void Names_that_differ_in_case_only_have_files_that_differ_in_more()
    {
        GeneratedProgram program = new GeneratorHarness().Check("""
            public static partial class Demo
            {
                [Isolated] public static partial string Go();
                [Isolated] public static partial string GO();
                private static string GoCore() => "Go";
                private static string GOCore() => "GO";
                public static string Probe() => Go() + GO();
            }
            """);
        Assert.Equal(3, program.Files.Keys.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Equal("GoGO", program.Load().Invoke("Demo", "Probe").Result);
    }

    [Fact]
    public void A_derived_class_may_hide_an_isolated_method()
    {
        Assembly assembly = Calls("Demo", $$"""
            public partial class Base
            {
                [Isolated]
                internal static partial string Echo(string text);

                private static string EchoCore(string text) => "base";
            }

            public partial class Demo : Base
            {
                {{Echo.Replace("internal static", "internal new static", StringComparison.Ordinal)}}
            }
            """);
        Assert.Equal("base", assembly.Invoke("Base", "Echo", "x").Result);
    }

    [Fact]
    public void A_body_may_be_in_another_part_of_the_type()
        => Calls("Demo", $$"""
            public static partial class Demo
            {
                [Isolated]
                internal static partial string Echo(string text);
            }

            static partial class Demo
            {
                private static string EchoCore(string text) => text + "!";
            }
            """);

    [Fact]
    public void An_extension_method_may_be_isolated()
    {
        Assembly assembly = new GeneratorHarness().Check("""
            public static partial class Demo
            {
                [Isolated]
                public static partial string Twice(this string text);

                private static string TwiceCore(string text) => text + text;

                public static string Probe() => "ab".Twice();
            }
            """).Load();
        Assert.Equal("abab", assembly.Invoke("Demo", "Probe").Result);
    }

    [Fact]
    public void Parameters_may_have_defaults_modifiers_and_attributes()
    {
        Assembly assembly = new GeneratorHarness().Check("""
            public static partial class Demo
            {
                [Isolated]
                public static partial string Join(
                    in decimal amount, [System.Diagnostics.CodeAnalysis.AllowNull] string text, DayOfWeek day = DayOfWeek.Monday, char c = '\n', params int[] numbers);

                private static string JoinCore(in decimal amount, string text, DayOfWeek day, char c, params int[] numbers)
                    => $"{amount:0} {text ?? "null"} {day} {(int)c} {string.Join("+", numbers)}";

                public static string Probe() => Join(1m, null) + "; " + Join(2m, "a", DayOfWeek.Friday, 'b', 1, 2);
            }
            """).Load();
        Assert.Equal("1 null Monday 10 ; 2 a Friday 98 1+2", assembly.Invoke("Demo", "Probe").Result);
    }

    [Fact]
    public void A_program_without_nullable_types_may_pass_null()
    {
        Assembly assembly = new GeneratorHarness { Nullable = NullableContextOptions.Disable }.Check("""
            public static partial class Demo
            {
                [Isolated]
                public static partial List<string> Both(string text, byte[] bytes, Uri uri, List<string> list, int? number);

                private static List<string> BothCore(string text, byte[] bytes, Uri uri, List<string> list, int? number)
                    => text == null && bytes == null && uri == null && number == null ? list : new List<string>();

                public static bool Probe() => Both(null, null, null, null, null) == null;
            }
            """).Load();
        Assert.Equal(true, assembly.Invoke("Demo", "Probe").Result);
    }

    [Fact]
    public void What_is_obsolete_may_be_isolated()
        => Calls("Demo", """
            [Obsolete("Use something else.")]
            public enum Old { One }

            public static partial class Demo
            {
                [Isolated]
                internal static partial string Echo(string text);

                [Obsolete]
                private static string EchoCore(string text) => text + "!";

                [Obsolete("Use Echo.")]
                [Isolated]
                internal static partial Old Same(Old old);

                [Obsolete("Use Echo.")]
                private static Old SameCore(Old old) => old;
            }
            """);

    [Fact]
    public void Tuple_names_and_nullable_annotations_need_not_be_the_same_in_the_body()
    {
        Assembly assembly = new GeneratorHarness().Check("""
            public static partial class Demo
            {
                [Isolated]
                public static partial (int Sum, string? Text) Add((int A, int B) pair, string text);

                private static (int, string) AddCore((int X, int Y) pair, string? text) => (pair.X + pair.Y, text ?? "");
            }
            """).Load();
        Assert.Equal((3, "a"), assembly.Invoke("Demo", "Add", (1, 2), "a").Result);
    }

    [Fact]
    public void The_oldest_language_that_has_such_methods_will_do()
    {
        GeneratedProgram program = new GeneratorHarness { Language = LanguageVersion.CSharp9 }.Check("""
            using System.Collections.Generic;
            using System.Threading.Tasks;
            using NsGen;

            namespace Some
            {
                public static partial class Demo
                {
                    [Isolated(Namespaces.Uts | Namespaces.Pid, HostName = "container", TimeoutMilliseconds = 1)]
                    public static partial Task<List<string>> One(string text, int? number);
                    private static List<string> OneCore(string text, int? number) => new() { text };

                    [Isolated]
                    public static partial IsolatedProcess<int> Two();
                    private static int TwoCore() => 0;

                    [Isolated(Exec = "ls")]
                    public static partial Task<int> Three(params string[] args);

                    [Isolated]
                    public static partial void Bad(ref int number);
                }
            }
            """);
        Assert.Equal(5, program.Files.Count);
    }

    [Theory]
    [InlineData("file static partial class Demo", "CS8795")] // seen in one file only
    [InlineData("public static class Demo", "CS0751")] // not partial
    public void Where_no_other_file_can_add_to_the_type_the_compiler_says_so(string declaration, string error)
        => Assert.Empty(new GeneratorHarness { ExpectedErrors = ["CS8795", error] }.Check($"{declaration}\n{{\n{Echo}\n}}").Files);

    [Fact]
    public void A_method_the_programmer_implements_is_left_alone()
        => Assert.Empty(new GeneratorHarness().Check("""
            public static partial class Demo
            {
                [Isolated]
                public static partial void One();

                public static partial void One()
                {
                }

                public static partial void Two();

                [Isolated]
                public static partial void Two()
                {
                }

                [Isolated]
                public static void Three()
                {
                }
            }
            """).Files);

    [Fact]
    public void A_method_declared_twice_is_the_compiler_s_to_report()
        => Assert.NotEmpty(new GeneratorHarness { ExpectedErrors = ["CS0756", "CS0111", "CS0121"] }.Check("""
            public static partial class Demo
            {
                [Isolated] public static partial void Go();
                [Isolated] public static partial void Go();
                private static void GoCore() { }
            }
            """).Files);

    [Fact]
    public void A_program_without_isolated_methods_gets_nothing()
        => Assert.Empty(new GeneratorHarness().Check("public static class Demo { }").Files);

    /// <summary>Compiles a program with a method Echo and calls it.</summary>
    private static Assembly Calls(string type, string source)
    {
        Assembly assembly = new GeneratorHarness().Check(source).Load();
        Assert.Equal("x!", assembly.Invoke(type, "Echo", "x").Result);
        return assembly;
    }
}
