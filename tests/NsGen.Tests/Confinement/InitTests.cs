using NsGen.Native;

namespace NsGen.Tests;

public sealed partial class InitTests
{
    [KernelTheory, AsCaller]
    public void The_program_is_not_PID_1_and_its_parent_is(Namespaces with)
    {
        IsolationOptions options = Init(Mount | with);
        Assert.Equal("1", Shell.Output(options, "echo $PPID"));
        Assert.Equal("nsgen-init", Shell.Output(options, "cat /proc/1/comm"));
    }

    [KernelTheory, AsCaller]
    public void The_exit_code_is_the_programs(Namespaces with)
    {
        foreach (int code in (int[])[0, 1, 42, 127, 255])
        {
            Assert.Equal(ExitStatus.Exited(code), Shell.Run(Init(with), $"exit {code}").Status);
        }

        Assert.Equal(ExitStatus.Exited(128 + 15), Shell.Run(Init(with), "kill -TERM $$").Status);
        Assert.Equal(ExitStatus.Exited(128 + 9), Shell.Run(Init(with), "kill -KILL $$").Status);
    }

    [KernelTheory, AsCaller]
    public void Orphans_are_reaped(Namespaces with)
    {
        // Grandchildren whose parents end first; none of them is a zombie afterwards.
        string zombies = Shell.Output(
            Init(Mount | with),
            "for i in 1 2 3 4 5 6 7 8; do (sh -c 'sleep 0.1' & ) ; done; sleep 0.5; grep -l '^State:.Z' /proc/[0-9]*/status 2>/dev/null | wc -l");
        Assert.Equal("0", zombies);
    }

    /// <summary>With and without: the program itself does not wait for anybody.</summary>
    [KernelTheory, AsCaller]
    public async Task Without_init_they_stay_zombies(Namespaces with)
    {
        foreach (bool init in (bool[])[true, false])
        {
            IsolationOptions options = Init(with);
            options.Init = init;
            options.StandardOutput = Redirection.Pipe;
            using var child = IsolatedProcess.Start("/bin/sh", ["-c", "(sleep 0.2 &) ; echo ready; exec sleep 1000"], options);
            Assert.Equal("ready", await child.StandardOutput.ReadLineAsync());
            await Proc.Until(() => Children(child.Id).All(static state => state != 'R') && Children(child.Id).Count(static state => state == 'Z') == (init ? 0 : 1), "reaping");
            await Task.Delay(300);
            Assert.Equal(init ? 0 : 1, Children(child.Id).Count(static state => state == 'Z'));
            child.Kill();
            await child.WaitForExitAsync();
        }

        static List<char> Children(int parent) => [.. Directory.EnumerateDirectories("/proc")
            .Select(static directory => Path.GetFileName(directory))
            .Where(static name => char.IsAsciiDigit(name[0]))
            .Select(static name => ProcFile.Read($"/proc/{name}/stat"))
            .OfType<string>()
            .Select(static stat => stat[(stat.LastIndexOf(')') + 2)..].Split(' '))
            .Where(fields => fields[1] == parent.ToString(System.Globalization.CultureInfo.InvariantCulture))
            .Select(static fields => fields[0][0])];
    }

    [KernelTheory, AsCaller]
    public void Every_signal_that_can_be_passed_on_is(Namespaces with)
    {
        foreach ((string name, int number) in ((string, int)[])[
            ("HUP", 1), ("INT", 2), ("QUIT", 3), ("USR1", 10), ("USR2", 12), ("TERM", 15), ("CONT", 18), ("WINCH", 28), ("RTMIN", 34)])
        {
            IsolationOptions options = Init(with);
            options.StandardOutput = Redirection.Pipe;
            using var child = IsolatedProcess.Start(
                "/bin/bash", ["-c", $"trap 'exit 77' {name}; echo ready; while :; do sleep 0.02; done"], options);
            Assert.Equal("ready", child.StandardOutput.ReadLine());
            child.Kill(number);
            Assert.Equal(77, child.WaitForExit().ExitCode);
        }
    }

    [KernelTheory, AsCaller]
    public void A_signal_at_once_is_not_lost(Namespaces with)
    {
        for (int i = 0; i < 20; i++)
        {
            IsolationOptions options = Init(with);
            options.Timeout = TimeSpan.FromSeconds(20);
            using var child = IsolatedProcess.Start("/bin/sleep", ["1000"], options);
            child.Kill(15);
            Assert.Equal(128 + 15, child.WaitForExit().ExitCode);
            Assert.False(child.TimedOut);
        }
    }

    [KernelTheory, AsCaller]
    public async Task When_the_program_ends_nothing_is_left(Namespaces with)
    {
        IsolationOptions options = Init(with);
        options.StandardOutput = Redirection.Pipe;
        using var child = IsolatedProcess.Start("/bin/sh", ["-c", "setsid sleep 1000 & (sleep 1000 &) ; echo ready; exit 3"], options);
        Assert.Equal("ready", await child.StandardOutput.ReadLineAsync());
        Assert.Equal(3, (await child.WaitForExitAsync()).ExitCode);

        // Those left behind held the pipe.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        Assert.Equal("", await child.StandardOutput.ReadToEndAsync(patience.Token));
    }

    [KernelTheory, AsCaller]
    public void The_programs_end_of_a_pipe_is_the_only_one(Namespaces with)
    {
        IsolationOptions options = Init(with);
        options.StandardOutput = Redirection.Pipe;
        options.StandardInput = Redirection.Pipe;
        using var child = IsolatedProcess.Start("/bin/sh", ["-c", "exec >&-; cat > /dev/null"], options);
        Assert.Null(child.StandardOutput.ReadLine()); // while the program lives
        Assert.False(child.HasExited);
        child.StandardInput.Dispose();
        Assert.Equal(0, child.WaitForExit().ExitCode);
    }

    [KernelTheory, AsCaller]
    public void The_program_gets_only_what_was_asked_for(Namespaces with)
    {
        using FileStream file = File.OpenRead("/etc/passwd");
        IsolationOptions options = Init(Mount | with);
        options.InheritedHandles.Add(file.SafeFileHandle);

        // 3 is inherited, 4 is ls's own directory.
        Assert.Equal("0 1 2 3 4", Shell.Output(options, "echo $(ls /proc/self/fd)"));
        Assert.Equal("", Shell.Output(options, "sleep 0.2; ls /proc/1/fd")); // init closes its own once the program runs
        string masks = Shell.Output(Init(Mount | with), "exec cat /proc/self/status");
        foreach (string mask in (string[])["SigBlk", "SigCgt"])
        {
            Assert.Contains($"{mask}:\t0000000000000000\n", masks, StringComparison.Ordinal);
        }
    }

    [KernelTheory, AsCaller]
    public void Arguments_and_environment_arrive_unchanged(Namespaces with)
    {
        IsolationOptions options = Init(with);
        options.Environment.Clear();
        options.Environment["A"] = "";
        options.Environment["B"] = "x y";
        Assert.Equal("A=\nB=x y", Shell.RunProgram(options, "/usr/bin/env").Output);
        Assert.Equal("[/usr/bin/printf][][a b]", "[/usr/bin/printf]" + Shell.RunProgram(options, "/usr/bin/printf", "[%s]", "", "a b").Output);
    }

    [KernelTheory, AsCaller]
    public void A_program_that_does_not_exist_fails_the_launch(Namespaces with)
    {
        var missing = Assert.Throws<LaunchException>(() => Shell.RunProgram(Init(with), "/nonexistent"));
        Assert.Equal("execve /nonexistent", missing.Step);
        Assert.Equal(Errno.ENOENT, missing.Errno);
        Assert.Equal("The file does not exist.", missing.Hint);
        Assert.Equal(Errno.EACCES, Assert.Throws<LaunchException>(() => Shell.RunProgram(Init(with), "/etc/passwd")).Errno);
    }

    [KernelTheory(Tools = BusyBoxRoot.Tool), AsCaller]
    public void It_goes_with_a_root_without_proc_limits_and_no_capabilities(Namespaces with)
    {
        using var root = new BusyBoxRoot();
        IsolationOptions options = root.Options(with);
        options.Init = true;
        options.MountProc = false;
        options.ReadOnlyRoot = true;
        options.Capabilities = [];
        options.NoNewPrivileges = true;
        options.ResourceLimits = new Dictionary<ResourceLimit, ResourceLimitValue> { [ResourceLimit.OpenFiles] = 16 };
        Assert.Equal("1 16", Shell.RunProgram(options, "sh", "-c", "echo $PPID $(ulimit -n)").Output);
        Assert.Contains("inside the root", Assert.Throws<LaunchException>(() => Shell.RunProgram(options, "dd")).Hint, StringComparison.Ordinal);
    }

    [KernelTheory, AsCaller]
    public void The_program_stays_in_the_callers_group_or_leads_a_session_of_its_own(Namespaces with)
    {
        // Process group and session of the program (2) and of init (1), as seen inside: 0 is one outside.
        const string ids = "sleep 0.2; awk '{print $5, $6}' /proc/1/stat; awk '{print $5, $6}' /proc/2/stat";
        Assert.Equal("1 0\n0 0", Shell.Output(Init(Mount | with), ids));
        IsolationOptions options = Init(Mount | with);
        options.NewSession = true;
        Assert.Equal("1 0\n2 2", Shell.Output(options, ids));
    }

    [KernelTheory, AsCaller]
    public void It_dies_with_its_parent(Namespaces with)
    {
        IsolationOptions options = Init(with);
        options.StandardOutput = Redirection.Pipe;
        IsolatedProcess? child = null;
        var launcher = new Thread(() => child = IsolatedProcess.StartHere("/bin/sleep", ["1000"], options));
        launcher.Start();
        launcher.Join();
        Assert.Equal("SIGKILL", child!.WaitForExit(TimeSpan.FromSeconds(20)).SignalName);
        Assert.Equal("", child.StandardOutput.ReadToEnd());
        child.Dispose();
    }

    [KernelFact]
    public void It_needs_a_PID_namespace_and_a_program()
    {
        Assert.Contains("needs Pid", Assert.Throws<ArgumentException>(static () => Shell.Run(new() { Init = true }, "true")).Message, StringComparison.Ordinal);
        Assert.Contains(
            "a managed body that is PID 1",
            Assert.Throws<ArgumentException>(static () => IsolatedMethods.TickCount(Init(User))).Message,
            StringComparison.Ordinal);
    }

    [KernelTheory, AsCaller]
    public void The_attribute_asks_for_it_as_well(Namespaces with)
        => Assert.Equal(128 + 10, InInit(["-c", "kill -USR1 $$"], new() { Namespaces = Pid | with }));

    [Isolated(Pid, Exec = "/bin/sh", Init = true)]
    private static partial int InInit(string[] arguments, IsolationOptions options);

    private static IsolationOptions Init(Namespaces with) => new() { Namespaces = Pid | with, Init = true };
}
