using NsGen;
using static NsGen.Namespaces;

namespace MiniContainer;

/// <summary>
/// A network namespace with a cable to the host: a pair of devices, one at each end. Only root may plug it in; others have loopback. The
/// way from the host to the world (forwarding, address translation) is left to the host.
/// </summary>
internal sealed partial class ContainerNetwork : IDisposable
{
    private ContainerNetwork(NamespaceHandle net) => Target = NamespaceTarget.FromHandles(net);

    /// <summary>To be joined. It holds the namespace, which needs no process.</summary>
    public NamespaceTarget Target { get; }

    /// <returns>Null where it cannot be had, which is said on standard error where the caller is root.</returns>
    public static ContainerNetwork? TryMake()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return null;
        }

        ContainerNetwork? network = null;
        try
        {
            using var holder = IsolatedProcess.Start("cat", [], new() { Namespaces = Net, StandardInput = Redirection.Pipe });
            using NamespaceHandle net = NamespaceHandle.Of(holder, Net);
            network = new ContainerNetwork(net);
            network.Connect(holder.Id);
            return network;
        }
        catch (NamespaceException e)
        {
            network?.Dispose();
            Console.Error.WriteLine($"MiniContainer: only a loopback device, as no other could be made: {e.Message}");
            return null;
        }
    }

    /// <summary>With the last that holds the namespace go its devices, and their other ends.</summary>
    public void Dispose() => Target.Dispose();

    private void Connect(int processId)
    {
        // Four link-local addresses (RFC 3927) and a name of its own for each process that runs a container.
        int block = Environment.ProcessId % 0x3F00 * 4;
        string Address(int number) => $"169.254.{1 + ((block + number) >> 8)}.{(block + number) & 0xFF}";
        string device = $"mini{Environment.ProcessId}";

        Ip("link", "add", device, "type", "veth", "peer", "name", "eth0", "netns", $"{processId}");
        Ip("address", "add", $"{Address(1)}/30", "dev", device);
        Ip("link", "set", device, "up");
        IpInside(Target, "address", "add", $"{Address(2)}/30", "dev", "eth0");
        IpInside(Target, "link", "set", "eth0", "up");
        IpInside(Target, "route", "add", "default", "via", Address(1));
    }

    [Isolated(Exec = "ip")]
    private static partial void Ip(params string[] arguments);

    [Isolated(Exec = "ip")]
    private static partial void IpInside(NamespaceTarget target, params string[] arguments);
}
