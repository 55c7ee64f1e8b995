namespace NsGen.Tests;

public sealed partial class JoinTests
{
    public static TheoryData<Namespaces> Kinds => new(Uts, Ipc, Net, Cgroup, Mount | Pid, Pid, Uts | Net | Ipc, Uts | Ipc | Net | Cgroup | Mount | Pid);

    [KernelTheory, MemberData(nameof(Kinds))]
    public void A_program_is_in_exactly_the_namespaces_it_joins(Namespaces joined)
    {
        using var target = new Target(All & ~Time & ~User);
        using IsolatedProcess child = IsolatedProcess.Start("/bin/sleep", ["100"], new() { Join = joined | target.User, Target = target.Value });

        Assert.Equal(joined | target.User, Proc.Difference(Environment.ProcessId, child.Id));
        Assert.Equal((All & ~Time & ~joined) & ~(Requirements.IsRoot ? User : 0) & ~target.User, Proc.Difference(target.Process.Id, child.Id));
        child.Kill();
        child.WaitForExit();
    }

    [KernelFact(Requires.Isolation | Requires.TimeNamespaces)]
    public void A_time_namespace_is_joined_though_it_refuses_shared_memory()
    {
        using var target = new Target(Time, new() { BoottimeOffsetSeconds = 100_000 });

        string uptime = Shell.Output(new() { Join = Time | target.User, Target = target.Value }, "cut -d. -f1 /proc/uptime");

        Assert.InRange(long.Parse(uptime, System.Globalization.CultureInfo.InvariantCulture) - Environment.TickCount64 / 1000, 99_000, 101_000);
    }

    [KernelFact(Requires.Isolation)]
    public void In_a_joined_PID_namespace_the_child_is_born_inside()
    {
        using var target = new Target(Pid | Mount);

        string ids = Shell.Output(new() { Join = Pid | Mount | target.User, Target = target.Value }, "echo $PPID; readlink /proc/self");

        Assert.StartsWith("0\n", ids, StringComparison.Ordinal);
        Assert.InRange(int.Parse(ids.Split('\n')[1], System.Globalization.CultureInfo.InvariantCulture), 2, 1000);
    }

    [KernelFact(Requires.Isolation)]
    public void Joining_and_creating_go_together()
    {
        using var target = new Target(Net);
        using IsolatedProcess child = IsolatedProcess.Start(
            "/bin/sleep", ["100"], new() { Namespaces = Uts | Pid, HostName = "mine", Join = Net | target.User, Target = target.Value });

        Assert.Equal(Proc.Link(target.Process.Id, Net), Proc.Link(child.Id, Net));
        Assert.Equal(Uts | Pid | (Requirements.IsRoot ? 0 : User) | Net, Proc.Difference(Environment.ProcessId, child.Id));
        child.Kill();
        child.WaitForExit();
    }

    [KernelFact(Requires.Isolation)]
    public void A_body_runs_in_the_targets_namespaces()
    {
        using var target = new Target(Uts, new() { HostName = "target" });

        Assert.Equal("asked: target", Ask(target.Value, "asked: ", new() { Join = Uts | target.User }));
    }

    [KernelTheory(Requires.Root | Requires.UserNamespaces, Tools = "unshare")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task This_process_keeps_its_rights_to_its_own_proc(bool preserve)
    {
        // setns(user) in the child changes credentials in memory that is this process's too. Capabilities in a namespace that another user has
        // made are none that root had before (cred_cap_issubset in kernel/cred.c).
        using IsolatedProcess other = IsolatedProcess.Start(
            Requirements.FindTool("unshare")!, ["--user", "--map-root-user", "sleep", "1000"], new() { UserId = 65534, GroupId = 65534 });
        await Proc.Until(
            () => Proc.Link(other.Id, User) != Proc.Link(Environment.ProcessId, User)
                && File.ReadAllText($"/proc/{other.Id}/uid_map").Contains("65534", StringComparison.Ordinal),
            "unshare(1) has made its namespace and mapped its ids");
        using var target = NamespaceTarget.FromProcess(other);
        using var child = IsolatedProcess.Start("/bin/true", [], new() { Join = User, Target = target, PreserveCredentials = preserve });
        child.WaitForExit();
        other.Kill();
        other.WaitForExit();

        Assert.NotEmpty(File.ReadAllText("/proc/self/environ"));
        Assert.Equal(1, Native.LibC.Prctl(Native.LibC.PR_GET_DUMPABLE));
    }

    [KernelFact(Requires.Isolation)]
    public void A_target_that_has_ended_is_a_clear_error()
    {
        var target = new Target(Net);
        NamespaceTarget dead = target.Value;
        target.Process.Kill();
        target.Process.WaitForExit();

        LaunchException e = Assert.Throws<LaunchException>(() => Shell.Output(new() { Join = Net, Target = dead }, "true"));
        Assert.Equal("ESRCH", e.ErrnoName);
        Assert.Contains("ended", e.Hint, StringComparison.Ordinal);
        Assert.Throws<NamespaceException>(() => NamespaceTarget.FromProcess(target.Process));
        dead.Dispose();
    }

    [KernelFact]
    public void The_callers_own_user_namespace_is_refused_beforehand()
    {
        using var self = NamespaceTarget.FromProcess(Environment.ProcessId);

        ArgumentException e = Assert.Throws<ArgumentException>(() => Shell.Output(new() { Join = User, Target = self }, "true"));
        Assert.Contains("own user namespace", e.Message, StringComparison.Ordinal);
    }

    [KernelFact(Requires.Unprivileged)]
    public void Without_privilege_another_users_namespaces_are_refused_and_the_error_says_why()
    {
        using var init = NamespaceTarget.FromProcess(1);

        LaunchException e = Assert.Throws<LaunchException>(() => Shell.Output(new() { Join = Net, Target = init }, "true"));
        Assert.Equal("EPERM", e.ErrnoName);
        Assert.Contains("CAP_SYS_ADMIN", e.Hint, StringComparison.Ordinal);
    }

    [KernelFact]
    public void Options_that_contradict_each_other_are_refused()
    {
        using var self = NamespaceTarget.FromProcess(Environment.ProcessId);

        Assert.Contains("whose", Refused(new() { Join = Net }), StringComparison.Ordinal);
        Assert.Contains("both created and joined", Refused(new() { Join = Net, Namespaces = Net, Target = self }), StringComparison.Ordinal);
        Assert.Contains("names none", Refused(new() { Target = self }), StringComparison.Ordinal);

        static string Refused(IsolationOptions options) => Assert.Throws<ArgumentException>(() => Shell.Output(options, "true")).Message;
    }

    [Isolated]
    private static partial string Ask(NamespaceTarget target, string question, IsolationOptions options);

    private static string AskCore(string question) => question + File.ReadAllText("/proc/sys/kernel/hostname").Trim();
}
