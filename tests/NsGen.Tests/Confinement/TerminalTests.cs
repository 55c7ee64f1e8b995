namespace NsGen.Tests;

/// <summary>A program with and without an init, at a real terminal.</summary>
public sealed class TerminalTests
{
    [KernelTheory(Tools = "script")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ctrl_C_reaches_the_program_once(bool init)
    {
        const string program = "n=0; trap 'n=$((n + 1)); echo caught $n; test $n = 1 || exit 3' INT; echo ready; while :; do sleep 0.05; done";
        using Terminal terminal = Start(init, "/bin/sh", "-c", program);
        await terminal.Expect("ready");
        terminal.Type("\x03");
        await terminal.Expect("caught 1");
        terminal.Type("\x03");
        await terminal.Expect("caught 2");
        await terminal.Expect("the program ended with 3");
        Assert.Equal(3, await terminal.ExitCode());
    }

    [KernelTheory(Tools = "script bash")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_shell_controls_its_jobs(bool init)
    {
        using Terminal terminal = Start(init, "bash", "--norc", "--noprofile", "-i");
        terminal.Type("PS1=pro; PS1+='mpt> '\n"); // in two parts: what is typed is shown as well
        await terminal.Expect("prompt> ");
        terminal.Type("sleep 1000; echo status=$?\n");
        await terminal.Expect("\n");
        await Task.Delay(200);       // sleep(1) has the terminal: nothing shows that
        terminal.Type("\x1a");
        await terminal.Expect("Stopped");
        await terminal.Expect("prompt> ");
        terminal.Type("jobs; fg; echo status=$?\n");
        await terminal.Expect("Stopped");
        await terminal.Expect("sleep 1000\r\n");
        await Task.Delay(200);
        terminal.Type("\x03");
        await terminal.Expect("prompt> ");
        terminal.Type("exit 7\n");
        await terminal.Expect("the program ended with 7");
        Assert.Equal(7, await terminal.ExitCode());
    }

    private static Terminal Start(bool init, params string[] program) => new([DotNetCli.Path, TestApp.Dll, "terminal", $"{init}", .. program]);
}
