using System.IO.Compression;
using System.Reflection.Metadata;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace NsGen.Package.Tests;

[Collection(PackedFeedTests.Name)]
public sealed partial class ContentsTests(PackedFeed feed)
{
    // PortableCustomDebugInfoKinds.SourceLink, https://github.com/dotnet/runtime/blob/main/docs/design/specs/PortablePdb-Metadata.md
    private static readonly Guid s_sourceLink = new("CC110556-A091-4D38-9FEC-25AB9A351A6A");

    [KernelFact]
    public void The_package_holds_these_files_and_no_others()
        => Assert.Equal(
            [
                "NsGen.nuspec",
                "README.md",
                "analyzers/dotnet/cs/NsGen.Analyzers.dll",
                "analyzers/dotnet/cs/NsGen.CodeFixes.dll",
                "analyzers/dotnet/cs/NsGen.Generator.dll",
                "buildTransitive/NsGen.targets",
                "icon.png",
                "lib/net8.0/NsGen.dll",
                "lib/net8.0/NsGen.xml",
            ],
            Files(feed.PackageFile("NsGen")));

    [KernelFact]
    public void The_package_for_tests_holds_these_files_and_no_others()
        => Assert.Equal(
            ["NsGen.Xunit.nuspec", "README.md", "icon.png", "lib/net8.0/NsGen.Xunit.dll", "lib/net8.0/NsGen.Xunit.xml"],
            Files(feed.PackageFile("NsGen.Xunit")));

    [KernelTheory(Requires.Nothing)]
    [InlineData("NsGen")]
    [InlineData("NsGen.Xunit")]
    public void A_symbol_package_holds_the_symbols_alone(string id)
        => Assert.Equal([$"{id}.nuspec", $"lib/net8.0/{id}.pdb"], Files(feed.PackageFile(id, "snupkg")));

    [KernelFact]
    public void Nothing_but_packages_is_packed()
        => Assert.Equal(
            [.. new[] { "NsGen", "NsGen.Xunit" }.SelectMany(static id => new[] { $"{id}.{PackedFeed.Version}.nupkg", $"{id}.{PackedFeed.Version}.snupkg" })],
            Directory.EnumerateFiles(feed.Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));

    [KernelTheory(Requires.Nothing)]
    [InlineData("NsGen", "")]
    [InlineData("NsGen.Xunit", "NsGen xunit.extensibility.execution")]
    public void It_says_what_it_is_and_what_it_depends_on(string id, string dependencies)
    {
        XElement metadata = XDocument.Parse(Read(feed.PackageFile(id), $"{id}.nuspec")).Root!.Elements().Single();

        string Value(string name) => metadata.Elements().Single(element => element.Name.LocalName == name).Value;
        Assert.Equal(id, Value("id"));
        Assert.Equal("MIT", Value("license"));
        Assert.Equal("icon.png", Value("icon"));
        Assert.Equal("README.md", Value("readme"));
        Assert.NotEqual("", Value("description"));
        XElement repository = metadata.Elements().Single(static element => element.Name.LocalName == "repository");
        Assert.StartsWith(Checkout.Url, repository.Attribute("url")!.Value);
        Assert.Equal(Checkout.Commit(feed.Source), repository.Attribute("commit")!.Value);
        Assert.Equal(
            dependencies,
            string.Join(' ', metadata.Descendants().Where(static element => element.Name.LocalName == "dependency").Select(static element => element.Attribute("id")!.Value)));
    }

    [KernelTheory(Requires.Nothing)]
    [InlineData("NsGen", "README.md")]
    [InlineData("NsGen.Xunit", "xunit/README.md")]
    public void Its_readme_has_no_link_that_only_works_in_the_repository(string id, string source)
    {
        string readme = Read(feed.PackageFile(id), "README.md");

        Assert.All(Link().Matches(readme), static link => Assert.StartsWith("https://", link.Groups[1].Value));
        string original = File.ReadAllText(Path.Combine(feed.Source, source));
        Assert.Equal(Link().Replace(original, "").Trim(), Link().Replace(readme, "").Trim());
    }

    [KernelFact]
    public void A_debugger_finds_the_sources()
    {
        using MetadataReaderProvider provider = MetadataReaderProvider.FromPortablePdbStream(
            new MemoryStream(Bytes(feed.PackageFile("NsGen", "snupkg"), "lib/net8.0/NsGen.pdb")));
        MetadataReader pdb = provider.GetMetadataReader();
        CustomDebugInformation sourceLink = pdb.GetCustomDebugInformation(EntityHandle.ModuleDefinition)
            .Select(pdb.GetCustomDebugInformation)
            .Single(information => pdb.GetGuid(information.Kind) == s_sourceLink);
        string map = Encoding.UTF8.GetString(pdb.GetBlobBytes(sourceLink.Value));

        Assert.Equal(
            $$$"""{"documents":{"/_/*":"https://raw.githubusercontent.com/nsgen/nsgen/{{{Checkout.Commit(feed.Source)}}}/*"}}""",
            map);
        Assert.All(pdb.Documents, document => Assert.StartsWith("/_/", pdb.GetString(pdb.GetDocument(document).Name)));
    }

    [KernelFact]
    public void The_same_sources_elsewhere_make_the_same_assemblies()
    {
        string again = Path.Combine(feed.PackAgain(), Path.GetFileName(feed.PackageFile("NsGen")));

        foreach (string assembly in Files(again).Where(static file => file.EndsWith(".dll", StringComparison.Ordinal)))
        {
            Assert.True(Bytes(feed.PackageFile("NsGen"), assembly).AsSpan().SequenceEqual(Bytes(again, assembly)), $"{assembly} differs");
        }
    }

    /// <summary>The files without those of the packaging format itself.</summary>
    private static IEnumerable<string> Files(string package)
    {
        using ZipArchive archive = ZipFile.OpenRead(package);
        return [.. archive.Entries
            .Select(static entry => entry.FullName)
            .Where(static file => file != "[Content_Types].xml" && !file.StartsWith("_rels/", StringComparison.Ordinal) && !file.StartsWith("package/services/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)];
    }

    private static string Read(string package, string file) => Encoding.UTF8.GetString(Bytes(package, file)).TrimStart('\uFEFF');

    private static byte[] Bytes(string package, string file)
    {
        using ZipArchive archive = ZipFile.OpenRead(package);
        using Stream stream = archive.GetEntry(file)!.Open();
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();
}
