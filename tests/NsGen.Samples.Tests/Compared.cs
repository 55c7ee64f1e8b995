using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace NsGen.Samples.Tests;

/// <summary>A sample beside the tool of util-linux that it stands for.</summary>
internal static partial class Compared
{
    /// <summary>A script of sh(1) that tells all a program can see of how it was started, and nothing that others change meanwhile.</summary>
    public const string Facts = """
        for kind in cgroup ipc mnt net pid time user uts; do readlink /proc/self/ns/$kind; done
        id
        sort -n /proc/self/uid_map; sort -n /proc/self/gid_map
        cat /proc/self/setgroups /proc/self/timens_offsets
        grep -E '^(Cap|SigBlk|SigCgt|NoNewPrivs|Seccomp)' /proc/self/status
        uname -n
        pwd
        umask
        [ $$ = 1 ] && echo is PID 1
        cat /proc/1/comm
        sed -n 's/^[^ ]* [^ ]* [^ ]* [^ ]* \/ [^ ]* \([^-]*\)- .*/propagation: \1/p' /proc/self/mountinfo | sed 's/:[0-9]*//g'
        [ $(grep -c : /proc/net/dev) = 1 ] && echo alone with lo
        true
        """;

    private static readonly ConcurrentDictionary<string, string[]> s_options = new();

    /// <summary>Runs both, and wants the same output, the same exit code, and an error message where the tool has one.</summary>
    public static void Same(Caller caller, string sample, string tool, params string[] arguments)
    {
        tool = Tool(tool);
        SkipWhereUnknown(sample, tool, arguments);
        using SampleCopy copy = new(caller, sample);
        Same(
            Sample.RunProgram(caller, tool, arguments),
            Sample.RunProgram(caller, copy.Program, arguments),
            $"{tool} {string.Join(' ', arguments)}");
    }

    /// <summary>The full path of the machine's own tool: Process.Start looks beside the tests first, and a sample of that name lies there.</summary>
    public static string Tool(string name) => Requirements.FindTool(name) ?? throw new SkippedException($"needs {name} in PATH");

    /// <summary>As <see cref="Same(Caller, string, string, string[])"/>, where both have run.</summary>
    public static void Same(Finished expected, Finished actual, string what)
    {
        Assert.Equal(Describe(expected, what), Describe(actual, what));
        Assert.True(
            expected.Error.Length == 0 == (actual.Error.Length == 0), $"{what}\n--- the tool says\n{expected.Error}\n--- the sample says\n{actual.Error}");
    }

    /// <summary>Versions of util-linux differ in their options: one that only the sample has cannot be compared.</summary>
    private static void SkipWhereUnknown(string sample, string tool, IEnumerable<string> arguments)
    {
        string[] given =
            [.. arguments.TakeWhile(static word => word != "--").SelectMany(static word => LongOption().Matches(word)).Select(static match => match.Value)];
        if (given.Length == 0)
        {
            return;
        }

        string[] known = s_options.GetOrAdd(Sample.AppHost(sample), ReadOptions);
        string[] toolKnows = s_options.GetOrAdd(tool, ReadOptions);
        if (given.FirstOrDefault(option => known.Contains(option) && !toolKnows.Contains(option)) is { } missing)
        {
            throw new SkippedException($"{Sample.RunProgram(Caller.Self, tool, "--version").Output} has no {missing}");
        }
    }

    private static string[] ReadOptions(string program) => OptionsOf(Sample.RunProgram(Caller.Self, program, "--help").Output);

    /// <summary>The options that a help text begins lines with.</summary>
    public static string[] OptionsOf(string help)
        => [.. HelpLine().Matches(help).SelectMany(static line => AnyOption().Matches(line.Value)).Select(static match => match.Value)];

    /// <summary>Inodes differ from run to run; whether they are the caller's own does not.</summary>
    private static string Describe(Finished finished, string what)
    {
        string output = finished.Output;
        foreach (Namespaces kind in Proc.Links.Keys)
        {
            output = output.Replace(Proc.Link(Environment.ProcessId, kind), $"{Proc.Links[kind]}: the caller's", StringComparison.Ordinal);
        }

        return $"{what}\n{Inode().Replace(output, "new")}\n{finished.Status}";
    }

    [GeneratedRegex("^--[a-z][a-z-]*")]
    private static partial Regex LongOption();

    [GeneratedRegex("^ *-.*$", RegexOptions.Multiline)]
    private static partial Regex HelpLine();

    // "-W. --wdns", says nsenter(1) 2.38.
    [GeneratedRegex("(?<=^ *|[,.] )--?[a-zA-Z][a-z-]*")]
    private static partial Regex AnyOption();

    [GeneratedRegex(@"\[\d+\]")]
    private static partial Regex Inode();
}
