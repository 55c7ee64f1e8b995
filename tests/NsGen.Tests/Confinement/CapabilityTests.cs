using System.Globalization;
using NsGen.Native;

namespace NsGen.Tests;

public sealed class CapabilityTests
{
    private const string Sets = "grep '^Cap' /proc/self/status | cut -f2 | tr '\\n' ' '";

    [KernelTheory, AsCaller]
    public void Only_what_is_kept_remains_in_every_set(Namespaces with)
    {
        var options = new IsolationOptions { Namespaces = with, Capabilities = [Capability.NetBindService, Capability.Chown] };

        // Inheritable, permitted, effective, bounding, ambient.
        Assert.Equal("0000000000000000 0000000000000401 0000000000000401 0000000000000401 0000000000000000", Shell.Output(options, Sets).TrimEnd());
    }

    [KernelTheory, AsCaller]
    public void An_empty_list_drops_all_and_null_none(Namespaces with)
    {
        string none = Shell.Output(new() { Namespaces = with, Capabilities = [] }, Sets);
        Assert.Equal(5, none.Split(' ', StringSplitOptions.RemoveEmptyEntries).Count(static set => set == "0000000000000000"));
        Assert.NotEqual(0UL, ulong.Parse(Shell.Output(new() { Namespaces = with }, Sets).Split(' ')[3], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }

    [KernelTheory, AsCaller]
    public void What_is_dropped_is_refused(Namespaces with)
    {
        var options = new IsolationOptions { Namespaces = Uts | with, HostName = "before", Capabilities = [Capability.SetUid] };
        Assert.Equal("before", Shell.Output(options, "hostname after 2>/dev/null; uname -n"));
    }

    /// <summary>Dropping comes after all that needs capabilities: mounts, a new root, host name, ids.</summary>
    [KernelTheory(Tools = BusyBoxRoot.Tool), AsCaller]
    public void Everything_else_is_done_before_they_are_dropped(Namespaces with)
    {
        using var root = new BusyBoxRoot();
        IsolationOptions options = root.Options(Uts | Net | Ipc | with, MountEntry.Proc(), MountEntry.Dev(), MountEntry.Tmpfs("/tmp"));
        options.HostName = "box";
        options.Capabilities = [];
        options.ReadOnlyRoot = true;
        options.NoNewPrivileges = true;
        Assert.Equal("box 0", Shell.Output(options, "echo $(hostname) $(id -u)"));
        Assert.False(Shell.Run(options, "mount -t tmpfs x /tmp").Status.IsSuccess);
    }

    [KernelFact(Requires.Root)]
    public void Another_user_begins_without_any()
    {
        var options = new IsolationOptions { UserId = 65534, GroupId = 65534, Capabilities = [Capability.NetBindService] };
        Assert.Equal("0000000000000000 0000000000000000 0000000000000000 0000000000000400 0000000000000000", Shell.Output(options, Sets).TrimEnd());
    }

    [KernelFact(Requires.Root)]
    public void Another_user_may_keep_some_as_ambient()
    {
        var options = new IsolationOptions
        {
            UserId = 65534,
            GroupId = 65534,
            Capabilities = [Capability.NetBindService],
            AmbientCapabilities = true,
        };
        Assert.Equal("0000000000000400 0000000000000400 0000000000000400 0000000000000400 0000000000000400", Shell.Output(options, Sets).TrimEnd());
    }

    [KernelFact(Requires.UserNamespaces, Tools = "unshare")]
    public void In_a_user_namespace_without_root_all_are_kept_as_ambient()
    {
        // As with unshare(1) --map-user=5 --keep-caps.
        var options = new IsolationOptions { Namespaces = User, UidMap = [new(5, LibC.GetEffectiveUserId())], AmbientCapabilities = true };
        Assert.Single(Shell.Output(options, Sets).Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct());
        Assert.Equal("0", Shell.Output(options, "unshare --uts true; echo $?"));
    }

    [KernelFact(Requires.Unprivileged)]
    public void Without_a_user_namespace_an_unprivileged_caller_is_told_what_to_do()
    {
        var refused = Assert.Throws<LaunchException>(static () => Shell.Run(new() { Capabilities = [] }, "true"));
        Assert.Equal(Errno.EPERM, refused.Errno);
        Assert.Contains("CAP_SETPCAP", refused.Hint, StringComparison.Ordinal);
        Assert.Contains("Namespaces.User", refused.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_that_is_no_capability_is_refused()
        => Assert.Throws<ArgumentException>(static () => Shell.Run(new() { Capabilities = [(Capability)41] }, "true"));
}
