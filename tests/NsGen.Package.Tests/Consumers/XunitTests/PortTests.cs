using System.Net;
using System.Net.Sockets;
using NsGen.Xunit;
using Xunit;
using static NsGen.Namespaces;

public sealed class PortTests
{
    [IsolatedTheory(Net | Uts, HostName = "inside")]
    [InlineData(1)]
    [InlineData(2)]
    public void The_port_is_free_in_each(int row)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 8080);
        listener.Start();
        Assert.Equal("inside", Environment.MachineName);
        Assert.InRange(row, 1, 2);
    }
}
