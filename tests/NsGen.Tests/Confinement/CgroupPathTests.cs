using System.Globalization;
using NsGen.Native;

namespace NsGen.Tests;

public sealed class CgroupPathTests
{
    [KernelTheory(Requires.Root), AsCaller]
    public void The_child_begins_in_the_group(Namespaces with)
    {
        using var group = new ControlGroup();
        string said = Shell.Output(new() { Namespaces = with, CgroupPath = group.Path }, "grep ^0:: /proc/self/cgroup");
        Assert.Equal("0::" + group.Name, said);
    }

    [KernelTheory(Requires.Root), AsCaller]
    public void A_cgroup_namespace_is_rooted_in_the_group(Namespaces with)
    {
        using var group = new ControlGroup();
        Assert.Equal("0::/", Shell.Output(new() { Namespaces = Cgroup | with, CgroupPath = group.Path }, "grep ^0:: /proc/self/cgroup"));
    }

    [KernelFact(Requires.Root)]
    public void It_goes_with_a_new_root_and_another_user()
    {
        using var group = new ControlGroup();
        var options = new IsolationOptions
        {
            Namespaces = Mount | Pid | Cgroup,
            CgroupPath = group.Path,
            RootDirectory = "/",
            UserId = 65534,
            GroupId = 65534,
            Capabilities = [],
        };
        using IsolatedProcess child = Shell.StartWaiting(options);
        Assert.Equal(child.Id.ToString(CultureInfo.InvariantCulture), File.ReadAllText(Path.Combine(group.Path, "cgroup.procs")).Trim());
        child.Kill();
        child.WaitForExit();
    }

    [KernelFact(Requires.Root)]
    public void A_limit_whose_controller_is_not_offered_is_refused_and_explained()
    {
        using var group = new ControlGroup();
        foreach ((string controller, CgroupLimits limits) in ((string, CgroupLimits)[])[
            ("memory", new() { MemoryMax = 64 << 20 }), ("pids", new() { PidsMax = 10 }), ("cpu", new() { CpuMax = 0.5 })])
        {
            if (group.Offers(controller))
            {
                continue;
            }

            var refused = Assert.Throws<LaunchException>(() => Shell.Run(new() { CgroupPath = group.Path, CgroupLimits = limits }, "true"));
            Assert.Equal($"open {group.Path}/{controller}.max", refused.Step);
            Assert.Contains("cgroup.subtree_control", refused.Hint, StringComparison.Ordinal);
        }
    }

    [KernelFact(Requires.Root)]
    public void Limits_are_written_where_the_controllers_are_offered()
    {
        using var group = new ControlGroup();
        string[] missing = [.. ((string[])["memory", "pids", "cpu"]).Where(controller => !group.Offers(controller))];
        if (missing.Length > 0)
        {
            throw new SkippedException($"cgroup v2 does not offer {string.Join(", ", missing)} here");
        }

        Shell.Output(new() { CgroupPath = group.Path, CgroupLimits = new() { MemoryMax = 64 << 20, PidsMax = 10, CpuMax = 0.5 } }, "true");
        Assert.Equal("67108864", group.Read("memory.max"));
        Assert.Equal("10", group.Read("pids.max"));
        Assert.Equal("50000 100000", group.Read("cpu.max"));
    }

    [KernelFact]
    public void What_is_no_group_of_version_2_is_refused_and_explained()
    {
        using var directory = new TemporaryDirectory();
        Assert.Contains("Directory.CreateDirectory", Refusal("/nonexistent-group").Hint, StringComparison.Ordinal);
        Assert.Contains("no control group", Refusal(directory.Path).Hint, StringComparison.Ordinal);
        if (Directory.Exists("/sys/fs/cgroup/pids"))
        {
            Assert.Contains("version 1", Refusal("/sys/fs/cgroup/pids").Hint, StringComparison.Ordinal);
        }

        static LaunchException Refusal(string path) => Assert.Throws<LaunchException>(() => Shell.Run(new() { CgroupPath = path }, "true"));
    }

    [KernelFact(Requires.Unprivileged)]
    public void Somebody_elses_group_is_refused_and_explained()
    {
        string root = ControlGroup.Root ?? throw new SkippedException("no cgroup2 file system is mounted");
        var refused = Assert.Throws<LaunchException>(() => Shell.Run(new() { CgroupPath = root }, "true"));
        Assert.Equal(Errno.EACCES, refused.Errno);
        Assert.Contains("Delegation", refused.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Limits_need_a_group_and_a_range()
    {
        Assert.Throws<ArgumentException>(static () => Shell.Run(new() { CgroupLimits = new() { PidsMax = 1 } }, "true"));
        Assert.Throws<ArgumentException>(static () => Shell.Run(new() { CgroupPath = "/sys", CgroupLimits = new() { PidsMax = 0 } }, "true"));
        Assert.Throws<ArgumentException>(static () => Shell.Run(new() { CgroupPath = "/sys", CgroupLimits = new() { CpuMax = double.NaN } }, "true"));
    }

    /// <summary>A control group of version 2 below the root of the hierarchy, gone with the test.</summary>
    private sealed class ControlGroup : IDisposable
    {
        public ControlGroup()
        {
            string root = Root ?? throw new SkippedException("no cgroup2 file system is mounted");
            Name = $"/nsgen-test-{Guid.NewGuid():N}";
            Path = root + Name;
            try
            {
                Directory.CreateDirectory(Path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new SkippedException($"no control group can be made: {e.Message}");
            }
        }

        public static string? Root => File.ReadLines("/proc/self/mounts").Select(static line => line.Split(' ')).FirstOrDefault(static f => f[2] == "cgroup2")?[1];

        public string Path { get; }

        /// <summary>As /proc/PID/cgroup calls it.</summary>
        public string Name { get; }

        public bool Offers(string controller) => File.Exists(System.IO.Path.Combine(Path, controller + ".max"));

        public string Read(string file) => File.ReadAllText(System.IO.Path.Combine(Path, file)).Trim();

        public void Dispose()
        {
            for (int i = 0; i < 100; i++)
            {
                try
                {
                    Directory.Delete(Path);
                    return;
                }
                catch (IOException)
                {
                    Thread.Sleep(10); // a child that has been reaped leaves its group a moment later
                }
            }
        }
    }
}
