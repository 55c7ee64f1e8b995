namespace NsGen.Tests;

/// <summary>What the kernel refuses to whoever lacks privilege. Root runs these in a child that became nobody.</summary>
public sealed class PrivilegeErrorTests
{
    public static TheoryData<Namespaces, string> Flags => new()
    {
        { Uts, "CLONE_NEWUTS" }, { Ipc, "CLONE_NEWIPC" }, { Pid, "CLONE_NEWPID" }, { Net, "CLONE_NEWNET" }, { Mount, "CLONE_NEWNS" }, { Cgroup, "CLONE_NEWCGROUP" },
    };

    [KernelTheory(Requires.Nothing), MemberData(nameof(Flags))]
    public void Without_User_the_error_names_the_capability_and_the_way_out(Namespaces kind, string flag)
    {
        string error = AsNobody("fail", $"{kind}", "/bin/true");
        Assert.StartsWith($"clone({flag})|EPERM|", error, StringComparison.Ordinal);
        Assert.Contains("CAP_SYS_ADMIN", error, StringComparison.Ordinal);
        Assert.Contains("Namespaces.User", error, StringComparison.Ordinal);
    }

    [KernelFact(Requires.TimeNamespaces)]
    public void A_time_namespace_fails_with_a_step_of_its_own()
    {
        string error = AsNobody("fail", "Time", "/bin/true");
        Assert.StartsWith("unshare(CLONE_NEWTIME)|EPERM|", error, StringComparison.Ordinal);
        Assert.Contains("CAP_SYS_ADMIN", error, StringComparison.Ordinal);
    }

    [KernelFact(Requires.UserNamespaces)]
    public void With_User_the_same_caller_succeeds()
        => Assert.Equal("started", AsNobody("fail", "Uts, User", "/bin/true"));

    [KernelFact]
    public void A_managed_body_says_the_same()
    {
        string error = AsNobody("fail-body");
        Assert.StartsWith("clone(CLONE_NEWPID|CLONE_NEWUTS)|EPERM|", error, StringComparison.Ordinal);
        Assert.Contains("Namespaces.User", error, StringComparison.Ordinal);
    }

    [KernelFact]
    public void The_guide_quotes_what_is_said()
    {
        string[] error = AsNobody("fail", "Mount, Pid", "/bin/true").Split("|EPERM|");
        using var guide = new StreamReader(typeof(PrivilegeErrorTests).Assembly.GetManifestResourceStream("errors.md")!);
        string quote = string.Join(' ', guide.ReadToEnd().Split('\n').Where(static line => line.StartsWith("> ", StringComparison.Ordinal)).Select(static line => line[2..]));
        Assert.Equal(quote, $"{error[0]} was refused. {error[1]}");
    }

    /// <summary>mount_too_revealing() in fs/namespace.c, as in a container that masks what Docker masks.</summary>
    [KernelFact(Requires.UserNamespaces)]
    public void A_masked_proc_is_named_as_the_readme_quotes_it()
    {
        using var copy = new TestAppCopy(needed: Requirements.IsRoot);
        var outer = new IsolationOptions { Namespaces = User | Mount | Pid };
        string[] error = Shell.Output(
            outer,
            $"for masked in interrupts keys timer_list; do mount --bind /dev/null /proc/$masked; done; exec {DotNetCli.Path} {copy.Dll} fail 'Mount, Pid, User' /bin/true").Split("|EPERM|");
        using var readme = new StreamReader(typeof(PrivilegeErrorTests).Assembly.GetManifestResourceStream("README.md")!);
        string quote = string.Join(' ', readme.ReadToEnd().Split('\n').Where(static line => line.StartsWith("> ", StringComparison.Ordinal)).Select(static line => line[2..]));
        Assert.Equal(quote, $"{error[0]}: Operation not permitted (EPERM). {error[1]}");
    }

    [KernelFact]
    public void Becoming_another_user_needs_privilege()
    {
        string error = AsNobody("fail-user");
        Assert.StartsWith("setresuid 12345|EPERM|", error, StringComparison.Ordinal);
        Assert.Contains("CAP_SETUID", error, StringComparison.Ordinal);
    }

    private static string AsNobody(params string[] command)
    {
        var options = new IsolationOptions();
        if (Requirements.IsRoot)
        {
            options.UserId = 65534;
            options.GroupId = 65534;
        }

        using var copy = new TestAppCopy(needed: Requirements.IsRoot);
        Finished app = Shell.RunProgram(options, DotNetCli.Path, [copy.Dll, .. command]);
        Assert.True(app.Status.IsSuccess, app.Error);
        return app.Output;
    }
}
