using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace NsGen.Tests;

/// <summary>Publishes a program in different ways, each once for all tests, into a directory that goes with them.</summary>
public sealed class PublishedHosts : IDisposable
{
    private static readonly string[] s_notRestorable = ["NU1100", "NU1101", "NU1102", "NU1301", "NU1801", "NETSDK1084", "NETSDK1045"];

    private readonly TemporaryDirectory _directory = new();
    private readonly ConcurrentDictionary<string, Lazy<string>> _programs = new();

    /// <summary>Publishes the program.</summary>
    /// <param name="name">A name for this way.</param>
    /// <param name="properties">MSBuild properties that make it so.</param>
    /// <returns>Path of the program.</returns>
    /// <exception cref="SkippedException">What it needs cannot be restored here, or is not installed.</exception>
    public string Publish(string name, params string[] properties)
        => _programs.GetOrAdd(name, _ => new Lazy<string>(() => Build(name, properties))).Value;

    /// <inheritdoc/>
    public void Dispose() => _directory.Dispose();

    private string Build(string name, string[] properties)
    {
        // As the unprivileged run of the tests has it: an empty home, to which nothing has been restored.
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        if (Environment.GetEnvironmentVariable("NUGET_PACKAGES") is null && !Directory.Exists(Path.Combine(home, ".nuget", "packages")))
        {
            throw new SkippedException("nothing has been restored from NuGet for this user");
        }

        string project = Directory.CreateDirectory(Path.Combine(_directory.Path, name)).FullName;
        foreach ((string from, string to) in ((string, string)[])[
            ("Hosts/HostApp.cs.txt", "HostApp.cs"), ("Hosts/HostApp.csproj.txt", "HostApp.csproj"), ("NsGen.dll", "NsGen.dll"), ("Hosts/NsGen.Generator.dll", "NsGen.Generator.dll")])
        {
            File.Copy(Path.Combine(AppContext.BaseDirectory, from), Path.Combine(project, to));
        }

        string output = Path.Combine(project, "out");
        string rid = $"linux-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
        var start = new ProcessStartInfo(TestApp.DotNet, ["publish", "-nologo", "-v", "quiet", "-c", "Release", "-r", rid, "-o", output, "-nodeReuse:false", .. properties])
        {
            WorkingDirectory = project,
        };

        // The test host's own are for itself.
        foreach (string variable in start.Environment.Keys.Where(static key => key.StartsWith("MSBUILD", StringComparison.Ordinal) || key.StartsWith("VSTEST", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(variable);
        }

        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        Finished publish = TestApp.Run(start, seconds: 240);
        string said = publish.Output + publish.Error;
        if (!publish.Status.IsSuccess && s_notRestorable.FirstOrDefault(code => said.Contains(code, StringComparison.Ordinal)) is not null)
        {
            throw new SkippedException("cannot be restored here: " + said.Split('\n').First(static line => line.Contains("error", StringComparison.Ordinal)));
        }

        Assert.True(publish.Status.IsSuccess, said);
        return Path.Combine(output, "HostApp");
    }
}
