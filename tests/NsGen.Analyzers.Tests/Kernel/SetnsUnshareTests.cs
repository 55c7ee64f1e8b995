using System.Diagnostics;
using Xunit;
using static NsGen.Analyzers.Tests.Kernel.RawKernel;

namespace NsGen.Analyzers.Tests.Kernel;

/// <summary>What NSG201 to NSG209 say the kernel does, shown by the running kernel.</summary>
public sealed class SetnsUnshareTests
{
    private const int NewTime = 0x80;
    private const int NewUts = 0x4000000;
    private const int NewUser = 0x10000000;

    [KernelFact]
    public void NSG202_unshare_of_a_user_namespace_is_EINVAL() => Assert.Equal(EINVAL, OnThrowawayThread(() => Unshare(NewUser)));

    [KernelFact]
    public void NSG202_setns_into_a_time_namespace_is_EUSERS() =>
        Assert.Equal(EUSERS, OnThrowawayThread(() => Setns("/proc/self/ns/time", NewTime)));

    [KernelFact(root: true, tool: "nsenter")]
    public void NSG202_setns_into_a_user_namespace_is_EINVAL_here_and_works_with_one_thread()
    {
        // Not the own one: entering that again is EINVAL for everybody.
        using Process other = Process.Start(new ProcessStartInfo("unshare", ["--user", "sh", "-c", "echo; read line"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        other.StandardOutput.ReadLine();
        Assert.Equal(EINVAL, OnThrowawayThread(() => Setns($"/proc/{other.Id}/ns/user", NewUser)));
        using Process single = Process.Start("nsenter", ["--user", "--preserve-credentials", "--target", $"{other.Id}", "true"]);
        single.WaitForExit();
        Assert.Equal(0, single.ExitCode);
        other.StandardInput.Close();
        other.WaitForExit();
    }

    [KernelFact]
    public void NSG205_another_type_is_EINVAL() => Assert.Equal(EINVAL, OnThrowawayThread(() => Setns("/proc/self/ns/net", NewUts)));

    [KernelFact(root: true)]
    public void NSG206_0_enters_any() => Assert.Equal(
        (0, 0, EINVAL),
        OnThrowawayThread(() => (Setns("/proc/self/ns/net", 0), Setns("/proc/self/ns/uts", 0), SetnsOfProcess(Environment.ProcessId, 0))));
}
