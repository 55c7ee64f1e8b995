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
    {
        if (caller == Caller.Self)
        {
            return TestApp.Run(new ProcessStartInfo(AppHost(name), arguments));
        }

        // The checkout may lie where only root can read it.
        using var copy = new TemporaryDirectory();
        foreach (string file in System.IO.Directory.EnumerateFiles(Directory(name)))
        {
            File.Copy(file, Path.Combine(copy.Path, Path.GetFileName(file)));
        }

        Shell.Output(new IsolationOptions(), $"chmod -R a+rX {copy.Path}");
        var start = new ProcessStartInfo("setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", Path.Combine(copy.Path, name), .. arguments])
        {
            WorkingDirectory = copy.Path,
        };
        start.Environment["HOME"] = "/nonexistent";
        return TestApp.Run(start);
    }

    /// <summary>Runs a sample that has to succeed.</summary>
    /// <returns>What it prints, without the last newline.</returns>
    public static string Output(Caller caller, string name, params string[] arguments)
    {
        Finished finished = Run(caller, name, arguments);
        Assert.True(finished.Status.IsSuccess, $"{name} {string.Join(' ', arguments)}: {finished.Status}\n{finished.Output}\n{finished.Error}");
        return finished.Output;
    }

    private static string Directory(string name)
        // .../tests/NsGen.Samples.Tests/bin/Debug/net10.0: the last two folders are the sample's as well.
        => Path.Combine(Root, "samples", name, Path.GetRelativePath(Path.Combine(Root, "tests", "NsGen.Samples.Tests"), AppContext.BaseDirectory));
}
