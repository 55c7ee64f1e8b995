using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Basic.Reference.Assemblies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;

namespace NsGen.Analyzers.Tests.Harness;

/// <summary>
/// A C# program of the folder Programs, compiled here and run in a process of its own: for calls that could harm the test host. Only the
/// .NET SDK is needed.
/// </summary>
internal sealed class ManagedProgram : IDisposable
{
    private readonly string _folder;
    private readonly string _path;

    public ManagedProgram(string resource)
    {
        _folder = Directory.CreateTempSubdirectory("nsgen-test-").FullName;
        _path = Path.Combine(_folder, "program.dll");
        CSharpCompilation compilation = CSharpCompilation.Create(
            "program",
            [CSharpSyntaxTree.ParseText(TestAssemblies.ReadResource(resource), TestCompilation.ParseOptions)],
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

    public (int ExitCode, string Output, string Error) Run(string input, params object[] arguments)
    {
        ProcessStartInfo start = new(DotNet)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // A process that crashes on purpose shall leave neither a dump nor diagnostics sockets in /tmp.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        foreach (object argument in arguments.Prepend(_path))
        {
            start.ArgumentList.Add(Convert.ToString(argument, CultureInfo.InvariantCulture)!);
        }

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        process.WaitForExit();
        return (process.ExitCode, output.Result, error.Result);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
