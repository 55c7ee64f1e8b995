using System.Reflection;
using NsGen.Generator.Tests.Harness;

namespace NsGen.Generator.Tests;

/// <summary>The attribute's values on their way to the runtime.</summary>
public sealed class AttributeTests
{
    [Fact]
    public void What_is_not_written_stays_open()
        => Assert.Contains("new global::NsGen.IsolationOptions());", Generate(""), StringComparison.Ordinal);

    [Theory]
    [InlineData("HostName = \"a \\\"b\\\" \\u0001 ä \\\\ \\n\"", "HostName", "a \"b\" \u0001 ä \\ \n")]
    [InlineData("HostName = \"\"", "HostName", "")]
    [InlineData("DomainName = \"d\"", "DomainName", "d")]
    [InlineData("StackSize = 131072", "StackSize", 131072)]
    [InlineData("MountProc = false", "MountProc", false)]
    [InlineData("MountProc = true", "MountProc", true)]
    [InlineData("Propagation = MountPropagation.Slave", "Propagation", MountPropagation.Slave)]
    [InlineData("Propagation = MountPropagation.Private", "Propagation", MountPropagation.Private)]
    [InlineData("Propagation = (MountPropagation)(-9)", "Propagation", (MountPropagation)(-9))]
    [InlineData("LoopbackUp = false", "LoopbackUp", false)]
    [InlineData("LoopbackUp = true", "LoopbackUp", true)]
    [InlineData("MapRoot = false", "MapRoot", false)]
    [InlineData("SetGroups = true", "SetGroups", true)]
    [InlineData("KillOnParentExit = false", "KillOnParentExit", false)]
    [InlineData("NoNewPrivileges = true", "NoNewPrivileges", true)]
    [InlineData("UserIfNeeded = true", "UserIfNeeded", true)]
    [InlineData("MonotonicOffsetSeconds = -5000000000", "MonotonicOffsetSeconds", -5000000000L)]
    [InlineData("BoottimeOffsetSeconds = long.MaxValue", "BoottimeOffsetSeconds", long.MaxValue)]
    [InlineData("WorkingDirectory = @\"C:\\\"", "WorkingDirectory", "C:\\")]
    [InlineData("None", "Namespaces", None)]
    [InlineData("All", "Namespaces", All)]
    [InlineData("Uts | Pid", "Namespaces", Uts | Pid)]
    [InlineData("Namespaces.Time", "Namespaces", Time)]
    [InlineData("(Namespaces)0x10020000", "Namespaces", User | Mount)]
    [InlineData("All & ~Net", "Namespaces", All & ~Net)]
    [InlineData("namespaces: Cgroup | Ipc", "Namespaces", Cgroup | Ipc)]
    [InlineData("HostName = null", "Namespaces", null)]
    public void What_is_written_is_given_to_the_runtime_and_nothing_else(string argument, string property, object? expected)
    {
        IsolationOptions options = Options(argument);
        foreach (PropertyInfo candidate in typeof(IsolationOptions).GetProperties().Where(static candidate => candidate.CanWrite))
        {
            Assert.Equal(candidate.Name == property ? expected : null, candidate.GetValue(options));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1500)]
    [InlineData(-1)]
    public void A_timeout_is_in_milliseconds(int milliseconds)
        => Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), Options($"TimeoutMilliseconds = {milliseconds}").Timeout);

    [Theory]
    [InlineData("Warm = 3", 3)]
    [InlineData("Warm = 64", 64)]
    [InlineData("Warm = 0", 0)]
    [InlineData("Mode = IsolationMode.Process", 0)]
    public void Children_are_kept_warm_as_many_as_said(string argument, int expected)
        => Assert.Equal(expected, Check(argument, "").Load().Invoke("Demo", "Go", 0).Call.Warm);

    [Fact]
    public void All_properties_of_the_attribute_are_known()
    {
        string[] read = ["Body", "Exec", "JsonContext", "Mode", "Warm", "TimeoutMilliseconds", "TypeId"];
        IEnumerable<string> given = typeof(IsolatedAttribute).GetProperties().Select(static property => property.Name).Except(read);
        Assert.Empty(given.Except(typeof(IsolationOptions).GetProperties().Select(static property => property.Name)));
    }

    [Theory]
    [InlineData("", "in a child process.")]
    [InlineData("None", "in a child process.")]
    [InlineData("Net", "in a child process with a new Net namespace.")]
    [InlineData("Uts | Pid", "in a child process with new Uts and Pid namespaces.")]
    [InlineData("Net | Uts | Pid", "in a child process with new Uts, Pid and Net namespaces.")]
    [InlineData("All", "in a child process with all namespaces new.")]
    public void The_comment_names_the_namespaces(string argument, string comment)
        => Assert.Contains(comment, Generate(argument), StringComparison.Ordinal);

    [Theory]
    [InlineData("/// <summary>Mine.</summary>", false)]
    [InlineData("/** <summary>Mine.</summary> */", false)]
    [InlineData("// Mine.", true)]
    [InlineData("", true)]
    public void The_programmer_s_own_documentation_is_not_replaced(string comment, bool isDocumented)
        => Assert.Equal(isDocumented, Generate("Net", comment).Contains("/// <summary>", StringComparison.Ordinal));

    [Fact]
    public void A_body_that_shares_its_name_is_not_referred_to_ambiguously()
        => Assert.Contains("Runs <c>GoCore</c> in", Generate("Net", "public static int GoCore() => 0;"), StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("/// <summary>Mine.</summary>")]
    public void A_program_s_path_may_have_any_character(string before)
        => Assert.Equal("/bin/a&b<c>\"\\\n\u2028*/\uD800", new GeneratorHarness().Check($$"""
            public static partial class Demo
            {
                {{before}}
                [Isolated(Exec = "/bin/a&b<c>\"\\\n\u2028*/\uD800")]
                public static partial int Go();
            }
            """).Load().Invoke("Demo", "Go").Call.Path);

    private static IsolationOptions Options(string argument) => Check(argument, "").Load().Invoke("Demo", "Go", 0).Call.Defaults!;

    private static string Generate(string argument, string before = "") => Check(argument, before)["Demo.Go.g.cs"];

    private static GeneratedProgram Check(string argument, string before) => new GeneratorHarness().Check($$"""
        public static partial class Demo
        {
            {{before}}
            [Isolated({{argument}})]
            public static partial void Go(int number);

            private static void GoCore(int number)
            {
            }
        }
        """);
}
