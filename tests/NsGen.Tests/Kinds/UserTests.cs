using NsGen.Native;

namespace NsGen.Tests;

public sealed class UserTests
{
    private static readonly uint s_user = LibC.GetEffectiveUserId();
    private static readonly uint s_group = LibC.GetEffectiveGroupId();

    [KernelFact(Requires.UserNamespaces)]
    public void The_caller_becomes_root_inside_by_default()
    {
        Assert.Equal("0 0", Shell.In(User, "echo $(id -u) $(id -g)"));
        Assert.Equal($"0 {s_user} 1", Fields(Shell.In(User, "cat /proc/self/uid_map")));
        Assert.Equal($"0 {s_group} 1", Fields(Shell.In(User, "cat /proc/self/gid_map")));
    }

    [KernelFact(Requires.Isolation)]
    public void UserIfNeeded_adds_it_for_those_who_need_it()
    {
        using IsolatedProcess child = Shell.StartWaiting(new() { Namespaces = Uts, HostName = "box", UserIfNeeded = true });
        Assert.Equal(Requirements.IsRoot ? Uts : Uts | User, Proc.Difference(Environment.ProcessId, child.Id));
        child.Kill();
        using IsolatedProcess plain = Shell.StartWaiting(new() { UserIfNeeded = true });
        Assert.Equal(None, Proc.Difference(Environment.ProcessId, plain.Id));
        plain.Kill();
    }

    [KernelFact(Requires.UserNamespaces)]
    public void UserIfNeeded_adds_none_to_one_that_is_joined()
    {
        using IsolatedProcess other = Shell.StartWaiting(new() { Namespaces = User });
        using var target = NamespaceTarget.FromProcess(other);
        var options = new IsolationOptions { Namespaces = Uts, Join = User, Target = target, UserIfNeeded = true };
        Assert.Equal(Proc.Link(other.Id, User), Shell.Output(options, "readlink /proc/self/ns/user"));
        other.Kill();
    }

    [KernelFact(Requires.UserNamespaces)]
    public void Outside_the_child_still_is_the_caller()
    {
        using IsolatedProcess child = Shell.StartWaiting(new() { Namespaces = User });
        Assert.Equal($"{s_user} {s_user} {s_user} {s_user}", Fields(Proc.Status($"{child.Id}", "Uid")));
        child.Kill();
    }

    [KernelFact(Requires.UserNamespaces)]
    public void Without_MapRoot_the_caller_keeps_its_numbers()
    {
        var options = new IsolationOptions { Namespaces = User, MapRoot = false };
        Assert.Equal($"{s_user} {s_group}", Shell.Output(options, "echo $(id -u) $(id -g)"));
        Assert.Equal($"{s_user} {s_user} 1", Fields(Shell.Output(options, "cat /proc/self/uid_map")));
    }

    [KernelFact(Requires.UserNamespaces)]
    public void A_single_line_may_give_the_caller_any_number()
    {
        var options = new IsolationOptions { Namespaces = User, UidMap = [new(1234, s_user)], GidMap = [new(4321, s_group)] };
        Assert.Equal("1234 4321", Shell.Output(options, "echo $(id -u) $(id -g)"));
    }

    [KernelFact(Requires.UserNamespaces)]
    public void With_credentials_preserved_and_no_map_the_child_is_nobody()
    {
        var options = new IsolationOptions { Namespaces = User, UidMap = [], GidMap = [], PreserveCredentials = true, SetGroups = true };
        Assert.Equal("65534 65534 allow", Shell.Output(options, "echo $(id -u) $(id -g) $(cat /proc/self/uid_map /proc/self/gid_map /proc/self/setgroups)"));

        options.UidMap = [new(7, s_user)];
        options.SetGroups = false;
        Assert.Equal("7 65534 deny", Shell.Output(options, "echo $(id -u) $(id -g) $(cat /proc/self/gid_map /proc/self/setgroups)"));
    }

    [KernelFact(Requires.Root)]
    public void With_credentials_preserved_a_caller_whose_id_is_not_mapped_stays_so()
    {
        var options = new IsolationOptions
        {
            Namespaces = User,
            UidMap = [new(0, 100_000, 65_536)],
            GidMap = [new(0, 100_000, 65_536)],
            SetGroups = true,
            PreserveCredentials = true,
        };
        Assert.Equal("65534 65534", Shell.Output(options, "echo $(id -u) $(id -g)"));
        options.UserId = 5;
        Assert.Equal("5 65534", Shell.Output(options, "echo $(id -u) $(id -g)"));
    }

    [KernelFact(Requires.UserNamespaces)]
    public void The_child_has_every_capability_inside()
        => Assert.NotEqual("0000000000000000", Shell.In(User, "grep CapEff /proc/self/status | cut -f2"));

    [KernelFact(Requires.UserNamespaces)]
    public void Setgroups_is_denied_by_default()
        => Assert.Equal("deny", Shell.In(User, "cat /proc/self/setgroups"));

    [KernelFact(Requires.Root)]
    public void Root_may_leave_setgroups_allowed()
        => Assert.Equal("allow", Shell.Output(new() { Namespaces = User, SetGroups = true }, "cat /proc/self/setgroups"));

    [KernelFact(Requires.Root)]
    public void Root_maps_ranges_directly()
    {
        var options = new IsolationOptions
        {
            Namespaces = User,
            UidMap = [new(0, 0, 1), new(1, 100_000, 65_535)],
            GidMap = [new(0, 0, 1), new(1, 100_000, 65_535)],
            SetGroups = true,
        };
        Assert.Equal(["0 0 1", "1 100000 65535"], Shell.Output(options, "cat /proc/self/uid_map").Split('\n').Select(Fields));
        Assert.Equal(["0 0 1", "1 100000 65535"], Shell.Output(options, "cat /proc/self/gid_map").Split('\n').Select(Fields));
        Assert.Equal("0 0", Shell.Output(options, "echo $(id -u) $(id -g)"));
    }

    [KernelFact(Requires.Root)]
    public void A_caller_whose_id_is_not_mapped_becomes_root_inside()
    {
        var options = new IsolationOptions { Namespaces = User, UidMap = [new(0, 100_000, 65_536)], GidMap = [new(0, 100_000, 65_536)], SetGroups = true };
        Assert.Equal("0 0", Shell.Output(options, "echo $(id -u) $(id -g)"));
        using IsolatedProcess child = Shell.StartWaiting(options);
        Assert.StartsWith("100000", Proc.Status($"{child.Id}", "Uid"), StringComparison.Ordinal);
        child.Kill();
    }

    [KernelFact(Requires.Root)]
    public void UserId_and_GroupId_choose_who_to_be()
    {
        var ranges = new IsolationOptions
        {
            Namespaces = User,
            UidMap = [new(0, 100_000, 65_536)],
            GidMap = [new(0, 100_000, 65_536)],
            UserId = 1000,
            GroupId = 2000,
            SetGroups = true,
        };
        Assert.Equal("1000 2000 2000", Shell.Output(ranges, "echo $(id -u) $(id -g) $(id -G)"));

        // Without a user namespace as well: root steps down, and takes no supplementary group along.
        var options = new IsolationOptions { UserId = 12345, GroupId = 54321 };
        Assert.Equal("12345 54321 54321", Shell.Output(options, "echo $(id -u) $(id -g) $(id -G)"));
    }

    [KernelFact(Requires.Root)]
    public void A_change_of_user_in_the_child_leaves_this_process_dumpable()
    {
        Shell.Output(new() { UserId = 12345, GroupId = 54321 }, "true");
        Assert.Equal(1, LibC.Prctl(LibC.PR_GET_DUMPABLE));
    }

    [KernelFact(Requires.UserNamespaces | Requires.Unprivileged | Requires.SubordinateIds)]
    public void Ranges_of_etc_subuid_are_mapped_by_newuidmap()
    {
        (uint start, uint count) = SubordinateIds.Users!.Value;
        (uint groupStart, uint groupCount) = SubordinateIds.Groups!.Value;
        var options = new IsolationOptions
        {
            Namespaces = User,
            UidMap = [new(0, s_user), new(1, start, count)],
            GidMap = [new(0, s_group), new(1, groupStart, groupCount)],
            SetGroups = true,
        };
        Assert.Equal([$"0 {s_user} 1", $"1 {start} {count}"], Shell.Output(options, "cat /proc/self/uid_map").Split('\n').Select(Fields));
        options.UserId = 5;
        options.GroupId = 6;
        Assert.Equal("5 6 6", Shell.Output(options, "echo $(id -u) $(id -g) $(id -G)"));
        options.SetGroups = null;
        Assert.Equal("deny", Shell.Output(options, "cat /proc/self/setgroups"));
    }

    [KernelFact(Requires.UserNamespaces | Requires.Unprivileged)]
    public void Ranges_that_nobody_granted_are_an_error_that_names_the_way()
    {
        var options = new IsolationOptions { Namespaces = User, UidMap = [new(0, 1, 70_000)], GidMap = [new(0, 1, 70_000)] };
        var e = Assert.Throws<LaunchException>(() => Shell.Output(options, "true"));
        Assert.Contains("newuidmap", e.Step, StringComparison.Ordinal);
        Assert.Contains(Requirements.FindTool("newuidmap") is null ? "PATH" : "/etc/subuid", e.Hint, StringComparison.Ordinal);
    }

    [KernelFact(Requires.UserNamespaces)]
    public void A_user_namespace_inside_another_works()
        => Assert.Equal(
            "inside 0",
            Shell.RunProgram(
                new() { Namespaces = User }, DotNetCli.Path, TestApp.Dll, "shell", "User", "echo inside $(id -u)").Output);

    private static string Fields(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
