using NsGen.Launch;

namespace NsGen.Tests;

/// <summary>The table of refused flag sets against the running kernel, over all 2^14 combinations of the flags that interact.</summary>
public sealed class CloneFlagRulesTests
{
    [KernelFact(Requires.Isolation)]
    public void The_kernel_refuses_exactly_what_the_table_says()
        => Assert.EndsWith(" 0 wrong", Compare(-1), StringComparison.Ordinal);

    public static TheoryData<int> EachRule => [.. Enumerable.Range(0, CloneFlagRules.Clone.Length)];

    [KernelTheory(Requires.Isolation), MemberData(nameof(EachRule))]
    public void Each_rule_is_needed(int rule)
        => Assert.DoesNotContain(" 0 wrong", Compare(rule), StringComparison.Ordinal);

    [Fact]
    public void No_combination_of_namespaces_is_refused()
    {
        for (int bits = 0; bits <= 0xFF; bits++)
        {
            Namespaces namespaces = Proc.Links.Keys.Where((_, i) => (bits & (1 << i)) != 0).Aggregate(None, static (sum, kind) => sum | kind);
            Assert.False(CloneFlagRules.TryFindRefusal((ulong)(uint)namespaces, out _), $"{namespaces}");
        }
    }

    [Fact]
    public void The_enum_has_the_kernels_values()
    {
        Assert.Equal(CloneFlagRules.NamespaceMask, (ulong)(uint)All);
        Assert.Equal(
            (CloneFlagRules.NewTime, CloneFlagRules.NewNs, CloneFlagRules.NewCgroup, CloneFlagRules.NewUts, CloneFlagRules.NewIpc, CloneFlagRules.NewUser, CloneFlagRules.NewPid, CloneFlagRules.NewNet),
            ((ulong)Time, (ulong)Mount, (ulong)Cgroup, (ulong)Uts, (ulong)Ipc, (ulong)User, (ulong)Pid, (ulong)Net));
    }

    private static string Compare(int forget)
    {
        if (Environment.OSVersion.Version < new Version(6, 9))
        {
            throw new SkippedException("before Linux 6.9 CLONE_PIDFD is refused together with CLONE_THREAD");
        }

        // In a user namespace every caller is root: an EPERM would hide the EINVAL behind it.
        Finished app = Shell.RunProgram(
            new() { Namespaces = Requirements.IsRoot ? None : User }, DotNetCli.Path, TestApp.Dll, "clone-flags", $"{forget}");
        Assert.True(app.Status.IsSuccess, app.Error);
        return app.Output;
    }
}
