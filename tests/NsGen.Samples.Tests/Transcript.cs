using System.Diagnostics;
using System.Text.RegularExpressions;

namespace NsGen.Samples.Tests;

/// <summary>What a sample's README shows of a terminal: lines that begin with "$ ", each with what it prints.</summary>
internal static partial class Transcript
{
    /// <summary>Runs every command of samples/NAME/README.md, and wants the output that stands there.</summary>
    /// <param name="caller">Who runs them.</param>
    /// <param name="name">The sample, whose program is in PATH.</param>
    /// <param name="variables">Shell variables that the README has set before.</param>
    public static void Check(Caller caller, string name, params (string Name, string Value)[] variables)
    {
        using SampleCopy sample = new(caller, name);
        string readme = File.ReadAllText(Path.Combine(Repository.Root, "samples", name, "README.md"));
        Match[] commands = [.. Block().Matches(readme).SelectMany(static block => Command().Matches(block.Groups[1].Value))];
        Assert.NotEmpty(commands);
        foreach (Match match in commands)
        {
            string command = match.Groups[1].Value;
            ProcessStartInfo start = Sample.As(caller, "/bin/sh", "-c", $"exec 2>&1; {command}");
            start.Environment["PATH"] = $"{Path.GetDirectoryName(sample.Program)}:{start.Environment["PATH"]}";
            Array.ForEach(variables, variable => start.Environment[variable.Name] = variable.Value);
            Assert.Equal($"$ {command}\n{match.Groups[2].Value.TrimEnd('\n')}", $"$ {command}\n{TestApp.Run(start).Output}");
        }
    }

    [GeneratedRegex("```console\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^\$ ([^\n]*)\n((?:(?!\$ )[^\n]*\n)*)", RegexOptions.Multiline)]
    private static partial Regex Command();
}
