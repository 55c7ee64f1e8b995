using System.Globalization;

namespace NsGen.Tests;

/// <summary>Signal dispositions and mask of a child, as /proc/PID/status shows them.</summary>
public sealed class SignalTests
{
    [KernelTheory, AsCaller]
    public void Nothing_is_blocked_ignored_or_caught(Namespaces with)
    {
        string status = Shell.RunProgram(new() { Namespaces = with }, "/bin/cat", "/proc/self/status").Output;

        // Whoever runs the tests may have them ignore signals, as nohup does; .NET itself ignores SIGPIPE.
        ulong inherited = Mask(Proc.Status("self", "SigIgn")) & ~(1UL << (13 - 1));
        foreach ((string mask, ulong expected) in ((string, ulong)[])[("SigBlk", 0), ("SigIgn", inherited), ("SigCgt", 0)])
        {
            Assert.Contains($"{mask}:\t{expected:x16}\n", status, StringComparison.Ordinal);
        }
    }

    [KernelFact]
    public void SIGPIPE_which_dotnet_ignores_kills_a_child_as_it_should()
    {
        ulong ignored = Mask(Proc.Status("self", "SigIgn"));
        Assert.NotEqual(0UL, ignored & (1UL << (13 - 1)));
        Assert.Equal("141", Shell.Output(new(), "(yes; echo $? >&3) 3>&1 | true; sh -c 'kill -PIPE $$'; echo $?").Split('\n').Last());
    }

    [KernelFact]
    public void What_nohup_ignores_stays_ignored()
    {
        // nohup dotnet app: SIGHUP is ignored when the runtime starts, and a child of it must not die with the terminal.
        Finished app = TestApp.Run(new("/bin/sh", ["-c", "trap '' HUP; exec \"$0\" \"$1\" shell None 'kill -HUP $$; echo survived; exec cat /proc/self/status'", DotNetCli.Path, TestApp.Dll]));
        Assert.Contains("survived", app.Output, StringComparison.Ordinal);
        string mask = app.Output.Split("SigIgn:\t")[1].Split('\n')[0];
        Assert.NotEqual(0UL, Mask(mask) & 1);
    }

    [KernelFact]
    public void Without_nohup_the_same_child_dies()
    {
        Finished app = TestApp.Run(new("/bin/sh", ["-c", "exec \"$0\" \"$1\" shell None 'kill -HUP $$; echo survived'", DotNetCli.Path, TestApp.Dll]));
        Assert.DoesNotContain("survived", app.Output, StringComparison.Ordinal);
        Assert.Equal("SIGHUP", app.Status.SignalName);
    }

    [KernelFact]
    public async Task The_launching_threads_own_mask_is_put_back()
    {
        Shell.Output(new(), "true");

        // Another test may be launching just now.
        await Proc.Until(static () => LauncherMasks().All(static mask => mask == "0000000000000000"), "no launcher blocks signals");
        Assert.NotEmpty(LauncherMasks());
    }

    [KernelFact]
    public void A_program_started_with_SIGCHLD_ignored_still_learns_how_its_children_end()
    {
        // The kernel then reaps them by itself; only the pidfd still knows.
        Finished app = TestApp.Run(new("/bin/sh", ["-c", "trap '' CHLD; exec \"$0\" \"$1\" shell None 'exit 7'", DotNetCli.Path, TestApp.Dll]));
        Assert.Equal(Requirements.Missing(Requires.PidFdExitInfo, null) is null ? 7 : 255, app.Status.ExitCode);
    }

    private static string[] LauncherMasks()
        => [.. Directory.EnumerateDirectories("/proc/self/task")
            .Where(static task => File.ReadAllText(task + "/comm").StartsWith("NsGen launcher", StringComparison.Ordinal))
            .Select(static task => File.ReadLines(task + "/status").First(static line => line.StartsWith("SigBlk", StringComparison.Ordinal))[7..].Trim())];

    private static ulong Mask(string hexadecimal) => ulong.Parse(hexadecimal, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
