using System.IO.Pipes;
using System.Net;
using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;

namespace NsGen.Tests;

public sealed partial class OpenFilesTests
{
    [KernelFact(Requires.UserNamespaces)]
    public async Task A_port_outside_is_served_from_a_child_without_network()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Task<int> served = ServeAsync(listener.Server);
        using var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint);

        using var reader = new StreamReader(client.GetStream());
        Assert.Equal("only lo here", await reader.ReadToEndAsync());
        Assert.Equal(1, await served);
    }

    [KernelFact(Requires.UserNamespaces)]
    public void A_stream_goes_on_at_its_position()
    {
        using var directory = new TemporaryDirectory();
        string path = Path.Combine(directory.Path, "file");
        using (var file = new FileStream(path, FileMode.CreateNew))
        {
            file.Write("parent "u8);
            Append(file);
        }

        Assert.Equal("parent child", File.ReadAllText(path));
    }

    [KernelFact(Requires.UserNamespaces)]
    public void Handles_and_pipes_arrive_and_null_stays_null()
    {
        using var directory = new TemporaryDirectory();
        using SafeFileHandle file = File.OpenHandle(Path.Combine(directory.Path, "file"), FileMode.CreateNew, FileAccess.ReadWrite);
        using var pipe = new AnonymousPipeServerStream(PipeDirection.In);
        using var writing = new AnonymousPipeClientStream(PipeDirection.Out, pipe.ClientSafePipeHandle);

        Assert.Equal("nothing", Write(file, writing, null));
        writing.Dispose();

        Assert.Equal("to the file"u8.Length, RandomAccess.GetLength(file));
        using var reader = new StreamReader(pipe);
        Assert.Equal("to the pipe", reader.ReadToEnd());
    }

    [KernelFact(Requires.UserNamespaces)]
    public void A_namespace_arrives_as_itself()
    {
        using NamespaceHandle handle = NamespaceHandle.Current(Net);

        Assert.Equal((Net, handle.ToString()), Describe(handle));
    }

    [KernelFact(Requires.UserNamespaces)]
    public async Task Warm_children_get_them_too()
    {
        using var directory = new TemporaryDirectory();
        using SafeFileHandle file = File.OpenHandle(Path.Combine(directory.Path, "file"), FileMode.CreateNew, FileAccess.ReadWrite);
        Assert.Equal(0, WarmLength(file));
        IsolationPool pool = IsolationPool.All.Single(static pool => pool.Name.Contains(nameof(WarmLength), StringComparison.Ordinal));
        await pool.FillAsync();
        RandomAccess.Write(file, new byte[5], 0);

        Assert.Equal(5, WarmLength(file));
        Assert.Equal(1, pool.Served);
        pool.Dispose();
    }

    [Isolated(Net | User)]
    private static partial Task<int> ServeAsync(Socket listener);

    private static async Task<int> ServeAsyncCore(Socket listener)
    {
        using Socket client = await listener.AcceptAsync();
        string[] names = [.. System.Net.NetworkInformation.NetworkInterface.GetAllNetworkInterfaces().Select(static i => i.Name)];
        await client.SendAsync(System.Text.Encoding.UTF8.GetBytes($"only {string.Join(',', names)} here"));
        return names.Length;
    }

    [Isolated(User)]
    private static partial void Append(FileStream file);

    private static void AppendCore(FileStream file)
    {
        file.Write("child"u8);
        file.Flush();
    }

    [Isolated(User)]
    private static partial string Write(SafeFileHandle file, PipeStream pipe, FileStream? nothing);

    private static string WriteCore(SafeFileHandle file, PipeStream pipe, FileStream? nothing)
    {
        RandomAccess.Write(file, "to the file"u8, 0);
        pipe.Write("to the pipe"u8);
        return nothing is null ? "nothing" : "something";
    }

    [Isolated(Net | User)]
    private static partial (Namespaces, string) Describe(NamespaceHandle handle);

    private static (Namespaces, string) DescribeCore(NamespaceHandle handle) => (handle.Type, handle.ToString());

    [Isolated(User, Warm = 1)]
    private static partial long WarmLength(SafeFileHandle file);

    private static long WarmLengthCore(SafeFileHandle file) => RandomAccess.GetLength(file);
}
