extern alias NsGenRuntime;

using System.Collections.Immutable;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NsGen.Analyzers.Tests.Harness;
using NsGenRuntime::NsGen;
using Xunit;
using EnvironmentBlock = NsGenRuntime::NsGen.Launch.EnvironmentBlock;
using LaunchPlan = NsGenRuntime::NsGen.Launch.LaunchPlan;

namespace NsGen.Analyzers.Tests.Declaration;

/// <summary>
/// NSG008 and NSG009 say of an attribute that every call throws exactly where the runtime's own plan does: each option with each of its
/// interesting values, beside each namespace.
/// </summary>
public sealed class OptionAgreementTests
{
    private static readonly string[] s_namespaces =
        ["None", "Uts", "Net", "Mount", "Pid", "Time", "User", "Pid | Mount", "All"];

    private static readonly string[] s_options =
    [
        "HostName = \"a\"", "HostName = \"\"", $"HostName = \"{new string('ä', 32)}\"", $"HostName = \"{new string('a', 65)}\"", "HostName = \"a\\0b\"",
        "DomainName = \"a\"", "DomainName = \"\"",
        "Init = true, Exec = \"/bin/true\"", "Init = false",
        "MountProc = true", "MountProc = false",
        "RootDirectory = \"/\"", "RootDirectory = \"\"", "RootDirectory = \"/\\0\"", "ReadOnlyRoot = true", "ReadOnlyRoot = false",
        "Propagation = MountPropagation.Shared", "Propagation = MountPropagation.Unchanged", "Propagation = (MountPropagation)4",
        "Propagation = (MountPropagation)(-1)",
        "ReadOnlyRoot = true, Propagation = MountPropagation.Shared", "RootDirectory = \"/\", Propagation = MountPropagation.Unchanged",
        "RootDirectory = \"/\", Propagation = MountPropagation.Slave",
        "MonotonicOffsetSeconds = 1", "MonotonicOffsetSeconds = 0", "BoottimeOffsetSeconds = -1",
        "MapRoot = true", "MapRoot = false", "SetGroups = true", "LoopbackUp = true", "LoopbackUp = false",
        "StackSize = 0", "StackSize = 1", "StackSize = 16383", "StackSize = 16384", "StackSize = -1", "StackSize = 1 << 30", "StackSize = (1 << 30) + 1",
        "TimeoutMilliseconds = -2", "TimeoutMilliseconds = -1", "TimeoutMilliseconds = 0", "TimeoutMilliseconds = 1",
        "WorkingDirectory = \"/\"", "WorkingDirectory = \"/\\0\"",
        "Join = Net", "Join = Net | Uts", "Join = (Namespaces)1",
        "NoNewPrivileges = true", "KillOnParentExit = false",
    ];

    [Fact]
    public async Task The_rules_refuse_what_the_runtime_refuses()
    {
        string[] attributes = [.. s_namespaces.SelectMany(static _ => s_options, static (namespaces, option) => $"[Isolated({namespaces}, {option})]")];
        IEnumerable<string> methods = attributes.Select(static (attribute, i) => $"{attribute} public static partial int Go{i}(); static int Go{i}Core() => 0;\n");
        CSharpCompilation compilation = TestCompilation.Create(
            "using NsGen; using static NsGen.Namespaces;\npublic static partial class Demo {\n" + string.Concat(methods) + "}", TestCompilation.References());
        ImmutableArray<Diagnostic> found = await TestCompilation.AnalyzeAsync(
            compilation, null, [.. TestAssemblies.AllAnalyzers().Where(static a => a.SupportedDiagnostics.Any(static rule => rule.Category == "NsGen.Declaration"))]);
        ILookup<int, Diagnostic> byMethod = found.ToLookup(static diagnostic => diagnostic.Location.GetLineSpan().StartLinePosition.Line - 2);

        List<string> differences = [];
        for (int i = 0; i < attributes.Length; i++)
        {
            string[] refusals = [.. byMethod[i].Where(SaysThatItThrows).Select(static diagnostic => diagnostic.ToString())];
            string? refusal = Refusal(compilation, $"Go{i}");
            if (refusal is null != (refusals.Length == 0))
            {
                differences.Add($"{attributes[i]}\n  rules:   {string.Join("; ", refusals)}\n  runtime: {refusal}");
            }
        }

        Assert.True(differences.Count == 0, string.Join("\n", differences));
        Assert.Contains(Enumerable.Range(0, attributes.Length), i => byMethod[i].Any(SaysThatItThrows));
        Assert.Contains(Enumerable.Range(0, attributes.Length), i => !byMethod[i].Any(SaysThatItThrows));
    }

    private static bool SaysThatItThrows(Diagnostic diagnostic)
        => diagnostic.Id == RuleIds.OptionOutOfRange
            || (diagnostic.Id == RuleIds.OptionWithoutNamespace && diagnostic.GetMessage().Contains("every call throws", StringComparison.Ordinal));

    /// <summary>What the runtime says to the attribute's values, or null.</summary>
    private static string? Refusal(CSharpCompilation compilation, string method)
    {
        AttributeData attribute = compilation.GetTypeByMetadataName("Demo")!.GetMembers(method).Single().GetAttributes()
            .Single(static data => data.AttributeClass!.Name == "IsolatedAttribute");
        var options = new IsolationOptions { Namespaces = (Namespaces)(int)attribute.ConstructorArguments[0].Value! };
        foreach ((string name, TypedConstant value) in attribute.NamedArguments)
        {
            Set(options, name, value.Value!);
        }

        try
        {
            LaunchPlan.Create(options, "/bin/true", ["/bin/true"], EnvironmentBlock.Empty, userId: 0, groupId: 0);
            return null;
        }
        catch (ArgumentException e)
        {
            return e.Message;
        }
    }

    /// <summary>As the generator does: options are called like the attribute's properties, but for the timeout. The program is none.</summary>
    private static void Set(IsolationOptions options, string name, object value)
    {
        if (name == nameof(IsolatedAttribute.Exec))
        {
            return;
        }

        if (name == nameof(IsolatedAttribute.TimeoutMilliseconds))
        {
            options.Timeout = (int)value == 0 ? null : TimeSpan.FromMilliseconds((int)value);
            return;
        }

        PropertyInfo property = typeof(IsolationOptions).GetProperty(name)!;
        Type type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        property.SetValue(options, type.IsEnum ? Enum.ToObject(type, value) : value);
    }
}
