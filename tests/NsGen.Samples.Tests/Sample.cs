using System.Diagnostics;

namespace NsGen.Samples.Tests;

/// <summary>Runs a sample as its reader would, from where it is built.</summary>
internal static class Sample
{
    /// <summary>The root of the checkout.</summary>
    public static string Root => Repository.Root;

    /// <summary>A sample's main assembly, built in the configuration of these tests.</summary>
    public static string Dll(string name) => Path.Combine(Directory(name), name + ".dll");

    /// <summary>The program that starts a sample.</summary>
    public static string AppHost(string name) => Path.Combine(Directory(name), name);

    /// <summary>Runs a sample, whatever comes of it.</summary>
    /// <param name="caller">Who runs it.</param>
    /// <param name="name">Its folder in samples/.</param>
    /// <param name="arguments">Its command line.</param>
    public static Finished Run(Caller caller, string name, params string[] arguments)
        => RunIn(caller, name, directory => [Path.Combine(directory, name), .. arguments]);

    /// <summary>Runs a sample that is a test project, by <c>dotnet test</c>.</summary>
    /// <inheritdoc cref="Run"/>
    public static Finished RunTests(Caller caller, string name)
        => RunIn(caller, name, directory => [DotNetCli.Path, "test", Path.Combine(directory, name + ".dll")]);

    /// <summary>Runs a sample that has to succeed.</summary>
    /// <returns>What it prints, without the last newline.</returns>
    public static string Output(Caller caller, string name, params string[] arguments)
    {
        Finished finished = Run(caller, name, arguments);
        Assert.True(finished.Status.IsSuccess, $"{name} {string.Join(' ', arguments)}: {finished.Status}\n{finished.Output}\n{finished.Error}");
        return finished.Output;
    }

    private static Finished RunIn(Caller caller, string name, Func<string, string[]> command)
    {
        if (caller == Caller.Self)
        {
            string[] own = command(Directory(name));
            return TestApp.Run(new ProcessStartInfo(own[0], own[1..]));
        }

        // The checkout may lie where only root can read it.
        using var copy = new TemporaryDirectory();
        foreach (string file in System.IO.Directory.EnumerateFiles(Directory(name)))
        {
            File.Copy(file, Path.Combine(copy.Path, Path.GetFileName(file)));
        }

        Shell.Output(new IsolationOptions(), $"chmod -R a+rX {copy.Path}");
        string home = System.IO.Directory.CreateDirectory(Path.Combine(copy.Path, "home")).FullName;
        File.SetUnixFileMode(home, (UnixFileMode)0b111_111_111);
        var start = new ProcessStartInfo("setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", .. command(copy.Path)]) { WorkingDirectory = copy.Path };
        start.Environment["HOME"] = "/nonexistent";
        start.Environment["DOTNET_CLI_HOME"] = home; // the dotnet command wants to write there; the samples do not
        return TestApp.Run(start);
    }

    private static string Directory(string name)
        // .../tests/NsGen.Samples.Tests/bin/Debug/net10.0: the last two folders are the sample's as well.
        => Path.Combine(Root, "samples", name, Path.GetRelativePath(Path.Combine(Root, "tests", "NsGen.Samples.Tests"), AppContext.BaseDirectory));
}
