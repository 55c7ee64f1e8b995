using System.Diagnostics;

namespace NsGen.Tests;

/// <summary>Runs dotnet as a user's shell would, not as a child of the test runner.</summary>
internal static class DotNetCli
{
    private static readonly string[] s_notRestorable = ["NU1100", "NU1101", "NU1102", "NU1301", "NU1801", "NETSDK1084", "NETSDK1045"];

    /// <summary>The dotnet that runs this process, or that of PATH.</summary>
    public static string Path { get; } = Find();

    /// <summary>Where packages that have been restored for this user lie.</summary>
    public static string Packages { get; } = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    /// <summary>Runs dotnet, whatever comes of it.</summary>
    /// <param name="directory">Where.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <exception cref="SkippedException">What it needs cannot be restored here, or is not installed.</exception>
    public static Finished Run(string directory, params string[] arguments)
    {
        // As the unprivileged run of the tests has it: an empty home, to which nothing has been restored.
        if (!Directory.Exists(Packages))
        {
            throw new SkippedException("nothing has been restored from NuGet for this user");
        }

        var start = new ProcessStartInfo(Path, arguments) { WorkingDirectory = directory };

        // The test host's own are for itself.
        foreach (string variable in start.Environment.Keys.Where(static key => key.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase) || key.StartsWith("VSTEST", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(variable);
        }

        // Servers would outlive the test, in its directory.
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_NOLOGO"] = "1";
        Finished finished = TestApp.Run(start, seconds: 300);
        string said = finished.Output + finished.Error;
        if (!finished.Status.IsSuccess && s_notRestorable.FirstOrDefault(code => said.Contains(code, StringComparison.Ordinal)) is not null)
        {
            throw new SkippedException("cannot be restored here: " + said.Split('\n').First(static line => line.Contains("error", StringComparison.Ordinal)));
        }

        return finished;
    }

    /// <summary>Runs dotnet, which has to succeed.</summary>
    /// <returns>What it prints on both streams.</returns>
    /// <inheritdoc cref="Run"/>
    public static string Output(string directory, params string[] arguments)
    {
        Finished finished = Run(directory, arguments);
        string said = finished.Output + finished.Error;
        Assert.True(finished.Status.IsSuccess, $"dotnet {string.Join(' ', arguments)}: {finished.Status}\n{said}");
        return said;
    }

    private static string Find()
    {
        string self = Environment.ProcessPath!;
        return System.IO.Path.GetFileName(self) == "dotnet"
            ? self
            : Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? Requirements.FindTool("dotnet") ?? "dotnet";
    }
}
