using System.Diagnostics;

namespace NsGen.Samples.Tests;

/// <summary>nsenter of the samples beside nsenter(1): the same target, the same options, the same outcome.</summary>
public sealed class NsenterTests
{
    [KernelTheory(Tools = "nsenter unshare")]
    [Callers(
        "--mount",
        "-mu",
        "-a",
        "--all",
        "-a -F",
        "-a -w",
        "-a --wd",
        "-a -r",
        "-a -W /usr",
        "-a --wdns=/usr",
        "-w/usr",
        "-u",
        "-i -n -C",
        "-T",
        "-p",
        "-p -m",
        "-U --preserve-credentials",
        "-U --preserve-credentials -m -u -i -n -C -T",
        "--all --preserve-credentials",
        "--all --preserve-credentials -w",
        "-u -S 5",
        "-u -S 5 -G 6",
        "-G six",
        "-x",
        "--wd=/nowhere",
        "--wdns=/nowhere")]
    public void Does_what_nsenter_does(Caller caller, string options)
    {
        string[] kinds = ["--mount", "--uts", "--ipc", "--net", "--cgroup", "--time", "--pid", "--fork", "--mount-proc"];
        if (caller == Caller.Self)
        {
            using var target = new Target(caller, kinds);
            Same(caller, target, options);
        }

        using var withUser = new Target(caller, ["--map-root-user", .. kinds]);
        Same(caller, withUser, options);
    }

    [KernelTheory(Requires.Root, Tools = "nsenter unshare")]
    [InlineData("--all")]
    [InlineData("--user --net")]
    [InlineData("--user --setuid 7 --setgid 0")]
    [InlineData("--user --uts --wd")]
    public void Becomes_root_in_a_user_namespace_as_nsenter_does(string options)
    {
        using var target = new Target(Caller.Self, "--map-root-user", "--uts", "--net", "--fork");
        Same(Caller.Self, target, options);
    }

    [KernelTheory(Requires.Root, Tools = "nsenter unshare")]
    [InlineData("--uts={uts}")]
    [InlineData("-u{uts} -n{net}")]
    [InlineData("--net={net} --uts={uts} --mount={mnt}")]
    [InlineData("--target {pid} --uts --net={net}")]
    [InlineData("--target {pid} --all --uts={own}")]
    [InlineData("--net={uts}")]
    [InlineData("--net=/no/such/file")]
    [InlineData("--net=/etc/passwd")]
    public void Enters_by_file_as_nsenter_does(string options)
    {
        using var target = new Target(Caller.Self, "--mount", "--uts", "--net", "--fork");
        string directory = $"/proc/{target.Id}/ns";
        string filled = options.Replace("{uts}", $"{directory}/uts").Replace("{net}", $"{directory}/net").Replace("{mnt}", $"{directory}/mnt")
            .Replace("{pid}", $"{target.Id}").Replace("{own}", "/proc/self/ns/uts");
        Compared.Same(Caller.Self, "nsenter", "nsenter", [.. Words(filled), "/bin/sh", "-c", Compared.Facts]);
    }

    [KernelTheory(Tools = "nsenter")]
    [Callers("-t 999999999 -u", "-t x -u", "--uts", "--all", "--target", "-t 0 -u", "-t -1 -u", "-t 1 -U")]
    public void Refuses_what_nsenter_refuses(Caller caller, string options)
        => Compared.Same(caller, "nsenter", "nsenter", [.. Words(options), "/bin/true"]);

    [KernelTheory(Tools = "nsenter unshare")]
    [Callers("true", "exit 7", "kill -TERM $$", "kill -KILL $$", "kill -SEGV $$")]
    public void Ends_as_the_program_does(Caller caller, string script)
    {
        using var target = new Target(caller, "--map-root-user", "--uts", "--pid", "--fork");
        string[] options = ["-t", target.Id, "-U", "--preserve-credentials", "-u"];
        Compared.Same(caller, "nsenter", "nsenter", [.. options, "/bin/sh", "-c", script]);
        Compared.Same(caller, "nsenter", "nsenter", [.. options, "-p", "/bin/sh", "-c", script]);
    }

    [KernelTheory(Tools = "nsenter unshare")]
    [Callers("no-such-program", "/no/such/program", "/etc/passwd")]
    public void Tells_a_program_that_cannot_be_run_as_nsenter_does(Caller caller, string program)
    {
        using var target = new Target(caller, "--map-root-user", "--uts", "--fork");
        Compared.Same(caller, "nsenter", "nsenter", "-t", target.Id, "-U", "--preserve-credentials", "-u", program);
    }

    [KernelFact(Requires.Root, Tools = "unshare")]
    public void Enters_the_parent_of_a_user_namespace()
    {
        using var inner = new Target(Caller.Self, "--map-root-user", "--fork", Requirements.FindTool("unshare")!, "--user");
        string around = Sample.Output(Caller.Self, "nsenter", "-t", inner.Id, "--user-parent", "readlink", "/proc/self/ns/user");
        Assert.NotEqual(Proc.Target($"/proc/{inner.Id}/ns/user"), around);
        Assert.NotEqual(Proc.Target("/proc/self/ns/user"), around);
        Assert.Equal(Proc.Target($"/proc/{inner.Parent}/ns/user"), around);
    }

    [KernelFact(Tools = "nsenter")]
    public void Help_mentions_each_option_of_nsenter()
    {
        string[] ours = Compared.OptionsOf(Sample.Output(Caller.Self, "nsenter", "--help"));
        string[] theirs = Compared.OptionsOf(Sample.RunProgram(Caller.Self, Compared.Tool("nsenter"), "--help").Output);
        Assert.Contains("--preserve-credentials", theirs);
        Assert.Empty(theirs.Except(ours).Except(["-Z", "--follow-context"])); // there is no SELinux in NsGen
    }

    [KernelTheory]
    [Callers]
    public void Does_what_its_readme_shows(Caller caller)
    {
        using var target = new Target(caller, "--map-root-user", "--uts", "--fork", "/bin/sh", "-c", "hostname inside; exec \"$@\"", "sh");
        Transcript.Check(caller, "nsenter", ("target", target.Id));
    }

    /// <summary>
    /// Whoever may not drop its groups has to keep its credentials with nsenter(1), which refuses to go on otherwise; ours goes on, as nothing can be done
    /// about the groups.
    /// </summary>
    private static void Same(Caller caller, Target target, string options)
    {
        string[] preserve = caller == Caller.Nobody ? ["--preserve-credentials"] : [];
        Compared.Same(caller, "nsenter", "nsenter", ["-t", target.Id, .. preserve, .. Words(options), "/bin/sh", "-c", Compared.Facts]);
    }

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>A process to enter, in the caller's hands, made by unshare(1) with --fork.</summary>
    private sealed class Target : IDisposable
    {
        private readonly Process _unshare;

        public Target(Caller caller, params string[] options)
        {
            // Not in "/", so that a working directory can be told from none.
            ProcessStartInfo start = Sample.As(caller, "unshare", [.. options, "/bin/sh", "-c", "cd /tmp; echo ready; read line; exit 0"]);
            start.RedirectStandardInput = true;
            start.RedirectStandardOutput = true;
            _unshare = Process.Start(start)!;
            if (_unshare.StandardOutput.ReadLine() != "ready")
            {
                throw new SkippedException($"unshare {string.Join(' ', options)} does not run here");
            }

            Id = File.ReadAllText($"/proc/{_unshare.Id}/task/{_unshare.Id}/children").Trim();
        }

        public string Id { get; }

        public int Parent => _unshare.Id;

        public void Dispose()
        {
            _unshare.StandardInput.Close();
            _unshare.WaitForExit();
            _unshare.Dispose();
        }
    }
}
