namespace NsGen.Tests;

public sealed class NetTests
{
    [KernelTheory, AsCaller]
    public void Loopback_is_the_only_device_and_up(Namespaces with)
    {
        Assert.Equal("lo", Shell.In(Net | with, "tail -n +3 /proc/net/dev | cut -d: -f1").Trim());
        Assert.Equal("127.0.0.1/8", Loopback(new() { Namespaces = Net | with }));
    }

    [KernelTheory, AsCaller]
    public void LoopbackUp_false_leaves_it_down(Namespaces with)
        => Assert.Equal("", Loopback(new() { Namespaces = Net | with, LoopbackUp = false }));

    [KernelTheory(Tools = "ip"), AsCaller]
    public void Ip_link_agrees(Namespaces with)
    {
        string ip = Requirements.FindTool("ip")!;
        Assert.Contains("UP,LOWER_UP", Shell.In(Net | with, $"{ip} link"), StringComparison.Ordinal);
        Assert.Contains("state DOWN", Shell.Output(new() { Namespaces = Net | with, LoopbackUp = false }, $"{ip} link"), StringComparison.Ordinal);
        Assert.DoesNotContain("\n2:", Shell.In(Net | with, $"{ip} link"), StringComparison.Ordinal);
    }

    /// <summary>The kernel gives a loopback device its addresses and their local routes when it comes up.</summary>
    private static string Loopback(IsolationOptions options)
        => Shell.Output(options, "grep -q '127.0.0.0' /proc/net/fib_trie 2>/dev/null && echo 127.0.0.1/8 || true");
}
