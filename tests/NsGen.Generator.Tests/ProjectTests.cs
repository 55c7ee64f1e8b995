using System.Diagnostics;

namespace NsGen.Generator.Tests;

/// <summary>The generator in a project of its own, as a programmer has it: the SDK, all its analyzers, System.Text.Json's generator.</summary>
public sealed class ProjectTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("nsgen-project-");

    [Fact]
    public async Task All_analyzers_of_the_SDK_are_content_with_the_generated_code()
    {
        // Warnings are errors; AOT compatibility brings the analyzers of trimming, ahead-of-time compilation and single files.
        Write("Project.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net8.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <AnalysisMode>All</AnalysisMode>
                <EnforceCodeStyleInBuild>true</EnforceCodeStyleInBuild>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <GenerateDocumentationFile>true</GenerateDocumentationFile>
                <IsAotCompatible>true</IsAotCompatible>
              </PropertyGroup>
              <ItemGroup>
                <Reference Include="{typeof(IsolatedAttribute).Assembly.Location}" />
                <Analyzer Include="{typeof(IsolatedGenerator).Assembly.Location}" />
              </ItemGroup>
            </Project>
            """);
        Write("Work.cs", """
            using System.Runtime.Versioning;
            using System.Text.Json.Serialization;
            using NsGen;
            using static NsGen.Namespaces;

            [assembly: CLSCompliant(false)]
            [assembly: System.Runtime.InteropServices.ComVisible(false)]
            [assembly: SupportedOSPlatform("linux")]

            namespace Some;

            /// <summary>Work in containers.</summary>
            public static partial class Work
            {
                /// <summary>Greets.</summary>
                /// <param name="name">Whom.</param>
                /// <returns>The greeting.</returns>
                [Isolated(Uts | Pid, HostName = "container", TimeoutMilliseconds = 1000)]
                public static partial string Greet(string name);

                /// <summary>Sorts.</summary>
                /// <param name="words">What.</param>
                /// <param name="options">How.</param>
                /// <param name="cancellationToken">Cancels it.</param>
                /// <returns>The words in order.</returns>
                [Isolated(Ipc, JsonContext = typeof(WorkContext))]
                public static partial Task<IReadOnlyList<string>> SortAsync(
                    IReadOnlyList<string> words, IsolationOptions? options = null, CancellationToken cancellationToken = default);

                [Isolated(Net, Exec = "ip")]
                internal static partial Task<int> RunIpAsync(CancellationToken cancellationToken, params string[] args);

                [Isolated]
                internal static partial IsolatedProcess<DateTime?> Start(Dictionary<string, int> counts);

                private static string GreetCore(string name) => $"hello {name}";

                private static IReadOnlyList<string> SortAsyncCore(IReadOnlyList<string> words) => [.. words.Order(StringComparer.Ordinal)];

                private static DateTime? StartCore(Dictionary<string, int> counts) => counts.Count == 0 ? null : DateTime.UnixEpoch;

                private static partial class Hidden
                {
                    [Isolated]
                    internal static partial int Count(List<string> words);

                    private static int CountCore(List<string> words) => words.Count;
                }

                [System.Diagnostics.CodeAnalysis.RequiresUnreferencedCode("Counts by reflection.")]
                [System.Diagnostics.CodeAnalysis.RequiresDynamicCode("Counts by reflection.")]
                internal static int Count() => Hidden.Count(["a"]);
            }

            [JsonSerializable(typeof(IReadOnlyList<string>))]
            internal sealed partial class WorkContext : JsonSerializerContext;
            """);
        (int exitCode, string output) = await BuildAsync();
        Assert.True(exitCode == 0, output);
    }

    [Fact]
    public async Task A_call_that_serialises_by_reflection_is_warned_about_where_it_is_made()
    {
        Write("Project.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net8.0</TargetFramework>
                <IsAotCompatible>true</IsAotCompatible>
              </PropertyGroup>
              <ItemGroup>
                <Reference Include="{typeof(IsolatedAttribute).Assembly.Location}" />
                <Analyzer Include="{typeof(IsolatedGenerator).Assembly.Location}" />
              </ItemGroup>
            </Project>
            """);
        Write("Work.cs", """
            using System.Collections.Generic;
            using NsGen;

            public static partial class Work
            {
                [Isolated]
                public static partial void Go(List<string> words);

                private static void GoCore(List<string> words) { }

                public static void Call() => Go(new List<string>()); // the line
            }
            """);
        (int exitCode, string output) = await BuildAsync();
        Assert.True(exitCode == 0, output);
        string[] warnings = [.. output.Split('\n').Where(static line => line.Contains(": warning IL", StringComparison.Ordinal)).Distinct()];
        Assert.Equal(2, warnings.Length);
        Assert.All(warnings, static warning => Assert.Contains("Work.cs(11,34): warning IL", warning, StringComparison.Ordinal));
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_directory.FullName, name), text);

    private async Task<(int ExitCode, string Output)> BuildAsync()
    {
        var start = new ProcessStartInfo("dotnet", ["build", "-nodeReuse:false", "-p:UseSharedCompilation=false", "-clp:NoSummary"])
        {
            WorkingDirectory = _directory.FullName,
            RedirectStandardOutput = true,
        };

        // What the build that runs the tests has set for its own SDK.
        foreach (string name in start.Environment.Keys.Where(static name => name.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            start.Environment.Remove(name);
        }

        using Process process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output);
    }
}
