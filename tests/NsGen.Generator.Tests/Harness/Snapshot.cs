using System.Runtime.CompilerServices;

namespace NsGen.Generator.Tests.Harness;

/// <summary>
/// Compares generated files with those that a person has read and accepted, by Verify's conventions: <c>Test#Hint.verified.cs</c> is
/// beside the test, <c>Test#Hint.received.cs</c> appears beside it where they differ. To accept, rename it.
/// </summary>
internal static class Snapshot
{
    public static void Match(GeneratedProgram program, [CallerMemberName] string test = "", [CallerFilePath] string file = "")
    {
        string prefix = Path.Combine(Path.GetDirectoryName(file)!, $"{Path.GetFileNameWithoutExtension(file)}.{test}#");
        var wrong = new List<string>();
        foreach ((string hintName, string text) in program.Files)
        {
            // The version changes with every release, and the snapshots need not.
            string received = text.Replace($"\"{Version}\"", "\"{version}\"", StringComparison.Ordinal);
            string path = prefix + hintName[..^".cs".Length];
            string verified = path + ".verified.cs";
            if (File.Exists(verified) && File.ReadAllText(verified) == received)
            {
                File.Delete(path + ".received.cs");
            }
            else
            {
                File.WriteAllText(path + ".received.cs", received);
                wrong.Add($"{path}.received.cs");
            }
        }

        string[] known = [.. program.Files.Keys.Select(hintName => $"{prefix}{hintName[..^".cs".Length]}.verified.cs")];
        wrong.AddRange(Directory.EnumerateFiles(Path.GetDirectoryName(file)!, Path.GetFileName(prefix) + "*.verified.cs").Except(known));
        Assert.True(wrong.Count == 0, $"These differ from what was verified, or are no longer generated:\n{string.Join('\n', wrong)}");
    }

    private static string Version { get; } = typeof(IsolatedGenerator).Assembly.GetName().Version!.ToString(3);
}
