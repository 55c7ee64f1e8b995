using System.Reflection;
using NsGen.Generator.Tests.Harness;

namespace NsGen.Generator.Tests;

/// <summary>
/// An invalid declaration compiles all the same, so that the analyzers' error is the only one the programmer sees, and throws when it is
/// called, where they are switched off.
/// </summary>
public sealed class InvalidDeclarationTests
{
    /// <summary>What stands in the type, and part of the reason.</summary>
    public static TheoryData<string, string> Members => new()
    {
        { "[Isolated] public partial int Go(); int GoCore() => 0;", "must be static" },
        { "[Isolated] public static partial T Go<T>(T value); static T GoCore<T>(T value) => value;", "must not be generic" },
        { "[Isolated] public static partial void Go<T, U>(T a, U? b) where T : class?, IComparable<T>, new() where U : unmanaged, Enum;", "must not be generic" },
        { "[Isolated] public static partial void Go<T, U, V>(T? a) where T : notnull where U : struct where V : U2?, IDisposable; public class U2 { }", "must not be generic" },
        { "[Isolated] public static partial ref int Go(); static int s_value; static ref int GoCore() => ref s_value;", "must not return by reference" },
        { "[Isolated] public static partial ref readonly int Go(); static int s_value; static ref int GoCore() => ref s_value;", "must not return by reference" },
        { "[Isolated] public static partial void Go(ref int value); static void GoCore(ref int value) { }", "'value' is passed by reference" },
        { "[Isolated] public static partial void Go(out int value); static void GoCore(out int value) => value = 0;", "'value' is passed by reference" },
        { "[Isolated] public static partial void Go(ref readonly int value); static void GoCore(int value) { }", "'value' is passed by reference" },
        { "[Isolated] public static partial Task Go(in int value); static void GoCore(int value) { }", "remove in" },
        { "[Isolated] public static partial void Go(scoped ReadOnlySpan<char> text); static void GoCore(ReadOnlySpan<char> text) { }", "is a ref struct" },
        { "[Isolated] public static partial void Go(Action action); static void GoCore(Action action) { }", "a delegate points into this process" },
        { "[Isolated] public static partial void Go(Delegate action); static void GoCore(Delegate action) { }", "a delegate points into this process" },
        { "[Isolated] public static unsafe partial void Go(int* p); static unsafe void GoCore(int* p) { }", "a pointer means nothing" },
        { "[Isolated] public static unsafe partial void Go(delegate*<int, void> p); static unsafe void GoCore(delegate*<int, void> p) { }", "a pointer means nothing" },
        { "[Isolated] public static unsafe partial void Go(int*[] p); static unsafe void GoCore(int*[] p) { }", "a pointer means nothing" },
        { "[Isolated] public static partial void Go(Link p); static void GoCore(Link p) { } public unsafe struct Link { public Link* Next; }", "Link holds a pointer" },
        { "[Isolated] public static partial void Go(Box p); static void GoCore(Box p) { } public struct Box { public Link? Link; } public unsafe struct Link { public void* P; }", "Box holds a pointer" },
        { "[Isolated] public static partial FileStream Go(); static FileStream GoCore() => null!;", "an open stream belongs to this process" },
        { "[Isolated] public static partial void Go(TextReader text); static void GoCore(TextReader text) { }", "a reader belongs to this process" },
        { "[Isolated] public static partial void Go(List<Stream> files); static void GoCore(List<Stream> files) { }", "an open stream belongs to this process" },
        { "[Isolated] public static partial void Go(Stream[] files); static void GoCore(Stream[] files) { }", "an open stream belongs to this process" },
        { "[Isolated] public static partial void Go((int, Func<int>) pair); static void GoCore((int, Func<int>) pair) { }", "a delegate points into this process" },
        { "[Isolated] public static partial void Go(Task task); static void GoCore(Task task) { }", "await it and pass its result" },
        { "[Isolated] public static partial void Go(Type type); static void GoCore(Type type) { }", "types and members do not travel" },
        { "[Isolated] public static partial void Go(CancellationTokenSource source); static void GoCore(CancellationTokenSource source) { }", "only a CancellationToken parameter" },
        { "[Isolated] public static partial void Go(CancellationToken? token); static void GoCore(CancellationToken? token) { }", "a parameter of its own" },
        { "[Isolated] public static partial void Go(int[,] grid); static void GoCore(int[,] grid) { }", "no multidimensional array" },
        { "[Isolated] public static partial void Go(System.Numerics.BigInteger n); static void GoCore(System.Numerics.BigInteger n) { }", "cannot carry a BigInteger" },
        { "[Isolated] public static partial void Go(IsolatedProcess process); static void GoCore(IsolatedProcess process) { }", "pass its Id" },
        { "[Isolated] public static partial void Go(Microsoft.Win32.SafeHandles.SafeWaitHandle file); static void GoCore(Microsoft.Win32.SafeHandles.SafeWaitHandle file) { }", "pass a SafeFileHandle" },
        { "[Isolated] public static partial void Go(CancellationToken a, CancellationToken b); static void GoCore() { }", "more than one parameter of type CancellationToken" },
        { "[Isolated] public static partial void Go(IsolationOptions a, IsolationOptions b); static void GoCore() { }", "more than one parameter of type IsolationOptions" },
        { "[Isolated] public static partial Stream Go(); static Stream GoCore() => Stream.Null;", "result of type System.IO.Stream cannot come back" },
        { "[Isolated] public static partial Task<Action> Go(); static Action GoCore() => () => { };", "result of type System.Action cannot come back" },
        { "[Isolated] public static partial Task<Task<int>> Go(); static Task<Task<int>> GoCore() => null!;", "cannot come back" },
        { "[Isolated] public static partial void Go(IAsyncEnumerable<int> all); static void GoCore(IAsyncEnumerable<int> all) { }", "pass a list" },
        { "[Isolated] public static partial Span<int> Go(); static Span<int> GoCore() => default;", "is a ref struct" },
        { "[Isolated] public static partial int Go(string name);", "declare 'static int GoCore(string name)' in Demo" },
        { "[Isolated] public static partial Task Go(int @class, CancellationToken token);", "declare 'static System.Threading.Tasks.Task GoCore(int @class, System.Threading.CancellationToken token)'" },
        { "[Isolated(Body = \"Other\")] public static partial void Go(); static void GoCore() { }", "'static void Other()'" },
        { "[Isolated(Body = \"\")] public static partial void Go(); static void GoCore() { }", "Its body has no name" },
        { "[Isolated] public static partial void Go(); void GoCore() { }", "There is no body to run" },
        { "[Isolated] public static partial void Go(); static int GoCore() => 0;", "There is no body to run" },
        { "[Isolated] public static partial int Go(); static long GoCore() => 0;", "There is no body to run" },
        { "[Isolated] public static partial int Go(int a); static int GoCore(long a) => 0;", "There is no body to run" },
        { "[Isolated] public static partial int Go(int a); static int GoCore(int a, int b = 1) => 0;", "There is no body to run" },
        { "[Isolated] public static partial int Go(int a); static int GoCore(ref int a) => 0;", "There is no body to run" },
        { "[Isolated] public static partial int Go(int a); static int GoCore<T>(int a) => 0;", "There is no body to run" },
        { "[Isolated] public static partial int Go(IsolationOptions o); static int GoCore(IsolationOptions o) => 0;", "'static int GoCore()'" },
        { "[Isolated(Body = nameof(Go))] public static partial void Go();", "There is no body to run" },
        { "[Isolated] public static unsafe partial Task Go(); static void GoCore() { }", "remove unsafe" },
        { "[Isolated(Exec = \"/bin/true\", Body = nameof(GoCore))] public static partial void Go(); static void GoCore() { }", "both a body and a program" },
        { "[Isolated(Exec = \"\")] public static partial void Go();", "no name" },
        { "[Isolated(Exec = \"/bin/true\")] public static partial string Go();", "A program does not return string" },
        { "[Isolated(Exec = \"/bin/true\")] public static partial IsolatedProcess<int> Go();", "A program does not return NsGen.IsolatedProcess<int>" },
        { "[Isolated(Exec = \"/bin/true\")] public static partial void Go(List<int> numbers);", "is no argument for a program" },
        { "[Isolated(Exec = \"/bin/true\")] public static partial void Go(object thing);", "is no argument for a program" },
        { "[Isolated(Exec = \"/bin/true\")] public static partial void Go(byte[] bytes);", "is no argument for a program" },
        { "[Isolated((Namespaces)0x100)] public static partial void Go(); static void GoCore() { }", "bits that are no namespace: 0x100." },
        { "[Isolated(Uts | (Namespaces)(-2147483648))] public static partial void Go(); static void GoCore() { }", "bits that are no namespace: 0x80000000." },
        { "[Isolated(Uts, Mode = IsolationMode.Thread, Exec = \"/bin/true\")] public static partial void Go();", "A program needs a process of its own" },
        { "[Isolated(Uts, Mode = IsolationMode.Thread)] public static partial void Go(ref int a); static void GoCore(ref int a) { }", "pass it by value" },
        { "[Isolated(Uts, Mode = IsolationMode.Thread)] public static partial Task Go(); static async Task GoCore() => await Task.Yield();", "after the first await" },
        { "[Isolated(Uts, Mode = IsolationMode.Thread)] public static partial IsolatedProcess Go(); static void GoCore() { }", "no process to return" },
        { "[Isolated(Uts, Mode = IsolationMode.Thread, Warm = 2)] public static partial void Go(); static void GoCore() { }", "not kept warm" },
        { "[Isolated(JsonContext = typeof(string))] public static partial void Go(); static void GoCore() { }", "does not derive from" },
    };

    [Theory]
    [MemberData(nameof(Members))]
    public void It_compiles_and_says_why(string members, string reason)
    {
        GeneratedProgram program = new GeneratorHarness().Check($$"""
            public partial class Demo
            {
                {{members}}
            }
            """);
        string file = Assert.Single(program.Files).Value; // nothing to find in a child: no entry
        Assert.Contains(reason, file.Replace("\\\"", "\"", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("throw new global::System.NotSupportedException(", file, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("public partial class Outer<T>", "partial class Demo")]
    [InlineData("public partial class Outer", "partial class Demo<T, @class> where T : IComparable<T>")]
    [InlineData("public partial class Outer", "partial interface Demo<in T, out U>")]
    public void A_generic_type_is_no_place_for_it(string outer, string inner)
    {
        GeneratedProgram program = new GeneratorHarness().Check($$"""
            {{outer}}
            {
                {{inner}}
                {
                    [Isolated]
                    internal static partial void Go();

                    private static void GoCore()
                    {
                    }
                }
            }
            """);
        Assert.Contains("must not be declared in a generic type", Assert.Single(program.Files).Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Types_of_one_name_and_several_arities_have_files_of_their_own()
        => Assert.Equal(2, new GeneratorHarness().Check("""
            public static partial class Demo<T>
            {
                [Isolated]
                internal static partial void Go();
            }

            public static partial class Demo<T, U>
            {
                [Isolated]
                internal static partial void Go();
            }
            """).Files.Count);

    [Fact]
    public void In_an_unsafe_type_a_pointer_needs_no_modifier()
        => Assert.Contains("static unsafe partial class Demo", new GeneratorHarness().Check("""
            public static unsafe partial class Demo
            {
                [Isolated]
                public static partial int* Go(List<int*[]> p);
            }
            """).AllText, StringComparison.Ordinal);

    [Theory]
    [InlineData("static partial int Go();", "CS8796")]
    [InlineData("static partial void Go(out int number);", "CS8797")]
    public void Where_C_demands_an_access_modifier_the_compiler_alone_says_so(string declaration, string error)
        => Assert.Empty(new GeneratorHarness { ExpectedErrors = [error, "CS8795"] }.Check($$"""
            public static partial class Demo
            {
                [Isolated(Exec = "/bin/true")]
                {{declaration}}
            }
            """).Files);

    [Fact]
    public void The_call_throws()
    {
        Assembly assembly = new GeneratorHarness().Check("""
            namespace Some;

            public static partial class Demo
            {
                [Isolated(HostName = "x")]
                public static partial Task<int> Go(ref string name);
            }
            """).Load();
        var exception = Assert.Throws<NotSupportedException>(() => assembly.Invoke("Some.Demo", "Go", "x"));
        Assert.Equal(
            "Some.Demo.Go cannot run isolated. Its parameter 'name' is passed by reference, and a reference into another process means nothing: pass it by value.",
            exception.Message);
    }

    [Fact]
    public void Valid_methods_beside_it_are_not_harmed()
    {
        GeneratedProgram program = new GeneratorHarness().Check("""
            public static partial class Demo
            {
                [Isolated]
                public static partial int Bad(Stream stream);

                [Isolated]
                public static partial int Good(int number);

                private static int GoodCore(int number) => number;
            }
            """);
        Assert.Equal(3, program.Load().Invoke("Demo", "Good", 3).Result);
        Assert.DoesNotContain("Bad", program["NsGen.Entry.g.cs"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[Isolated(Missing.Value)]", "CS0103")]
    [InlineData("[Isolated(HostName = Missing)]", "CS0103")]
    [InlineData("[Isolated(Exec = 5)]", "CS0029")]
    [InlineData("[Isolated(Missing = 5)]", "CS0246")]
    [InlineData("[Isolated(Uts, Pid)]", "CS1729")]
    [InlineData("[Isolated(JsonContext = typeof(Missing))]", "CS0246")]
    [InlineData("[Isolated][Isolated]", "CS0579")]
    [InlineData("[Isolated(HostName = null, Exec = null, Body = null, JsonContext = null)]", "none")]
    public void An_attribute_that_does_not_compile_does_not_crash_the_generator(string attribute, string error)
        => new GeneratorHarness { ExpectedErrors = [error] }.Check($$"""
            public static partial class Demo
            {
                {{attribute}}
                public static partial void Go();

                private static void GoCore()
                {
                }
            }
            """);

    [Theory]
    [InlineData("public static partial Missing Go(int number);")]
    [InlineData("public static partial void Go(Missing number);")]
    [InlineData("public static partial void Go(List<Missing> number);")]
    public void A_type_that_does_not_exist_does_not_crash_the_generator(string declaration)
    {
        GeneratedProgram program = new GeneratorHarness { ExpectedErrors = ["CS0246"], ErrorsSpread = true }.Check($"partial class Demo {{ [Isolated] {declaration} }}");
        Assert.Contains("There is no body to run", program.AllText, StringComparison.Ordinal);
    }
}
