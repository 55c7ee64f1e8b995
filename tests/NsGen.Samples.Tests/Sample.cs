using System.Diagnostics;

namespace NsGen.Samples.Tests;

/// <summary>Runs a sample as its reader would, from where it is built.</summary>
internal static class Sample
{
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
        using SampleCopy sample = new(caller, name);
        return RunProgram(caller, sample.Program, arguments);
    }

    /// <summary>Runs a sample that is a test project, by <c>dotnet test</c>.</summary>
    /// <inheritdoc cref="Run"/>
    public static Finished RunTests(Caller caller, string name)
    {
        using SampleCopy sample = new(caller, name);
        ProcessStartInfo start = As(caller, DotNetCli.Path, "test", sample.Program + ".dll");
        if (sample.Home is { } home)
        {
            start.Environment["DOTNET_CLI_HOME"] = home; // the dotnet command wants to write there; the samples do not
        }

        return TestApp.Run(start);
    }

    /// <summary>Runs any program, whatever comes of it.</summary>
    /// <param name="caller">Who runs it.</param>
    /// <param name="path">The program.</param>
    /// <param name="arguments">Its command line.</param>
    public static Finished RunProgram(Caller caller, string path, params string[] arguments) => TestApp.Run(As(caller, path, arguments));

    /// <summary>How a caller starts a program, in a directory that everybody may enter.</summary>
    public static ProcessStartInfo As(Caller caller, string program, params string[] arguments)
    {
        // PATH may have directories that the caller may not enter, such as root's: what is found nowhere would be forbidden (EACCES), and not missing.
        if (caller == Caller.Self)
        {
            IEnumerable<string> path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Where(System.IO.Directory.Exists);
            return new(program, arguments) { WorkingDirectory = "/", Environment = { ["PATH"] = string.Join(':', path) } };
        }

        return new("setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", program, .. arguments])
        {
            WorkingDirectory = "/",
            Environment = { ["HOME"] = "/nonexistent", ["PATH"] = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin" },
        };
    }

    /// <summary>Runs a sample that has to succeed.</summary>
    /// <returns>What it prints, without the last newline.</returns>
    public static string Output(Caller caller, string name, params string[] arguments)
    {
        Finished finished = Run(caller, name, arguments);
        Assert.True(finished.Status.IsSuccess, $"{name} {string.Join(' ', arguments)}: {finished.Status}\n{finished.Output}\n{finished.Error}");
        return finished.Output;
    }

    /// <summary>Where a sample is built.</summary>
    public static string Directory(string name)
        // .../tests/NsGen.Samples.Tests/bin/Debug/net10.0: the last two folders are the sample's as well.
        => Path.Combine(Repository.Root, "samples", name, Path.GetRelativePath(Path.Combine(Repository.Root, "tests", "NsGen.Samples.Tests"), AppContext.BaseDirectory));
}
