using System.Text.RegularExpressions;

namespace NsGen.Samples.Tests;

public sealed partial class SandboxTests
{
    [KernelTheory(Tools = "bash")]
    [Callers]
    public void Stops_what_the_readme_shows(Caller caller)
    {
        string shown = Block().Match(File.ReadAllText(Path.Combine(Repository.Root, "samples", "Sandbox", "README.md"))).Groups[1].Value;
        Assert.Equal(WithoutName(shown.TrimEnd('\n')), WithoutName(Sample.Output(caller, "Sandbox")));
    }

    /// <summary>The directory of the secret has a name of its own each time.</summary>
    private static string WithoutName(string text) => Secret().Replace(text, "/secret.txt");

    [GeneratedRegex(@"\S+/secret\.txt")]
    private static partial Regex Secret();

    [GeneratedRegex("```text\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
