using System.Diagnostics;
using System.Runtime.InteropServices;

namespace NsGen.Benchmarks;

/// <summary>The programs that take part, built when they are needed: the C one by cc, the .NET ones by dotnet publish.</summary>
internal static class Programs
{
    private static readonly string s_root = FindRoot();

    // Under obj/, which version control ignores and `dotnet clean` need not know.
    private static readonly string s_output = Path.Combine(s_root, "benchmarks", "NsGen.Benchmarks", "obj", "programs");

    private static readonly Lazy<string> s_launcher = new(static () =>
    {
        Directory.CreateDirectory(s_output);
        string program = Path.Combine(s_output, "launcher");
        Run("cc", "-O2", "-pthread", "-o", program, Path.Combine(s_root, "benchmarks", "native", "launcher.c"));
        return program;
    });

    /// <summary>The `dotnet` that runs this very program.</summary>
    public static string Dotnet { get; } = Path.Combine(
        Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", "..", "dotnet");

    /// <summary>A worker in C, see native/launcher.c.</summary>
    public static Worker C(string method, int heapMegabytes, params IEnumerable<string> program)
        => new(s_launcher.Value, [method, $"{heapMegabytes}", .. program]);

    /// <summary>A worker in C#, see <see cref="LaunchWorker"/>.</summary>
    public static Worker Managed(string method, int heapMegabytes, params IEnumerable<string> program)
        => new(Dotnet, [typeof(Programs).Assembly.Location, LaunchWorker.Switch, method, $"{heapMegabytes}", .. program]);

    /// <summary>A worker that compiles, see <see cref="CompileWorker"/> and <see cref="KeystrokeWorker"/>.</summary>
    public static Worker Compiler(params IEnumerable<string> arguments) => new(Dotnet, [typeof(Programs).Assembly.Location, .. arguments]);

    /// <summary>As <see cref="Managed"/>, holding descriptors open. The shell raises the limit, which is too low for that by default.</summary>
    public static Worker ManagedWithDescriptors(string method, int descriptors, params IEnumerable<string> program)
        => new(
            "/bin/sh",
            [
                "-c",
                $"ulimit -n {descriptors + 1000}; {LaunchWorker.DescriptorsVariable}={descriptors} exec \"$@\"",
                "sh",
                Dotnet,
                typeof(Programs).Assembly.Location,
                LaunchWorker.Switch,
                method,
                "0",
                .. program,
            ]);

    /// <summary>A program of benchmarks/Apps, and how it is started.</summary>
    public static string[] App(string name, AppKind kind)
    {
        string output = Path.Combine(s_output, $"{name}-{kind}");
        string project = Path.Combine(s_root, "benchmarks", "Apps", name);
        string[] how = kind switch
        {
            AppKind.ReadyToRun => ["-p:PublishReadyToRun=true", "-r", RuntimeInformation.RuntimeIdentifier, "--self-contained", "false"],
            AppKind.Native => ["-p:NativeBenchmarkApps=true", .. Linker()],
            _ => [],
        };
        Run(Dotnet, ["publish", project, "-c", "Release", "-o", output, "-nologo", "-v", "quiet", .. how]);
        return kind == AppKind.Native ? [Path.Combine(output, name)] : [Dotnet, Path.Combine(output, $"{name}.dll")];
    }

    /// <summary>NativeAOT links with clang unless it is told otherwise.</summary>
    private static string[] Linker() => Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(static d => File.Exists(Path.Combine(d, "clang")))
        ? []
        : ["-p:CppCompilerAndLinker=gcc"];

    private static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with exit code {process.ExitCode}.\n{output}");
        }
    }

    private static string FindRoot()
    {
        for (string? directory = AppContext.BaseDirectory; directory is not null; directory = Path.GetDirectoryName(directory))
        {
            if (File.Exists(Path.Combine(directory, "NsGen.sln")))
            {
                return directory;
            }
        }

        throw new InvalidOperationException("Run the benchmarks from a build inside the repository: they compile further programs from it.");
    }
}
