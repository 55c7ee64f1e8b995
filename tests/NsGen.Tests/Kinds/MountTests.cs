namespace NsGen.Tests;

/// <summary>
/// Propagation of mounts. The "host" of these tests is a child in a mount namespace of its own, in which a shared mount is made, and the
/// launch is repeated from there by unshare(1), the test app or a shell: the machine's own mounts are never touched.
/// </summary>
public sealed class MountTests
{
    [KernelTheory, AsCaller]
    public void A_mount_made_inside_is_not_seen_outside(Namespaces with)
    {
        using var directory = new TemporaryDirectory();
        string outside = File.ReadAllText("/proc/self/mounts");
        string inside = Shell.In(
            Mount | with, $"mount -t tmpfs inside {directory.Path} && touch {directory.Path}/file && ls {directory.Path} && grep -c '^inside ' /proc/self/mounts");
        Assert.Equal("file\n1", inside);
        Assert.Equal(outside, File.ReadAllText("/proc/self/mounts"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(directory.Path));
    }

    [KernelTheory, AsCaller]
    public void Everything_is_private_by_default(Namespaces with)
        => Assert.Equal("0", Shell.In(Mount | with, "grep -cE 'shared:|master:' /proc/self/mountinfo || true"));

    [KernelTheory, AsCaller]
    public void Shared_makes_every_mount_a_peer_group(Namespaces with)
        => Assert.Equal(
            "0", Shell.Output(new() { Namespaces = Mount | with, Propagation = MountPropagation.Shared }, "grep -vc 'shared:' /proc/self/mountinfo || true"));

    /// <summary>The four kinds, each launched where /tmp/… is a shared mount, and what crosses in which direction.</summary>
    [KernelTheory(Requires.Isolation)]
    [InlineData(MountPropagation.Private, false, false)]
    [InlineData(MountPropagation.Slave, true, false)]
    [InlineData(MountPropagation.Shared, true, true)]
    [InlineData(MountPropagation.Unchanged, true, true)]
    public void Mounts_cross_as_the_propagation_says(MountPropagation propagation, bool inwards, bool outwards)
    {
        using var directory = new TemporaryDirectory();

        // The app makes a shared mount in a mount namespace of its own, launches from there, and mounts once outside and once inside.
        var options = new IsolationOptions { Namespaces = Requirements.IsRoot ? Mount : Mount | User };
        Finished app = Shell.RunProgram(options, DotNetCli.Path, TestApp.Dll, "propagation", directory.Path, propagation.ToString());
        Assert.True(app.Status.IsSuccess, app.Error);
        Assert.Equal($"inwards {inwards}, outwards {outwards}", app.Output);
        Assert.Empty(Directory.EnumerateFileSystemEntries(directory.Path));
    }
}
