namespace NsGen.Package.Tests;

/// <summary>A folder feed with the packages that <c>dotnet pack</c> makes at the root, packed once for all tests; gone with them.</summary>
public sealed class PackedFeed : IDisposable
{
    /// <summary>No released version, so that nothing else can be meant.</summary>
    public const string Version = "0.0.1-test";

    private readonly TemporaryDirectory _directory = new();
    private readonly Lazy<string> _feed;

    /// <summary>Packs when first asked.</summary>
    public PackedFeed() => _feed = new Lazy<string>(() => Pack("source", "feed"));

    /// <summary>The copy of the sources that was packed.</summary>
    public string Source => Path.Combine(_directory.Path, "source");

    /// <summary>The feed.</summary>
    public string Folder => _feed.Value;

    /// <summary>Path of a package.</summary>
    public string PackageFile(string id, string extension = "nupkg") => Path.Combine(Folder, $"{id}.{Version}.{extension}");

    /// <summary>Packs a second copy of the sources, elsewhere.</summary>
    /// <returns>Its feed.</returns>
    public string PackAgain() => Pack("elsewhere/source", "elsewhere/feed");

    /// <summary>A new folder with a consumer's files, which restores from the feed.</summary>
    /// <param name="consumer">Folder in Consumers/.</param>
    internal string Consumer(string consumer)
    {
        string folder = EmptyFolder();
        string from = Path.Combine(AppContext.BaseDirectory, "Consumers", consumer);
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string to = Path.Combine(folder, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }

        return folder;
    }

    /// <summary>A new folder, in which projects restore from the feed.</summary>
    internal string EmptyFolder()
    {
        string folder = Directory.CreateDirectory(Path.Combine(_directory.Path, Guid.NewGuid().ToString("N"))).FullName;
        File.WriteAllText(Path.Combine(folder, "nuget.config"), $"""
            <configuration>
              <packageSources>
                <add key="packed" value="{Folder}" />
              </packageSources>
            </configuration>
            """);

        // The packed version goes into a cache that the next run does not see; all else comes from the user's.
        File.WriteAllText(Path.Combine(folder, "Directory.Build.props"), $"""
            <Project>
              <PropertyGroup>
                <NsGenVersion>{Version}</NsGenVersion>
                <RestorePackagesPath>{Path.Combine(_directory.Path, "packages")}</RestorePackagesPath>
                <RestoreFallbackFolders>{DotNetCli.Packages}</RestoreFallbackFolders>
                <NoWarn>$(NoWarn);NU1603;NU1608;NU1900</NoWarn>
              </PropertyGroup>
            </Project>
            """);
        return folder;
    }

    /// <inheritdoc/>
    public void Dispose() => _directory.Dispose();

    private string Pack(string source, string feed)
    {
        string folder = Directory.CreateDirectory(Path.Combine(_directory.Path, source)).FullName;
        Checkout.CopyTo(folder);
        string output = Directory.CreateDirectory(Path.Combine(_directory.Path, feed)).FullName;
        DotNetCli.Output(folder, "pack", "-o", output, $"-p:Version={Version}", "-p:ContinuousIntegrationBuild=true");
        return output;
    }
}

/// <summary>The tests that share one feed, one after the other: each builds, which keeps all processors busy by itself.</summary>
[CollectionDefinition(Name)]
public sealed class PackedFeedTests : ICollectionFixture<PackedFeed>
{
    /// <summary>Its name.</summary>
    public const string Name = "packed feed";
}
