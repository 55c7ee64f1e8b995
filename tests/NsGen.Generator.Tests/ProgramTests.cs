using System.Reflection;
using NsGen.Generator.Tests.Harness;

namespace NsGen.Generator.Tests;

/// <summary>Methods that run a program: parameters become its arguments, its end the result.</summary>
public sealed class ProgramTests
{
    [Theory]
    [InlineData("string a", "\"x y\"", "x y")]
    [InlineData("string? a", "null", "")]
    [InlineData("string a", "\"\"", "'")]
    [InlineData("params string[] a", "\"1\", \"2\"", "1|2")]
    [InlineData("params string?[] a", "\"1\", null, \"2\"", "1|2")]
    [InlineData("string[]? a", "null", "")]
    [InlineData("IEnumerable<string> a", "new HashSet<string> { \"1\" }", "1")]
    [InlineData("IReadOnlyList<string?>? a", "new[] { \"1\", null }", "1")]
    [InlineData("List<string> a, string b", "new() { \"1\", \"2\" }, \"3\"", "1|2|3")]
    [InlineData("bool a, bool? b, bool? c", "true, false, null", "true|false")]
    [InlineData("int a, long b, byte c, nint d", "-1, 2, 3, 4", "-1|2|3|4")]
    [InlineData("double a, float b, decimal c, Half d", "-1.5, 2.5f, 3.50m, (Half)0.5", "-1.5|2.5|3.50|0.5")]
    [InlineData("double a", "double.NegativeInfinity", "-Infinity")]
    [InlineData("int? a, int? b", "null, 5", "5")]
    [InlineData("char a, char? b", "'ß', null", "ß")]
    [InlineData("DayOfWeek a, DayOfWeek? b, DayOfWeek? c", "DayOfWeek.Friday, null, DayOfWeek.Monday", "Friday|Monday")]
    [InlineData("FileAccess a", "FileAccess.ReadWrite", "ReadWrite")]
    [InlineData("Int128 a, UInt128 b", "-1, 1", "-1|1")]
    [InlineData("Guid a", "Guid.Empty", "00000000-0000-0000-0000-000000000000")]
    [InlineData("DateTime a", "new DateTime(2024, 2, 29, 1, 2, 3, DateTimeKind.Utc)", "2024-02-29T01:02:03.0000000Z")]
    [InlineData("DateTimeOffset? a", "new DateTimeOffset(2024, 2, 29, 1, 2, 3, TimeSpan.FromHours(1))", "2024-02-29T01:02:03.0000000+01:00")]
    [InlineData("DateOnly a, TimeOnly b, TimeSpan c", "new(2024, 2, 29), new(1, 2), TimeSpan.FromSeconds(90)", "2024-02-29|01:02:00.0000000|00:01:30")]
    [InlineData("string @class, int arguments, params string[] args", "\"a\", 1, \"b\"", "a|1|b")]
    public void Parameters_become_arguments_in_their_order(string parameters, string values, string expected)
    {
        Assembly assembly = Load($"public static partial int Go({parameters});", $"public static int Probe() => Go({values});");
        foreach (string culture in new[] { "en-US", "de-DE", "ar-SA", "fa-IR" })
        {
            System.Globalization.CultureInfo.CurrentCulture = System.Globalization.CultureInfo.GetCultureInfo(culture);
            RecordedCall call = assembly.Invoke("Demo", "Probe").Call;
            Assert.Equal("/bin/some program", call.Path);
            Assert.Equal(expected == "'" ? [""] : expected.Split('|', StringSplitOptions.RemoveEmptyEntries), call.Arguments);
        }
    }

    [Theory]
    [InlineData("int")]
    [InlineData("Task<int>")]
    [InlineData("ValueTask<int>")]
    public void An_int_is_the_exit_code(string type)
        => Assert.Equal(42, Load($"public static partial {type} Go();").InvokeFor(new RecordedCall { ExitCode = 42 }, "Demo", "Go"));

    [Theory]
    [InlineData("ExitStatus")]
    [InlineData("Task<ExitStatus>")]
    [InlineData("ValueTask<ExitStatus>")]
    public void An_exit_status_says_all(string type)
        => Assert.Equal(42, ((ExitStatus)Load($"public static partial {type} Go();").InvokeFor(new RecordedCall { ExitCode = 42 }, "Demo", "Go")!).ExitCode);

    [Theory]
    [InlineData("void")]
    [InlineData("Task")]
    [InlineData("ValueTask")]
    public void Without_a_result_a_failure_is_thrown(string type)
    {
        Assembly assembly = Load($"public static partial {type} Go();");
        Assert.Null(assembly.Invoke("Demo", "Go").Result);
        var exception = Assert.Throws<IsolatedExitException>(() => assembly.InvokeFor(new RecordedCall { ExitCode = 3 }, "Demo", "Go"));
        Assert.Equal(3, exception.Status.ExitCode);
        Assert.StartsWith("/bin/some program ended with exit code 3.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_process_is_started()
        => Assert.Equal(["a"], Load("public static partial IsolatedProcess Go(string a);").Invoke("Demo", "Go", "a").Call.Arguments);

    [Theory]
    [InlineData("int", "CancellationToken token, IsolationOptions? options, string[] args")]
    [InlineData("Task", "string[] args, IsolationOptions options, CancellationToken token")]
    [InlineData("IsolatedProcess", "IsolationOptions options, string[] args, CancellationToken token")]
    public void The_special_parameters_reach_the_runtime(string type, string parameters)
    {
        var options = new IsolationOptions();
        using var source = new CancellationTokenSource();
        object[] arguments = [.. parameters.Split(", ").Select(parameter => parameter[0] switch { 'C' => source.Token, 'I' => options, _ => (object)new[] { "a" } })];
        RecordedCall call = Load($"public static partial {type} Go({parameters});").Invoke("Demo", "Go", arguments).Call;
        Assert.Same(options, call.Options);
        Assert.Equal(source.Token, call.CancellationToken);
        Assert.Equal(Net, call.Defaults!.Namespaces);
        Assert.Equal(["a"], call.Arguments);
    }

    [Fact]
    public void Nothing_is_registered_where_no_method_has_a_body()
        => Assert.Equal(["Demo.Go.g.cs"], Check("public static partial int Go();").Files.Keys);

    private static Assembly Load(params string[] members) => Check(members).Load();

    private static GeneratedProgram Check(params string[] members) => new GeneratorHarness().Check($$"""
        public static partial class Demo
        {
            [Isolated(Net, Exec = "/bin/some program")]
            {{string.Join("\n    ", members)}}
        }
        """);
}
