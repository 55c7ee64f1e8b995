using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace NsGen.Tests;

/// <summary>Publishes a program in different ways, each once for all tests, into a directory that goes with them.</summary>
public sealed class PublishedHosts : IDisposable
{
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
        string project = Directory.CreateDirectory(Path.Combine(_directory.Path, name)).FullName;
        foreach ((string from, string to) in ((string, string)[])[
            ("Hosts/HostApp.cs.txt", "HostApp.cs"), ("Hosts/HostApp.csproj.txt", "HostApp.csproj"), ("NsGen.dll", "NsGen.dll"), ("Hosts/NsGen.Generator.dll", "NsGen.Generator.dll")])
        {
            File.Copy(Path.Combine(AppContext.BaseDirectory, from), Path.Combine(project, to));
        }

        string output = Path.Combine(project, "out");
        string rid = $"linux-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
        DotNetCli.Output(project, ["publish", "-nologo", "-v", "quiet", "-c", "Release", "-r", rid, "-o", output, .. properties]);
        return Path.Combine(output, "HostApp");
    }
}
