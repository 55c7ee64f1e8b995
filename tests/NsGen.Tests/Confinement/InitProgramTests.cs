using System.Diagnostics;
using NsGen.Confinement;

namespace NsGen.Tests;

/// <summary>The bytes in the assembly are those that the documented source makes.</summary>
public sealed class InitProgramTests
{
    [KernelFact(Tools = "as objcopy")]
    public void The_x64_program_is_assembled_from_its_source()
    {
        if (!OperatingSystem.IsLinux() || System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture != System.Runtime.InteropServices.Architecture.X64)
        {
            throw new SkippedException("as is another machine's here");
        }

        AssertSame(InitProgram.X64, Assemble("", "x64.S"));
    }

    [KernelFact(Tools = "aarch64-linux-gnu-as aarch64-linux-gnu-objcopy")]
    public void The_arm64_program_is_assembled_from_its_source() => AssertSame(InitProgram.Arm64, Assemble("aarch64-linux-gnu-", "arm64.S"));

    /// <summary>
    /// qemu-user makes a plain fork of the vfork, so that what it cannot show is the report of a program that does not exist.
    /// </summary>
    [KernelFact(Tools = "qemu-aarch64-static")]
    public void The_arm64_program_runs_a_program_and_forwards_signals_under_qemu()
    {
        using var directory = new TemporaryDirectory();
        string init = Path.Combine(directory.Path, "init");
        File.WriteAllBytes(init, InitProgram.Arm64.ToArray());
        File.SetUnixFileMode(init, (UnixFileMode)0x1ED);
        Assert.Equal(7, Run("exit 7").Status.ExitCode);
        Assert.Equal(128 + 9, Run("kill -9 $$").Status.ExitCode);
        Assert.Equal(5, Run("trap 'exit 5' USR1; kill -USR1 $PPID; while :; do sleep 0.05; done").Status.ExitCode);

        // Descriptor 9 is the report's: the eventfd's place is taken by a pipe to nowhere.
        Finished Run(string script) => Shell.RunProgram(
            new IsolationOptions { Namespaces = Requirements.IsRoot ? Pid : Pid | User },
            Requirements.FindTool("qemu-aarch64-static")!,
            init,
            "9",
            "/nonexistent",
            "/bin/sh",
            "",
            "sh",
            "-c",
            script);
    }

    private static byte[] Assemble(string prefix, string name)
    {
        string source = Path.Combine(Repository(), "runtime/Confinement/init", name);
        using var directory = new TemporaryDirectory();
        Run(prefix + "as", source, "-o", directory.Path + "/init.o");
        Run(prefix + "objcopy", "-O", "binary", "-j", ".text", directory.Path + "/init.o", directory.Path + "/init.bin");
        return File.ReadAllBytes(directory.Path + "/init.bin");
    }

    private static void Run(string tool, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(tool, arguments) { RedirectStandardError = true })!;
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error);
    }

    /// <summary>The sources lie beside the tests' own, where those were compiled.</summary>
    private static string Repository([System.Runtime.CompilerServices.CallerFilePath] string self = "")
    {
        string repository = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(self)!, "../../.."));
        return Directory.Exists(Path.Combine(repository, "runtime"))
            ? repository
            : throw new SkippedException("the sources are not where these tests were compiled, or may not be read");
    }

    private static void AssertSame(ReadOnlySpan<byte> embedded, byte[] assembled)
    {
        if (!embedded.SequenceEqual(assembled))
        {
            string lines = string.Join(
                "\n", assembled.Chunk(20).Select(static chunk => "        " + string.Join(", ", chunk.Select(static b => $"0x{b:X2}")) + ","));
            Assert.Fail($"InitProgram.cs is not what its source makes. These are the bytes:\n{lines}");
        }
    }
}
