using System.Text.RegularExpressions;

namespace NsGen.Samples.Tests;

public sealed class MiniContainerTests
{
    private const string Tools = "busybox";

    [KernelTheory(Tools = Tools), Callers]
    public void Prints_what_the_readme_shows(Caller caller)
    {
        string readme = File.ReadAllText(Path.Combine(Repository.Root, "samples", "MiniContainer", "README.md"));
        Match shown = Regex.Match(readme, "-- sh -c '(.*)'\n```\n\n```text\n(.*?)\n```", RegexOptions.Singleline);
        Assert.Equal(shown.Groups[2].Value, Output(caller, shown.Groups[1].Value));
    }

    [KernelTheory(Tools = Tools), Callers]
    public void The_commands_exit_code_is_the_containers(Caller caller)
    {
        Assert.Equal(42, Sample.Run(caller, "MiniContainer", "sh", "-c", "exit 42").Status.ExitCode);
        Assert.Equal(128 + 9, ExitCodeOf(Sample.Run(caller, "MiniContainer", "sh", "-c", "kill -9 $$")));
        Finished missing = Sample.Run(caller, "MiniContainer", "nosuch");
        Assert.Equal(127, missing.Status.ExitCode);
        Assert.Contains("nosuch", missing.Error, StringComparison.Ordinal);
    }

    [KernelTheory(Tools = Tools), Callers]
    public void It_is_confined(Caller caller)
    {
        Assert.Equal(
            "fd full null ptmx pts random shm stderr stdin stdout tty urandom zero | nsgen-init | 256 | 0 | read-only | written",
            Output(caller, "echo $(ls /dev) \\| $(cat /proc/1/comm) \\| $(ulimit -n) \\| $(ulimit -c) \\| "
                + "$(touch /x 2> /dev/null || echo read-only) \\| $(touch /tmp/x && echo written)"));
        Assert.Equal("NoNewPrivs:\t1", Output(caller, "grep NoNewPrivs /proc/self/status"));

        // Chown, DacOverride, FOwner, Kill, SetGid, SetUid, NetBindService, NetRaw
        Assert.Equal("CapBnd:\t00000000000024eb", Output(caller, "grep CapBnd /proc/self/status"));
        Assert.Equal("PATH", Output(caller, "env | cut -d= -f1 | grep -vE '^(HOME|TERM|PS1|PWD|SHLVL|OLDPWD)$'"));
    }

    [KernelTheory(Tools = Tools), Callers]
    public void Loopback_works(Caller caller) => Assert.Contains(" 0% packet loss", Output(caller, "ping -c 1 127.0.0.1"), StringComparison.Ordinal);

    [KernelFact(Requires.Root, Tools = Tools + " ip")]
    public async Task Root_has_a_cable_to_the_host()
    {
        string output = Output(Caller.Self, "host=$(ip route | sed -n 's/default via \\([0-9.]*\\) .*/\\1/p'); echo $host; ping -c 1 $host");
        Assert.StartsWith("169.254.", output, StringComparison.Ordinal);
        Assert.Contains(" 0% packet loss", output, StringComparison.Ordinal);

        // The kernel takes both ends apart in its own time.
        string address = output.Split('\n')[0];
        await Proc.Until(() => !Shell.Output(new(), "ip -4 -oneline address").Contains($" {address}/", StringComparison.Ordinal), $"{address} is gone");
    }

    [KernelTheory(Tools = Tools + " bash"), Callers]
    public void A_signal_ends_it_and_nothing_is_left(Caller caller)
    {
        const string Script = """
            coproc C { exec "$0" sh -c 'grep " / ro," /proc/self/mountinfo; exec sleep 1000'; }
            pid=$C_PID
            read -r mount <&"${C[0]}"
            kill -TERM $pid
            wait $pid
            echo "$? $mount"
            """;
        using SampleCopy sample = new(caller, "MiniContainer");
        Finished finished = Sample.RunProgram(caller, "bash", "-c", Script, sample.Program);
        Assert.StartsWith("143 ", finished.Output, StringComparison.Ordinal);
        string root = Regex.Match(finished.Output, "mini-container-\\w+").Value;
        Assert.NotEqual("", root);
        Assert.False(Directory.Exists(Path.Combine(Path.GetTempPath(), root)));
    }

    [KernelTheory(Tools = Tools + " script"), Callers]
    public void A_terminal_stays_one(Caller caller)
    {
        using SampleCopy sample = new(caller, "MiniContainer");
        Finished finished = Sample.RunProgram(
            caller, "script", "-qec", $"{sample.Program} sh -c 'test -t 0 && test -t 1 && echo terminal; exit 5'", "/dev/null");
        Assert.Contains("terminal", finished.Output, StringComparison.Ordinal);
        Assert.Equal(5, finished.Status.ExitCode);
    }

    private static string Output(Caller caller, string script) => Sample.Output(caller, "MiniContainer", "sh", "-c", script);

    /// <summary>As a shell says it: 128 and more for a signal.</summary>
    private static int ExitCodeOf(Finished finished) => finished.Status.Signal != 0 ? 128 + finished.Status.Signal : finished.Status.ExitCode;
}
