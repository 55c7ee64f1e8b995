using NsGen.Native;

namespace NsGen.Tests;

public sealed class ResourceLimitTests
{
    /// <summary>The kernel's own table, so that a wrong number would show.</summary>
    public static TheoryData<ResourceLimit, string, ulong> Table => new()
    {
        { ResourceLimit.Cpu, "Max cpu time", 1000 },
        { ResourceLimit.FileSize, "Max file size", 1 << 20 },
        { ResourceLimit.Data, "Max data size", 1 << 30 },
        { ResourceLimit.Stack, "Max stack size", 1 << 20 },
        { ResourceLimit.Core, "Max core file size", 0 },
        { ResourceLimit.ResidentSet, "Max resident set", 1 << 30 },
        { ResourceLimit.Processes, "Max processes", 500 },
        { ResourceLimit.OpenFiles, "Max open files", 64 },
        { ResourceLimit.LockedMemory, "Max locked memory", 4096 },
        { ResourceLimit.AddressSpace, "Max address space", 1 << 30 },
        { ResourceLimit.FileLocks, "Max file locks", 10 },
        { ResourceLimit.PendingSignals, "Max pending signals", 10 },
        { ResourceLimit.MessageQueues, "Max msgqueue size", 4096 },
        { ResourceLimit.Nice, "Max nice priority", 0 },
        { ResourceLimit.RealTimePriority, "Max realtime priority", 0 },
        { ResourceLimit.RealTimeTime, "Max realtime timeout", 1_000_000 },
    };

    [KernelTheory]
    [MemberData(nameof(Table))]
    public void Each_limit_is_the_one_it_is_called(ResourceLimit resource, string name, ulong value)
    {
        var options = new IsolationOptions { ResourceLimits = new Dictionary<ResourceLimit, ResourceLimitValue> { [resource] = value } };
        string line = Shell.Output(options, $"grep '^{name}' /proc/self/limits")[name.Length..];
        Assert.Equal([value.ToString(), value.ToString()], line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[..2]);
    }

    [KernelFact]
    public void Every_limit_of_the_enum_is_tested() => Assert.Equal(Enum.GetValues<ResourceLimit>(), Table.Select(static row => (ResourceLimit)row[0]));

    [KernelTheory, AsCaller]
    public void Soft_and_hard_differ_and_bind(Namespaces with)
    {
        var options = new IsolationOptions
        {
            Namespaces = with,
            ResourceLimits = new Dictionary<ResourceLimit, ResourceLimitValue> { [ResourceLimit.OpenFiles] = new(16, 32), [ResourceLimit.FileSize] = 0 },
        };
        Assert.Equal("16 32", Shell.Output(options, "echo $(ulimit -S -n) $(ulimit -H -n)"));
        using var directory = new TemporaryDirectory();
        Assert.Equal("SIGXFSZ", Shell.RunProgram(options, "/bin/dd", "if=/dev/zero", $"of={directory.Path}/file", "count=1").Status.SignalName);
    }

    /// <summary>The limit is set after descriptors have been put in place. A static program: it opens nothing to start.</summary>
    [KernelFact(Tools = BusyBoxRoot.Tool)]
    public void A_limit_below_the_inherited_descriptors_does_not_hinder_the_launch()
    {
        var options = new IsolationOptions { ResourceLimits = new Dictionary<ResourceLimit, ResourceLimitValue> { [ResourceLimit.OpenFiles] = 10 } };
        using FileStream file = File.OpenRead("/etc/passwd");
        for (int i = 0; i < 20; i++)
        {
            options.InheritedHandles.Add(file.SafeFileHandle);
        }

        Assert.Equal("started", Shell.RunProgram(options, Requirements.FindTool(BusyBoxRoot.Tool)!, "echo", "started").Output);
    }

    [KernelFact(Requires.UserNamespaces)]
    public void Raising_a_hard_limit_in_a_user_namespace_is_refused_and_explained()
    {
        var options = new IsolationOptions
        {
            Namespaces = User,
            ResourceLimits = new Dictionary<ResourceLimit, ResourceLimitValue> { [ResourceLimit.OpenFiles] = ResourceLimitValue.Unlimited },
        };
        var refused = Assert.Throws<LaunchException>(() => Shell.Run(options, "true"));
        Assert.Equal(Errno.EPERM, refused.Errno);
        Assert.Equal("set the limit OpenFiles to unlimited", refused.Step);
        Assert.Contains("CAP_SYS_RESOURCE", refused.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void A_soft_value_above_the_hard_one_and_unknown_limits_are_refused()
    {
        foreach ((ResourceLimit resource, ResourceLimitValue value) in ((ResourceLimit, ResourceLimitValue)[])[(ResourceLimit.Core, new(2, 1)), ((ResourceLimit)16, 1)])
        {
            var options = new IsolationOptions { ResourceLimits = new Dictionary<ResourceLimit, ResourceLimitValue> { [resource] = value } };
            Assert.Throws<ArgumentException>(() => Shell.Run(options, "true"));
        }
    }
}
