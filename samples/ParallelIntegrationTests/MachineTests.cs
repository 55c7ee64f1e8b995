using System.Diagnostics;
using NsGen.Xunit;
using Xunit;
using static NsGen.Namespaces;

namespace ParallelIntegrationTests;

/// <summary>Tests that need the machine to look different, or that would leave something behind on it.</summary>
public sealed class MachineTests
{
    [IsolatedFact(Uts, HostName = "db-primary")]
    public void The_machine_is_called_db_primary() => Assert.Equal("db-primary", Environment.MachineName);

    [IsolatedFact(Uts, HostName = "db-replica")]
    public void And_at_the_same_time_db_replica() => Assert.Equal("db-replica", Environment.MachineName);

    [IsolatedFact(Pid | Mount)]
    public void What_a_test_starts_and_forgets_ends_with_it()
    {
        using Process forgotten = Process.Start("sleep", "1000");
        Assert.Equal(1, Environment.ProcessId);
        Assert.Equal([1, forgotten.Id], Process.GetProcesses().Select(static process => process.Id).Order());
    }

    [Fact]
    public void An_ordinary_test_beside_them_sees_nothing_of_it() => Assert.False(Environment.MachineName is "db-primary" or "db-replica");
}
