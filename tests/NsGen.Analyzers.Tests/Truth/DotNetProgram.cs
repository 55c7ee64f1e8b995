using System.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NsGen.Analyzers.Tests.Harness;

namespace NsGen.Analyzers.Tests.Truth;

/// <summary>
/// Compiles a program and runs it as a .NET process of its own: for claims whose proof would change, or end, the test host.
/// </summary>
internal static class DotNetProgram
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1);

    /// <param name="source">Top-level statements.</param>
    /// <param name="launcher">A program to start it with, such as unshare with its options.</param>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(string source, params string[] launcher)
    {
        string folder = Directory.CreateTempSubdirectory("nsgen-").FullName;
        try
        {
            string program = Path.Combine(folder, "program.dll");
            Compile(source, program);
            await File.WriteAllTextAsync(Path.ChangeExtension(program, ".runtimeconfig.json"), $$"""
                {
                  "runtimeOptions": {
                    "tfm": "net{{Environment.Version.ToString(2)}}",
                    "framework": { "name": "Microsoft.NETCore.App", "version": "{{Environment.Version}}" }
                  }
                }
                """);
            string[] command = [.. launcher, Environment.ProcessPath!, program];
            if (!Path.GetFileName(Environment.ProcessPath!).StartsWith("dotnet", StringComparison.Ordinal))
            {
                command[^2] = "dotnet";
            }

            ProcessStartInfo start = new(command[0], command[1..])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = folder,
            };

            // A FailFast that is expected need not fill the disk.
            start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
            using Process process = Process.Start(start)!;
            using CancellationTokenSource limit = new(s_limit);
            Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token);
            Task<string> error = process.StandardError.ReadToEndAsync(limit.Token);
            try
            {
                await process.WaitForExitAsync(limit.Token);
                return (process.ExitCode, await output, await error);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                throw new TimeoutException("the program did not end within a minute");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Compile(string source, string path)
    {
        string trusted = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        CSharpCompilation compilation = CSharpCompilation.Create(
            "program",
            [
                CSharpSyntaxTree.ParseText(source, TestCompilation.ParseOptions),
                CSharpSyntaxTree.ParseText(TestCompilation.GlobalUsings, TestCompilation.ParseOptions),
            ],
            trusted.Split(':').Where(f => Path.GetDirectoryName(f) == framework).Select(f => MetadataReference.CreateFromFile(f)),
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, allowUnsafe: true));
        Microsoft.CodeAnalysis.Emit.EmitResult result = compilation.Emit(path);
        if (!result.Success)
        {
            throw new InvalidOperationException(string.Join("\n", result.Diagnostics));
        }
    }
}
