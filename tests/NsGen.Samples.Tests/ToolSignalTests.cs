using System.Diagnostics;
using System.Globalization;

namespace NsGen.Samples.Tests;

/// <summary>How signals, terminals and ends go through nsrun, whose program is a child.</summary>
public sealed class ToolSignalTests
{
    [KernelTheory]
    [Callers("HUP", "INT", "QUIT", "USR1", "USR2", "ALRM", "TERM", "CONT")]
    public async Task A_signal_is_passed_on(Caller caller, string signal)
    {
        using var run = new Running(caller, $"trap 'echo got {signal}; exit 3' {signal}; echo $$; while :; do sleep 0.02; done");
        await run.ReadLine();
        run.Kill(signal);
        Assert.Equal($"got {signal}", await run.ReadLine());
        Assert.Equal(3, await run.ExitCode());
    }

    [KernelTheory]
    [Callers("INT", "TERM")]
    public async Task With_fork_the_tool_ignores_it_as_unshare_does(Caller caller, string signal)
    {
        using var run = new Running(caller, "echo $$; read line; exit 4", "--fork");
        await run.ReadLine();
        run.Kill(signal);
        await run.WriteLine();
        Assert.Equal(4, await run.ExitCode());
    }

    [KernelTheory]
    [InlineData(true, "")]
    [InlineData(true, "--kill-child")]
    [InlineData(true, "--kill-child=TERM")]
    [InlineData(true, "--fork --kill-child")]
    [InlineData(false, "--fork")]
    public async Task The_program_dies_with_the_tool_unless_it_was_forked(bool dies, string options)
    {
        using var run = new Running(Caller.Self, "echo $$; read line; echo alive; sleep 1000", options.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        int program = int.Parse(await run.ReadLine(), CultureInfo.InvariantCulture);
        run.Kill("KILL");
        Assert.Equal(137, await run.ExitCode());
        if (dies)
        {
            await Proc.Until(() => Proc.State(program) is null or 'Z', "the program is gone");
            return;
        }

        await run.WriteLine();
        Assert.Equal("alive", await run.ReadLine());
        using var orphan = Process.GetProcessById(program);
        orphan.Kill(entireProcessTree: true);
    }

    [KernelTheory]
    [Callers("HUP", "INT", "QUIT", "USR1")]
    public void What_is_ignored_stays_ignored(Caller caller, string signal)
    {
        // As under nohup(1). Not SIGTERM and SIGPIPE: .NET changes them at its start, whatever they were.
        using var copy = new SampleCopy(caller, "nsrun");
        Finished finished = Sample.RunProgram(
            caller, "/bin/sh", "-c", $"trap '' {signal}; exec \"$0\" /bin/sh -c 'kill -{signal} $$; echo alive'", copy.Program);
        Assert.Equal("alive", finished.Output + finished.Error);
    }

    [KernelFact(Requires.Isolation, Tools = "script")]
    public async Task Ctrl_C_reaches_the_program_once()
    {
        // From the terminal, as the foreground process group does; passed on by the tool as well it would be twice.
        const string count = "n=0; trap \"n=\\$((n+1))\" INT; echo ready; while [ $n = 0 ]; do sleep 0.02; done; sleep 0.3; echo INT $n times";
        string program = $"{Sample.AppHost("nsrun")} sh -c '{count}'";
        using var script = Process.Start(new ProcessStartInfo("script", ["-qec", program, "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        Assert.Equal("ready", await script.StandardOutput.ReadLineAsync());
        await script.StandardInput.WriteAsync('\x03');
        await script.StandardInput.FlushAsync();
        Assert.Contains("INT 1 times", await script.StandardOutput.ReadToEndAsync(), StringComparison.Ordinal);
        await script.WaitForExitAsync();
    }

    /// <summary>nsrun with a line of sh(1).</summary>
    private sealed class Running : IDisposable
    {
        private readonly SampleCopy _copy;
        private readonly Process _process;

        public Running(Caller caller, string script, params string[] options)
        {
            _copy = new SampleCopy(caller, "nsrun");
            ProcessStartInfo start = Sample.As(caller, _copy.Program, [.. options, "/bin/sh", "-c", script]);
            start.RedirectStandardInput = true;
            start.RedirectStandardOutput = true;
            _process = Process.Start(start)!;
        }

        public void Kill(string signal) => Shell.Output(new IsolationOptions(), $"kill -{signal} {_process.Id}");

        public async Task<string> ReadLine()
            => await _process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60)) ?? throw new EndOfStreamException("nsrun has ended");

        public async Task WriteLine()
        {
            await _process.StandardInput.WriteLineAsync();
            await _process.StandardInput.FlushAsync();
        }

        public async Task<int> ExitCode()
        {
            await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
            return _process.ExitCode;
        }

        public void Dispose()
        {
            if (!_process.HasExited)
            {
                _process.Kill(entireProcessTree: true);
            }

            _process.Dispose();
            _copy.Dispose();
        }
    }
}
