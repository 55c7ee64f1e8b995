using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Basic.Reference.Assemblies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;

namespace NsGen.Analyzers.Tests.Harness;

/// <summary>
/// A C# program, compiled here and run as a .NET process of its own: for claims whose proof would change, or end, the test host. Only the .NET
/// SDK is needed.
/// </summary>
internal sealed class ManagedProgram : IDisposable
{
    private readonly string _folder;
    private readonly string _path;

    private ManagedProgram(string source)
    {
        _folder = Directory.CreateTempSubdirectory("nsgen-test-").FullName;
        _path = Path.Combine(_folder, "program.dll");
        CSharpCompilation compilation = CSharpCompilation.Create(
            "program",
            [
                CSharpSyntaxTree.ParseText(source, TestCompilation.ParseOptions),
                CSharpSyntaxTree.ParseText(TestCompilation.GlobalUsings, TestCompilation.ParseOptions),
            ],
            Net80.References.All,
            new CSharpCompilationOptions(
                OutputKind.ConsoleApplication,
                allowUnsafe: true,
                optimizationLevel: OptimizationLevel.Release,
                nullableContextOptions: NullableContextOptions.Enable));
        EmitResult result = compilation.Emit(_path);
        if (!result.Success)
        {
            throw new InvalidOperationException(string.Join("\n", result.Diagnostics));
        }

        File.WriteAllText(
            Path.Combine(_folder, "program.runtimeconfig.json"),
            $$"""{ "runtimeOptions": { "framework": { "name": "Microsoft.NETCore.App", "version": "{{Environment.Version.ToString(3)}}" } } }""");
    }

    public static string DotNet { get; } = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";

    /// <summary>A file of the folder Programs.</summary>
    public static ManagedProgram FromResource(string name) => new(TestAssemblies.ReadResource(name));

    /// <summary>A text, which may be top-level statements.</summary>
    public static ManagedProgram FromSource(string source) => new(source);

    /// <summary>Runs the program until it ends or the time is over.</summary>
    public ProgramResult Run(string input, TimeSpan limit, params object[] arguments) => Run([], input, limit, arguments);

    /// <param name="launcher">A program to start it with, such as unshare with its options.</param>
    public ProgramResult Run(string[] launcher, string input, TimeSpan limit, params object[] arguments)
    {
        string[] command = [.. launcher, DotNet, _path, .. arguments.Select(a => Convert.ToString(a, CultureInfo.InvariantCulture)!)];
        ProcessStartInfo start = new(command[0], command[1..])
        {
            WorkingDirectory = _folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // A process that crashes on purpose shall leave neither a dump nor diagnostics sockets in /tmp.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";

        using Process process = Process.Start(start)!;
        List<string> lines = [];
        StringBuilder error = new();
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is not null)
            {
                lines.Add(line.Data);
            }
        };
        process.ErrorDataReceived += (_, line) => error.Append(line.Data is null ? "" : line.Data + "\n");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        bool timedOut = !process.WaitForExit(limit);

        // Also ends the children that hold the pipes open, without which the output would never end. Again and again: one may be born meanwhile.
        for (int attempts = 0; attempts < 30; attempts++)
        {
            KillAll();
            if (process.WaitForExitAsync().Wait(TimeSpan.FromSeconds(1)))
            {
                break;
            }
        }

        return new(process.ExitCode, timedOut, lines, error.ToString());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>
    /// The program and children that outlived it: one that shares its crashed parent's memory may hang forever. They are known by the path
    /// of the program, which is this object's own.
    /// </summary>
    private void KillAll()
    {
        foreach (Process process in Process.GetProcesses())
        {
            using (process)
            {
                try
                {
                    if (File.ReadAllText($"/proc/{process.Id}/cmdline").Contains(_path, StringComparison.Ordinal))
                    {
                        process.Kill();
                    }
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException or System.ComponentModel.Win32Exception)
                {
                    // It has ended meanwhile, or is not ours.
                }
            }
        }
    }
}

internal sealed record ProgramResult(int ExitCode, bool TimedOut, IReadOnlyList<string> Lines, string Error);
