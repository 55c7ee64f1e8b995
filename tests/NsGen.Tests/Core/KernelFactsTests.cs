namespace NsGen.Tests;

/// <summary>Facts of docs/design.md that the code relies on: where a kernel differs, this is where it shows.</summary>
public sealed class KernelFactsTests
{
    private static readonly Lazy<Dictionary<string, string>> s_facts = new(Ask);

    [KernelTheory(Requires.Isolation | Requires.TimeNamespaces)]
    [InlineData("clone(NEWTIME|SIGCHLD)", "succeeds, same time namespace")] // 0x80 is part of the exit signal
    [InlineData("clone with no stack", "EINVAL")]
    [InlineData("unshare(NEWUSER)", "EINVAL")] // a process with threads stays in its user namespace
    [InlineData("setns(user)", "EINVAL")]
    [InlineData("setns(time)", "EUSERS")]
    [InlineData("setns(mnt)", "EINVAL")] // threads share root and working directory …
    [InlineData("unshare(FS)", "ok")]
    [InlineData("setns(mnt) after unshare(FS)", "ok")] // … until one stops sharing them
    [InlineData("setns(uts)", "ok")]
    [InlineData("setns(ipc)", "ok")]
    [InlineData("setns(net)", "ok")]
    [InlineData("setns(cgroup)", "ok")]
    [InlineData("unshare(NEWPID)", "ok")]
    [InlineData("unshare(NEWPID) moves the caller", "no")]
    public void In_a_process_with_threads(string fact, string result) => Assert.Equal(result, s_facts.Value[fact]);

    [KernelFact(Requires.Root)]
    public void A_change_of_user_in_a_child_that_shares_memory_marks_the_parent_as_not_dumpable()
        => Assert.Equal("dumpable 1, then 0", TestApp.Output("dumpable"));

    [KernelFact(Requires.Root | Requires.UserNamespaces, Tools = "setpriv")]
    public void Children_that_write_their_id_maps_do_not_meet_that_mark()
    {
        using var copy = new TestAppCopy(needed: true);
        string[] mayChangeUser = ["--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=+setuid,+setgid", "--ambient-caps=+setuid,+setgid"];
        Finished app = TestApp.Run(new("setpriv", [.. mayChangeUser, DotNetCli.Path, copy.Dll, "dumpable-beside"]));

        Assert.True(app.Status.IsSuccess, $"{app.Output}\n{app.Error}");
    }

    [KernelFact]
    public void An_ordinary_process_is_dumpable() => Assert.Equal(1, Native.LibC.Prctl(Native.LibC.PR_GET_DUMPABLE));

    private static Dictionary<string, string> Ask()
    {
        // Root inside a user namespace: the test app may try everything, and touches nobody.
        Finished app = Shell.RunProgram(new() { Namespaces = User }, DotNetCli.Path, TestApp.Dll, "facts");
        Assert.True(app.Status.IsSuccess, app.Error);
        return app.Output.Split('\n').Select(static line => line.Split(": ", 2)).ToDictionary(static parts => parts[0], static parts => parts[1]);
    }
}
