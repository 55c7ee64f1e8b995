using System.Text.RegularExpressions;

namespace NsGen.Package.Tests;

/// <summary>Follows docs/guide/getting-started.md from an empty folder, as it stands there.</summary>
[Collection(PackedFeedTests.Name)]
public sealed partial class GettingStartedTests(PackedFeed feed)
{
    [KernelFact(Requires.Isolation)]
    public void The_page_can_be_followed()
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs/guide/getting-started.md"));
        string folder = feed.EmptyFolder();
        string output = "";
        int compared = 0;
        foreach (Match block in Fence().Matches(page))
        {
            string text = block.Groups["text"].Value;
            switch (block.Groups["language"].Value)
            {
                case "sh":
                    output = Run(folder, text);
                    break;
                case "csharp":
                    File.WriteAllText(Path.Combine(folder, "Hello", "Program.cs"), text);
                    break;
                case "text":
                    Assert.Equal(text, output);
                    compared++;
                    break;
                default:
                    Assert.Fail($"a block in {block.Groups["language"].Value}");
                    break;
            }
        }

        Assert.Equal(3, compared);
    }

    /// <summary>Runs the lines in the folder that the page has come to, and returns what the last prints.</summary>
    private static string Run(string folder, string lines)
    {
        string output = "";
        string directory = Directory.Exists(Path.Combine(folder, "Hello")) ? Path.Combine(folder, "Hello") : folder;
        foreach (string line in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("cd ", StringComparison.Ordinal))
            {
                directory = Path.Combine(directory, line[3..]);
                continue;
            }

            Assert.StartsWith("dotnet ", line);
            string[] arguments = line.Split(' ')[1..];
            // The version that was packed here is none that a plain "add package" would take.
            output = arguments is ["add", "package", _]
                ? DotNetCli.Output(directory, [.. arguments, "--version", PackedFeed.Version])
                : Finished(directory, arguments);
        }

        return output;
    }

    private static string Finished(string directory, string[] arguments)
    {
        Finished finished = DotNetCli.Run(directory, arguments);
        Assert.True(finished.Status.IsSuccess, $"{finished.Output}\n{finished.Error}");

        // The compiler's warnings are printed above the program's output.
        return string.Join('\n', finished.Output.Split('\n').Where(static line => !line.Contains(": warning ", StringComparison.Ordinal))) + "\n";
    }

    [GeneratedRegex("^```(?<language>\\w+)\n(?<text>.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fence();
}
