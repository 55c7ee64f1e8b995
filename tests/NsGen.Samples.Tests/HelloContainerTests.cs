using System.Text.RegularExpressions;

namespace NsGen.Samples.Tests;

public sealed partial class HelloContainerTests
{
    [KernelTheory]
    [Callers]
    public void Prints_what_the_readme_shows(Caller caller)
    {
        string output = Sample.Output(caller, "HelloContainer");

        string readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        string shown = Transcript().Match(readme).Groups[1].Value;
        string host = Environment.MachineName;
        Assert.Equal(Anonymous(shown.TrimEnd('\n'), "vm"), Anonymous(output, host));
    }

    /// <summary>Process ids of several digits and the machine's name differ from run to run; that a child is 1 and its parent 0 does not.</summary>
    private static string Anonymous(string text, string host)
        => ProcessId().Replace(text, "pid N").Replace($"host name {host}", "host name HOST", StringComparison.Ordinal);

    [GeneratedRegex(@"pid \d\d+")]
    private static partial Regex ProcessId();

    [GeneratedRegex("```text\n(parent: .*?)```", RegexOptions.Singleline)]
    private static partial Regex Transcript();
}
