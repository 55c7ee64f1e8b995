using System.Diagnostics;

namespace NsGen.Package.Tests;

/// <summary>The sources, as one who clones the repository from its address has them.</summary>
internal static class Checkout
{
    public const string Url = "https://github.com/nsgen/nsgen";

    /// <summary>Copies what git tracks, or would track, with the changes not yet committed, into a repository of its own.</summary>
    public static void CopyTo(string directory)
    {
        string files = Git(Repository.Root, "ls-files", "--cached", "--others", "--exclude-standard");
        foreach (string file in files.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(file => File.Exists(Path.Combine(Repository.Root, file))))
        {
            string copy = Path.Combine(directory, file);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(Path.Combine(Repository.Root, file), copy);
        }

        Git(directory, "init", "--quiet");
        Git(directory, "remote", "add", "origin", Url + ".git");
        Git(directory, "add", "--all");
        // The same commit wherever it is made, so that two copies may differ in nothing but their place.
        Git(directory, "-c", "user.name=test", "-c", "user.email=test@example.invalid", "commit", "--quiet", "--message", "Copy", "--date", "2000-01-01T00:00:00Z");
    }

    /// <summary>The commit that is checked out.</summary>
    public static string Commit(string directory) => Git(directory, "rev-parse", "HEAD");

    private static string Git(string directory, params string[] arguments)
    {
        if (Requirements.FindTool("git") is null)
        {
            throw new SkippedException("needs git in PATH");
        }

        var start = new ProcessStartInfo("git", arguments) { WorkingDirectory = directory };
        start.Environment["GIT_COMMITTER_DATE"] = "2000-01-01T00:00:00Z";
        Finished finished = TestApp.Run(start);
        Assert.True(finished.Status.IsSuccess, $"git {string.Join(' ', arguments)}: {finished.Error}");
        return finished.Output;
    }
}
