using System.Diagnostics;
using NsGen.Analyzers.Tests.Harness;
using Xunit;

namespace NsGen.Analyzers.Tests.Meta;

/// <summary>The fixes through the tool that users run, on a project on disk: assemblies load in the SDK's compiler, and the result builds.</summary>
public sealed class DotNetFormatTests : IDisposable
{
    private const string Before = """
        using System.Runtime.InteropServices;

        internal static unsafe class Program
        {
            private const int StackSize = 65536;

            [DllImport("libc", SetLastError = true)]
            private static extern int clone(nint fn, byte* stack, int flags, nint arg);

            [DllImport("libc", SetLastError = true)]
            private static extern int unshare(int flags);

            private static void Main(string[] args)
            {
                nint child = NativeLibrary.GetExport(NativeLibrary.Load("libc.so.6"), args[0]);
                byte* stack = (byte*)NativeMemory.Alloc(StackSize);
                if (clone(child, stack, 0x20000 | 0x200, 0) == -1)
                {
                    return;
                }

                unshare(0x04000000);
            }
        }

        """;

    private const string After = """
        using System.Runtime.InteropServices;

        internal static unsafe class Program
        {
            private const int StackSize = 65536;

            [DllImport("libc", SetLastError = true)]
            private static extern int clone(nint fn, byte* stack, int flags, nint arg);

            [DllImport("libc", SetLastError = true)]
            private static extern int unshare(int flags);

            private static void Main(string[] args)
            {
                nint child = NativeLibrary.GetExport(NativeLibrary.Load("libc.so.6"), args[0]);
                byte* stack = (byte*)NativeMemory.Alloc(StackSize);
                if (clone(child, stack + StackSize, 0x20000 | 17 /* SIGCHLD */, 0) == -1)
                {
                    return;
                }

                if (unshare(0x04000000) == -1)
                {
                    throw new System.ComponentModel.Win32Exception(Marshal.GetLastPInvokeError());
                }
            }
        }

        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("nsgen-format-").FullName;

    [Fact]
    public void Dotnet_format_applies_the_fixes_and_the_result_builds()
    {
        string analyzers = Path.Combine(AppContext.BaseDirectory, "NsGen.Analyzers.dll");
        string fixes = Path.Combine(AppContext.BaseDirectory, "NsGen.CodeFixes.dll");
        File.WriteAllText(Path.Combine(_folder, "app.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net{Environment.Version.ToString(2)}</TargetFramework>
                <AllowUnsafeBlocks>true</AllowUnsafeBlocks>
                <UseAppHost>false</UseAppHost>
              </PropertyGroup>
              <ItemGroup>
                <Analyzer Include="{analyzers};{fixes}" />
              </ItemGroup>
            </Project>
            """);
        string program = Path.Combine(_folder, "Program.cs");
        File.WriteAllText(program, Before);

        Run(0, "restore");

        // Two of the rules are errors: unfixed, the project does not build.
        string errors = Run(1, "build", "--no-restore", "-nologo");
        Assert.Contains("error NSG101", errors);
        Assert.Contains("error NSG103", errors);

        Run(0, "format", "analyzers", "--diagnostics", "NSG101", "NSG103", "NSG105", "NSG106", "--severity", "info", "--no-restore");
        Assert.Equal(After, File.ReadAllText(program).ReplaceLineEndings("\n"));
        string built = Run(0, "build", "--no-restore", "-nologo");
        Assert.DoesNotContain("NSG", built);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Run(int exitCode, params string[] arguments)
    {
        ProcessStartInfo start = new(ManagedProgram.DotNet, arguments)
        {
            WorkingDirectory = _folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";

        // A build server would keep the folder in use, and the variables that vstest sets are for its own children.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        start.Environment.Remove("MSBuildSDKsPath");
        start.Environment.Remove("MSBUILD_EXE_PATH");
        start.Environment.Remove("MSBuildExtensionsPath");
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        process.WaitForExit();
        string text = output.Result + error.Result;
        Assert.True(process.ExitCode == exitCode, $"dotnet {string.Join(' ', arguments)}: exit code {process.ExitCode}\n{text}");
        return text;
    }
}
