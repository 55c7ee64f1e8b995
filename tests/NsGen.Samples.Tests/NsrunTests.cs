namespace NsGen.Samples.Tests;

/// <summary>nsrun beside unshare(1): the same options, the same outcome.</summary>
public sealed class NsrunTests
{
    [KernelTheory(Tools = "unshare")]
    [Callers(
        "",
        "--mount",
        "--uts",
        "--ipc",
        "--net",
        "--pid --fork",
        "--cgroup",
        "--time",
        "--fork",
        "--kill-child",
        "-fp --kill-child=TERM",
        "--user",
        "-r",
        "-c",
        "--map-root-user --mount --uts --ipc --net --cgroup --time --pid --fork",
        "-rmuinCTpf",
        "-rpf --mount-proc",
        "-rpf --mount-proc=/proc",
        "--mount-proc",
        "--map-user=5",
        "--map-group=6",
        "--map-user=5 --map-group=6",
        "--map-user daemon --map-group daemon",
        "--map-user=5 --map-user=7",
        "-c --keep-caps",
        "--map-user=5 --keep-caps",
        "-r --keep-caps",
        "--map-user=nobody-of-this-name",
        "-U --setgroups=deny",
        "-r --setgroups allow",
        "-r -S 0 -w /usr",
        "-S 5",
        "-G 6",
        "-S 5 -G 6",
        "-S five",
        "-m --propagation slave",
        "-m --propagation shared",
        "-m --propagation unchanged",
        "-rm --propagation private",
        "-m --propagation sideways",
        "-rT --monotonic 1000 --boottime=2000",
        "--boottime 1000",
        "-r --mount-proc",
        "-w/usr",
        "--wd /nowhere",
        "-rR /nowhere",
        "--no-such-option",
        "--uts --no-such-option",
        "-y",
        "--fork=please",
        "--root")]
    public void Does_what_unshare_does(Caller caller, string options)
        => Compared.Same(caller, "nsrun", "unshare", [.. Words(options), "/bin/sh", "-c", Compared.Facts]);

    [KernelTheory(Tools = "unshare")]
    [Callers("true", "false", "exit 7", "kill -TERM $$", "kill -KILL $$", "kill -INT $$", "kill -USR1 $$", "kill -SEGV $$", "exit 255")]
    public void Ends_as_the_program_does(Caller caller, string script)
    {
        Compared.Same(caller, "nsrun", "unshare", "/bin/sh", "-c", script);
        Compared.Same(caller, "nsrun", "unshare", "-r", "--uts", "/bin/sh", "-c", script);
        Compared.Same(caller, "nsrun", "unshare", "-rpf", "/bin/sh", "-c", "/bin/sh -c \"$0\"; exit $?", script); // PID 1 cannot kill itself
    }

    [KernelTheory(Tools = "unshare")]
    [Callers("no-such-program", "/no/such/program", "/etc/passwd", "/etc/passwd/x", "/", "./no-such-program")]
    public void Tells_a_program_that_cannot_be_run_as_unshare_does(Caller caller, string program)
        => Compared.Same(caller, "nsrun", "unshare", "-r", program);

    [KernelTheory(Tools = "unshare")]
    [Callers("echo -u -p $0", "echo --help", "echo -- x", "echo @nothing [x", "-- echo -u", "pwd")]
    public void Leaves_the_programs_own_arguments_alone(Caller caller, string words)
        => Compared.Same(caller, "nsrun", "unshare", ["-r", .. Words(words)]);

    [KernelTheory(Tools = "unshare")]
    [Callers("exit 3", "#!/bin/sh\nexit 4", "#!/no/such/interpreter\nexit 5")]
    public void Runs_scripts_as_unshare_does(Caller caller, string content)
    {
        using var directory = new TemporaryDirectory();
        string script = directory.Write("script", content, executable: true);
        Compared.Same(caller, "nsrun", "unshare", "-r", script);
    }

    [KernelTheory(Requires.Root, Tools = "unshare newuidmap")]
    [Callers(
        "--map-auto",
        "--map-auto -r",
        "--map-auto -c",
        "--map-auto --map-user=5 --map-group=5",
        "--map-auto --map-user=70000 --map-group=70000",
        "--map-users=auto",
        "--map-users=300000,0,10 --map-groups=300000,0,10",
        "--map-users=300000,100,10 --map-user=50 --map-group=0",
        "--map-users=300000,0,10 --map-groups=300000,0,10 -S 5 -G 6",
        "--map-users=300000,0,x")]
    public void Maps_ranges_as_unshare_does(Caller caller, string options)
    {
        string[] arguments = [.. Words(options), "/bin/sh", "-c", Compared.Facts];
        using SampleCopy copy = new(Caller.Nobody, "nsrun");
        Compared.Same(WithSubordinateIds(caller, "unshare", arguments), WithSubordinateIds(caller, copy.Program, arguments), options);
    }

    [KernelTheory(Requires.Root, Tools = "newuidmap")]
    [Callers("deny", "allow")]
    public void Gives_setgroups_up_with_ranges_too(Caller caller, string setGroups)
    {
        // unshare(1) writes "deny" too late (EPERM).
        using SampleCopy copy = new(Caller.Nobody, "nsrun");
        string[] arguments = ["-r", "--map-auto", "--setgroups", setGroups, "cat", "/proc/self/setgroups"];
        Assert.Equal(setGroups, WithSubordinateIds(caller, copy.Program, arguments).Output);
    }

    /// <summary>newuidmap(1) reads the machine's own files, so it is given others in a mount namespace.</summary>
    private static Finished WithSubordinateIds(Caller caller, string program, params string[] arguments)
    {
        using var directory = new TemporaryDirectory();
        string ranges = directory.Write("subid", "root:100000:65536\nroot:300000:10\nnobody:200000:65536\nnobody:300000:10\n");
        return Shell.RunProgram(
            new IsolationOptions
            {
                Namespaces = Mount,
                Mounts = [MountEntry.BindReadOnly(ranges, "/etc/subuid"), MountEntry.BindReadOnly(ranges, "/etc/subgid")],
                UserId = caller == Caller.Nobody ? 65534u : null,
                GroupId = caller == Caller.Nobody ? 65534u : null,
            },
            program,
            arguments);
    }

    [KernelTheory]
    [Callers]
    public void Has_options_of_its_own(Caller caller)
    {
        Assert.Equal("container", Sample.Output(caller, "nsrun", "-r", "--hostname", "container", "uname", "-n"));
        Assert.Equal("sh", Sample.Output(caller, "nsrun", "-r", "--init", "--mount-proc", "sh", "-c", "[ $$ = 2 ] && cat /proc/2/comm; exit $?"));
        Assert.Contains("127.0.0.1", Sample.Output(caller, "nsrun", "-rn", "--loopback", "cat", "/proc/net/fib_trie"), StringComparison.Ordinal);
        Assert.DoesNotContain("127.0.0.1", Sample.Output(caller, "nsrun", "-rn", "cat", "/proc/net/fib_trie"), StringComparison.Ordinal);
        Assert.Equal("/bin", Sample.Output(caller, "nsrun", "-r", "--root=/usr", "--wd=/bin", "/bin/pwd"));
    }

    [KernelFact(Requires.Root, Tools = "nsenter umount")]
    public void Pins_namespaces_before_the_program_runs()
    {
        using var directory = new TemporaryDirectory();
        string made = Path.Combine(directory.Path, "uts");
        string found = directory.Write("net", "");
        try
        {
            // A short program: it would be gone before anybody could look at its namespaces.
            Assert.Equal("", Sample.Output(Caller.Self, "nsrun", $"--uts={made}", $"--net={found}", "--hostname", "pinned", "true"));
            Finished entered = Sample.RunProgram(Caller.Self, Compared.Tool("nsenter"), $"--uts={made}", $"--net={found}", "uname", "-n");
            Assert.Equal("pinned", entered.Output + entered.Error);

            Finished again = Sample.Run(Caller.Self, "nsrun", $"--uts={made}", "echo", "not run");
            Assert.Equal((1, ""), (again.Status.ExitCode, again.Output));
            Assert.Contains(made, again.Error, StringComparison.Ordinal);
        }
        finally
        {
            Sample.RunProgram(Caller.Self, "umount", made, found);
        }
    }

    [KernelFact(Tools = "unshare")]
    public void Help_mentions_each_option_of_unshare()
    {
        string[] ours = Compared.OptionsOf(Sample.Output(Caller.Self, "nsrun", "--help"));
        string[] theirs = Compared.OptionsOf(Sample.RunProgram(Caller.Self, "unshare", "--help").Output);
        Assert.Contains("--mount-proc", theirs);
        Assert.Empty(theirs.Except(ours));
    }

    [KernelTheory]
    [Callers]
    public void Does_what_its_readme_shows(Caller caller) => Transcript.Check(caller, "nsrun");

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
