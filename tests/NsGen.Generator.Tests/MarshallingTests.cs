using System.Globalization;
using System.Reflection;
using NsGen.Generator.Tests.Harness;

namespace NsGen.Generator.Tests;

/// <summary>
/// Each type that may cross, in each nullable form, as parameter and as result of each kind: through the launcher's writer, the child's
/// reader, the body, the child's writer and the launcher's reader.
/// </summary>
public sealed class MarshallingTests
{
    private const string Types = """
        public enum Color : sbyte { Red = -1, Green, Blue }
        public readonly struct Point { private readonly int _x; public Point(int x, double y) { _x = x; Y = y; } public double Y { get; } public int X => _x; }
        public struct Labelled { public string? Label { get; set; } public int Number { get; set; } }
        public unsafe struct Buffer { public fixed int Items[4]; }
        public sealed record Person(string Name, int Age, List<string> Tags);
        public class Thing { public string? Name { get; set; } public override bool Equals(object? o) => o is Thing t && t.Name == Name; public override int GetHashCode() => 0; }
        """;

    private const string Json = "WriteJson";

    /// <summary>A type, the method that must write it, and values of it as C# expressions.</summary>
    public static TheoryData<string, string, string[]> Values => new()
    {
        { "bool", "WriteValue", ["true", "false"] },
        { "byte", "WriteValue", ["0", "255"] },
        { "sbyte", "WriteValue", ["-128", "127"] },
        { "short", "WriteValue", ["short.MinValue"] },
        { "ushort", "WriteValue", ["ushort.MaxValue"] },
        { "int", "WriteValue", ["int.MinValue", "0", "256"] },
        { "uint", "WriteValue", ["uint.MaxValue"] },
        { "long", "WriteValue", ["long.MinValue"] },
        { "ulong", "WriteValue", ["ulong.MaxValue"] },
        { "nint", "WriteValue", ["nint.MinValue"] },
        { "nuint", "WriteValue", ["nuint.MaxValue"] },
        { "float", "WriteValue", ["float.NaN", "-0.0f", "float.PositiveInfinity", "float.Epsilon"] },
        { "double", "WriteValue", ["double.NaN", "BitConverter.Int64BitsToDouble(0x7FF8000000000042)", "-0.0", "double.NegativeInfinity"] },
        { "decimal", "WriteValue", ["1.10m", "decimal.MinValue", "0.00m"] },
        { "char", "WriteValue", ["'ß'", "'\\0'", "'\\uD800'"] },
        { "System.Half", "WriteValue", ["Half.NaN", "Half.MaxValue"] },
        { "System.Int128", "WriteValue", ["Int128.MinValue"] },
        { "System.UInt128", "WriteValue", ["UInt128.MaxValue"] },
        { "System.Guid", "WriteValue", ["Guid.Empty", "new Guid(\"00112233-4455-6677-8899-aabbccddeeff\")"] },
        { "System.DateTime", "WriteValue", ["DateTime.MinValue", "new DateTime(2024, 2, 29, 1, 2, 3, DateTimeKind.Utc)", "new DateTime(5, DateTimeKind.Local)"] },
        { "System.DateTimeOffset", "WriteValue", ["new DateTimeOffset(2024, 2, 29, 1, 2, 3, TimeSpan.FromMinutes(-90))", "DateTimeOffset.MaxValue"] },
        { "System.TimeSpan", "WriteValue", ["TimeSpan.MinValue", "TimeSpan.Zero"] },
        { "System.DateOnly", "WriteValue", ["DateOnly.MaxValue"] },
        { "System.TimeOnly", "WriteValue", ["TimeOnly.MaxValue"] },
        { "System.Text.Rune", "WriteValue", ["new System.Text.Rune(0x1F600)"] },
        { "System.Range", "WriteValue", ["1..^2"] },
        { "System.Numerics.Complex", "WriteValue", ["new System.Numerics.Complex(double.NaN, -0.0)"] },
        { "Color", "WriteValue", ["Color.Red", "(Color)100"] },
        { "System.DayOfWeek", "WriteValue", ["DayOfWeek.Saturday"] },
        { "Point", "WriteValue", ["new Point(7, -0.0)"] },
        { "(int Count, System.Guid Id)", "WriteValue", ["(3, Guid.Empty)"] },
        { "System.Collections.Generic.KeyValuePair<int, long>", "WriteValue", ["new(1, 2)"] },
        { "string", "WriteString", ["\"\"", "\"Grüße, 世界 🌍\"", "\"\\uD800 alone \\uDC00\"", "\"\\0\"", "new string('x', 100000)"] },
        { "string[]", "WriteStrings", ["new string[0]", "new[] { \"\", \"a\", \"\\uDFFF\" }"] },
        { "string?[]", "WriteStrings", ["new string?[] { null, \"a\" }"] },
        { "System.Uri", "WriteUri", ["new Uri(\"https://example.org/ä?b=%20#c\")", "new Uri(\"../relative\", UriKind.Relative)"] },
        { "byte[]", "WriteArray", ["new byte[0]", "new byte[] { 0, 255 }"] },
        { "double[]", "WriteArray", ["new[] { double.NaN, -0.0 }"] },
        { "Color[]", "WriteArray", ["new[] { Color.Blue }"] },
        { "Point[]", "WriteArray", ["new[] { new Point(1, 2), new Point(3, 4) }"] },
        { "(int, char)[]", "WriteArray", ["new[] { (1, 'a') }"] },
        { "System.ReadOnlyMemory<byte>", "WriteMemory", ["new byte[] { 1, 2 }", "default"] },
        { "System.Memory<byte>", "WriteMemory", ["new byte[] { 1, 2 }", "default"] },
        { "int?[]", Json, ["new int?[] { 1, null }"] },
        { "int[][]", Json, ["new[] { new[] { 1 }, new int[0] }"] },
        { "(string Name, int Age)", Json, ["(\"Ada\", 36)"] },
        { "System.Collections.Generic.List<int>", Json, ["new() { 1, 2 }", "new()"] },
        { "System.Collections.Generic.List<double>", Json, ["new() { double.NaN }"] },
        { "System.Collections.Generic.List<string?>", Json, ["new() { null, \"a\" }"] },
        { "System.Collections.Generic.Dictionary<string, int[]>", Json, ["new() { [\"a\"] = new[] { 1 } }"] },
        { "System.Collections.Generic.IReadOnlyList<string>", Json, ["new List<string> { \"a\" }"] },
        { "System.Tuple<int, string>", Json, ["Tuple.Create(1, \"a\")"] },
        { "System.Version", Json, ["new Version(1, 2, 3)"] },
        { "Labelled", Json, ["new Labelled { Label = \"a\", Number = 3 }"] },
        { "Thing", Json, ["new Thing { Name = \"ü\" }"] },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void A_value_crosses_as_it_is(string type, string writer, string[] values)
    {
        GeneratedProgram program = new GeneratorHarness().Check(Program(type, values));
        string plain = Launcher(program, "Wait");
        Assert.Contains($".{writer}(value", plain, StringComparison.Ordinal);
        Assert.Equal(writer == Json, plain.Contains("RequiresUnreferencedCode", StringComparison.Ordinal));

        Assembly assembly = program.Load();
        Array sent = (Array)assembly.Invoke("Probe", "Values").Result!;
        foreach (string launcher in new[] { "Wait", "WaitForTask", "Await", "AwaitValue", "AwaitValueOfValue", "Start", "StartTask" })
        {
            foreach (object? value in sent)
            {
                (object? received, RecordedCall call) = assembly.Invoke("Demo", launcher, value);
                Assert.True(AreSame(value, received), $"{launcher}: {value} came back as {received}");
                Assert.Equal(type == "int" ? (int)value! : 0, call.ExitCode);
            }

            foreach (object? value in sent.Cast<object?>().Append(null))
            {
                object? received = assembly.Invoke("Demo", launcher + "Nullable", value).Result;
                Assert.True(AreSame(value, received), $"{launcher}Nullable: {value ?? "null"} came back as {received ?? "null"}");
            }
        }
    }

    [Fact]
    public void A_record_crosses_by_its_properties()
    {
        Assembly assembly = new GeneratorHarness().Check($$"""
            {{Types}}
            public static partial class Demo
            {
                [Isolated]
                public static partial Person Older(Person person, int years = 1);

                private static Person OlderCore(Person person, int years)
                    => person with { Age = person.Age + years, Tags = person.Tags.Append("older").ToList() };
            }

            public static class Probe
            {
                public static string Run() => Demo.Older(new Person("Ada", 36, new List<string> { "first" })) is var p ? $"{p.Name} {p.Age} {string.Join("+", p.Tags)}" : "";
            }
            """).Load();
        Assert.Equal("Ada 37 first+older", assembly.Invoke("Probe", "Run").Result);
    }

    [Fact]
    public void A_fixed_buffer_crosses_though_its_field_is_a_pointer()
    {
        Assembly assembly = new GeneratorHarness().Check($$"""
            {{Types}}
            public static partial class Demo
            {
                [Isolated]
                public static partial Buffer Echo(Buffer value);

                private static Buffer EchoCore(Buffer value) => value;
            }

            public static class Probe
            {
                public static unsafe int Run()
                {
                    Buffer buffer = default;
                    buffer.Items[3] = 42;
                    buffer = Demo.Echo(buffer);
                    return buffer.Items[3];
                }
            }
            """).Load();
        Assert.Equal(42, assembly.Invoke("Probe", "Run").Result);
    }

    [Fact]
    public void Writable_memory_is_the_body_s_own()
    {
        GeneratedProgram program = new GeneratorHarness().Check("""
            public static partial class Demo
            {
                [Isolated]
                public static partial Memory<byte> Echo(Memory<byte> value);

                private static Memory<byte> EchoCore(Memory<byte> value) => value;
            }
            """);
        Assert.Contains("var value = call.Arguments.ReadMemory().ToArray();", program["Demo.Echo.g.cs"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tr-TR")]
    [InlineData("ar-SA")]
    public void A_value_crosses_under_every_culture(string culture)
    {
        Assembly assembly = new GeneratorHarness().Check(Program("System.Collections.Generic.List<double>", ["new() { 1.5 }"])).Load();
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
        object sent = ((Array)assembly.Invoke("Probe", "Values").Result!).GetValue(0)!;
        Assert.True(AreSame(sent, assembly.Invoke("Demo", "Wait", sent).Result));
    }

    private static bool AreSame(object? sent, object? received) => SameValue.Are(sent, received);

    private static string Launcher(GeneratedProgram program, string name) => program[$"Demo.{name}.g.cs"];

    /// <summary>A launcher of each kind, for the type and its nullable form, whose bodies give back what they get.</summary>
    private static string Program(string type, string[] values)
    {
        IEnumerable<string> Members(string suffix, string t)
        {
            yield return Member("Wait", t, t, "value");
            yield return Member("WaitForTask", t, $"async Task<{t}>", "await Task.FromResult(value)");
            yield return Member("Await", $"Task<{t}>", t, "value");
            yield return Member("AwaitValue", $"ValueTask<{t}>", $"async Task<{t}>", "await Task.FromResult(value)");
            yield return Member("AwaitValueOfValue", $"ValueTask<{t}>", $"async ValueTask<{t}>", "await Task.FromResult(value)");
            yield return Member("Start", $"IsolatedProcess<{t}>", t, "value");
            yield return Member("StartTask", $"IsolatedProcess<{t}>", $"async Task<{t}>", "await Task.FromResult(value)");

            string Member(string name, string result, string bodyResult, string body) => $"""
                [Isolated]
                public static partial {result} {name}{suffix}({t} value);

                private static {bodyResult} {name}{suffix}Core({t} value) => {body};

            """;
        }

        return $$"""
            {{Types}}
            public static partial class Demo
            {
            {{string.Concat(Members("", type).Concat(Members("Nullable", type + "?")))}}
            }

            public static class Probe
            {
                public static {{ArrayOf(type)}} Values() => new {{ArrayOf(type)}} { {{string.Join(", ", values)}} };
            }
            """;
    }

    /// <summary>The first brackets are the outermost array's: <c>int[]</c> in an array is <c>int[][]</c>, and <c>int?[]</c> is <c>int?[][]</c>.</summary>
    private static string ArrayOf(string type) => type.IndexOf('[', StringComparison.Ordinal) is var i && i >= 0 && !type.EndsWith('>')
        ? type.Insert(i, "[]")
        : type + "[]";
}
