namespace NsGen.Tests;

/// <summary>Limits that are reached. Each is set in a test app of its own, or in its own user namespace, so that nobody else meets it.</summary>
public sealed class LimitErrorTests
{
    [KernelTheory(Requires.UserNamespaces)]
    [InlineData("max_uts_namespaces", "Uts", "clone(CLONE_NEWUTS)")]
    [InlineData("max_pid_namespaces", "Pid", "clone(CLONE_NEWPID)")]
    [InlineData("max_net_namespaces", "Uts, Net", "clone(CLONE_NEWNET|CLONE_NEWUTS)")]
    [InlineData("max_time_namespaces", "Time", "unshare(CLONE_NEWTIME)")]
    public void A_sysctl_that_allows_no_more_namespaces_is_named(string limit, string namespaces, string step)
    {
        // In a user namespace of its own the caller may lower its own limits, and they hold nobody else.
        string command = $"echo 0 > /proc/sys/user/{limit} && exec \"$0\" \"$1\" fail '{namespaces}' /bin/true";
        Finished app = Shell.RunProgram(new() { Namespaces = User }, "/bin/sh", "-c", command, DotNetCli.Path, TestApp.Dll);
        Assert.True(app.Status.IsSuccess, app.Error);
        Assert.StartsWith($"{step}|ENOSPC|", app.Output, StringComparison.Ordinal);
        Assert.Contains($"sysctl user.{limit} is 0", app.Output, StringComparison.Ordinal);
    }

    [KernelFact(Requires.UserNamespaces)]
    public void The_limit_outside_is_as_before()
        => Assert.NotEqual("0", File.ReadAllText("/proc/sys/user/max_uts_namespaces").Trim());

    /// <summary>Warm: the runtime's threads exist, clone fails. Cold: not even they can be made.</summary>
    [KernelTheory(Requires.UserNamespaces)]
    [InlineData("warm", "clone|EAGAIN|")]
    [InlineData("cold", "start the thread \"NsGen")]
    public void RLIMIT_NPROC_is_named(string start, string expected)
    {
        // The limit counts the processes of a user, in the newest user namespace by itself; root and CAP_SYS_RESOURCE outside are exempt.
        using var copy = new TestAppCopy(needed: Requirements.IsRoot);
        var options = new IsolationOptions();
        if (Requirements.IsRoot)
        {
            options.UserId = 45678; // nobody else's
            options.GroupId = 45678;
        }

        Finished app = Shell.RunProgram(options, DotNetCli.Path, copy.Dll, "fail-nproc", start);
        Assert.True(app.Status.IsSuccess, app.Error);
        Assert.StartsWith(expected, app.Output, StringComparison.Ordinal);
        Assert.Contains("EAGAIN", app.Output, StringComparison.Ordinal);
        Assert.Contains("RLIMIT_NPROC", app.Output, StringComparison.Ordinal);
        Assert.EndsWith("then it starts", app.Output, StringComparison.Ordinal);
    }

    /// <summary>Whatever number of descriptors is left, the launch succeeds or says EMFILE, and leaks nothing.</summary>
    [KernelFact]
    public void EMFILE_at_any_point_is_an_error_and_no_leak()
    {
        string output = TestApp.Output("fail-emfile");
        Assert.Contains("EMFILE", output, StringComparison.Ordinal);
        Assert.Contains("RLIMIT_NOFILE", output, StringComparison.Ordinal);
        Assert.EndsWith("no leak", output, StringComparison.Ordinal);
    }

    [KernelFact(Requires.UserNamespaces, Tools = "unshare")]
    public void Nesting_too_deep_is_an_error_with_a_hint()
    {
        // 32 user namespaces inside one another is the kernel's limit, fewer where the tests run in one already; unshare(1) executes the
        // next in its own place, so that all of this is one process.
        for (int depth = 36; depth > 24; depth--)
        {
            IEnumerable<string> levels = Enumerable.Repeat<string[]>(["unshare", "-Ur"], depth).SelectMany(static level => level);
            Finished app = TestApp.Run(new("/usr/bin/env", [.. levels, DotNetCli.Path, TestApp.Dll, "fail", "User", "/bin/true"]));
            if (app.Status.IsSuccess)
            {
                Assert.StartsWith("clone(CLONE_NEWUSER)|", app.Output, StringComparison.Ordinal);
                Assert.Contains("nested 32 deep", app.Output, StringComparison.Ordinal);
                return;
            }
        }

        throw new SkippedException("unshare(1) does not nest here");
    }
}
