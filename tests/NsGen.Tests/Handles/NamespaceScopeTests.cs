using System.Collections.Concurrent;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using NsGen.Handles;
using NsGen.Native;
using NsGen.Threads;

namespace NsGen.Tests;

/// <summary>Threads enter in a child: a thread of the test host is never anywhere else.</summary>
public sealed class NamespaceScopeTests
{
    private const int SIGABRT = 6;

    [KernelTheory, AsCaller]
    public void The_thread_is_inside_until_the_scope_ends_and_no_other_thread_is(Namespaces user)
        => InChild.Run(EnterEach, user | Uts | Ipc | Net | Cgroup);

    private static void EnterEach()
    {
        using IsolatedProcess child = Shell.StartWaiting(new() { Namespaces = Uts | Ipc | Net | Cgroup });
        NamespaceSet outside = NamespaceSet.Current();
        NamespaceSet inside = NamespaceSet.Of(child.Id);
        using var other = new OtherThread();
        foreach (Namespaces kind in (Namespaces[])[Uts, Ipc, Net, Cgroup])
        {
            using NamespaceHandle handle = NamespaceHandle.Of(child, kind);
            using (handle.Enter())
            {
                Assert.Equal(kind, NamespaceSet.Current().Differences(outside));
                Assert.Equal(handle.Id, NamespaceSet.Current()[kind]);
                using NamespaceHandle current = NamespaceHandle.Current(kind);
                Assert.True(current.IsSameNamespace(handle));
                Assert.Equal(outside, other.Namespaces());
            }

            Assert.Equal(outside, NamespaceSet.Current());
        }

        Assert.Equal(Uts | Ipc | Net | Cgroup, inside.Differences(outside));
        child.Kill();
    }

    [KernelTheory, AsCaller]
    public void A_socket_belongs_to_the_namespace_it_was_opened_in(Namespaces user) => InChild.Run(ListenInside, user | Net);

    private static void ListenInside()
    {
        using IsolatedProcess child = Shell.StartWaiting(new() { Namespaces = Net });
        using NamespaceHandle net = NamespaceHandle.Of(child, Net);
        Socket listener;
        using (net.Enter())
        {
            listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            Assert.Equal("lo", Assert.Single(NetworkInterface.GetAllNetworkInterfaces()).Name);
        }

        using (listener)
        {
            listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            listener.Listen();
            var address = (IPEndPoint)listener.LocalEndPoint!;
            using (var outside = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
            {
                Assert.Equal(SocketError.ConnectionRefused, Assert.Throws<SocketException>(() => outside.Connect(address)).SocketErrorCode);
            }

            Socket inside;
            using (net.Enter())
            {
                inside = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            }

            using (inside)
            {
                inside.Connect(address);
                using Socket accepted = listener.Accept();
                Assert.True(accepted.Connected);
            }
        }

        child.Kill();
    }

    [KernelTheory, AsCaller]
    public void The_thread_comes_back_when_the_body_throws(Namespaces user) => InChild.Run(ThrowInside, user | Uts);

    private static void ThrowInside()
    {
        using IsolatedProcess child = Shell.StartWaiting(new() { Namespaces = Uts });
        using NamespaceHandle handle = NamespaceHandle.Of(child, Uts);
        NamespaceSet outside = NamespaceSet.Current();
        Assert.Throws<InvalidOperationException>((Action)(() =>
        {
            using var scope = handle.Enter();
            throw new InvalidOperationException();
        }));
        Assert.Equal(outside, NamespaceSet.Current());
        child.Kill();
    }

    [KernelTheory, AsCaller]
    public void Scopes_nest_and_end_innermost_first(Namespaces user) => InChild.Run(Nest, user | Uts | Ipc);

    private static void Nest()
    {
        using IsolatedProcess one = Shell.StartWaiting(new() { Namespaces = Uts | Ipc });
        using IsolatedProcess two = Shell.StartWaiting(new() { Namespaces = Uts });
        using NamespaceHandle oneUts = NamespaceHandle.Of(one, Uts);
        using NamespaceHandle oneIpc = NamespaceHandle.Of(one, Ipc);
        using NamespaceHandle twoUts = NamespaceHandle.Of(two, Uts);
        NamespaceSet outside = NamespaceSet.Current();
        using (oneUts.Enter())
        using (oneIpc.Enter())
        {
            Assert.Equal(NamespaceSet.Of(one.Id), NamespaceSet.Current());
            using (twoUts.Enter())
            {
                Assert.Equal(twoUts.Id, NamespaceSet.Current()[Uts]);
            }

            Assert.Equal(oneUts.Id, NamespaceSet.Current()[Uts]);
        }

        Assert.Equal(outside, NamespaceSet.Current());

        NamespaceScope outer = oneUts.Enter();
        NamespaceScope copy = outer;
        NamespaceScope inner = twoUts.Enter();
        string message = "";
        try
        {
            outer.Dispose();
        }
        catch (InvalidOperationException e)
        {
            message = e.Message;
        }

        Assert.Contains(twoUts.ToString(), message, StringComparison.Ordinal);
        Assert.Equal(twoUts.Id, NamespaceSet.Current()[Uts]); // nothing has changed
        inner.Dispose();
        outer.Dispose();
        copy.Dispose(); // once is enough
        outer.Dispose();
        default(NamespaceScope).Dispose();
        Assert.Equal(outside, NamespaceSet.Current());
        one.Kill();
        two.Kill();
    }

    [KernelTheory(Requires.Nothing)]
    [InlineData(User, "EINVAL")]
    [InlineData(Time, "EUSERS")]
    [InlineData(Pid, "children")]
    [InlineData(Mount, "CLONE_FS")]
    public void What_a_thread_cannot_enter_is_refused_before_anything_changes(Namespaces kind, string reason)
    {
        using NamespaceHandle handle = NamespaceHandle.Current(kind);
        NamespaceSet before = NamespaceSet.Current();
        string message = Assert.Throws<NotSupportedException>(() => handle.Enter().Dispose()).Message;
        Assert.Contains(reason, message, StringComparison.Ordinal);
        Assert.Contains("IsolationOptions.Join", message, StringComparison.Ordinal);
        Assert.Equal(before, NamespaceSet.Current());
        Assert.Equal(before.PidForChildren, NamespaceSet.Current().PidForChildren);
    }

    [KernelFact(Requires.Unprivileged)]
    public void Without_privilege_nothing_is_entered()
    {
        using NamespaceHandle handle = NamespaceHandle.Current(Uts);
        var e = Assert.Throws<NamespaceCallException>(() => handle.Enter().Dispose());
        Assert.Equal("EPERM", e.ErrnoName);
        Assert.Contains("CAP_SYS_ADMIN", e.Hint, StringComparison.Ordinal);
    }

    [KernelFact(Requires.UserNamespaces)]
    public void Where_the_way_back_is_closed_nothing_is_entered() => InChild.Run(EnterWithoutReturn, User);

    private static void EnterWithoutReturn()
    {
        // Root in a user namespace, in the UTS namespace of the one outside.
        using IsolatedProcess child = Shell.StartWaiting(new() { Namespaces = Uts });
        using NamespaceHandle handle = NamespaceHandle.Of(child, Uts);
        NamespaceSet before = NamespaceSet.Current();
        var e = Assert.Throws<NamespaceCallException>(() => handle.Enter().Dispose());
        Assert.Equal("EPERM", e.ErrnoName);
        Assert.Contains("not come back", e.Hint, StringComparison.Ordinal);
        Assert.Equal(before, NamespaceSet.Current());
        child.Kill();
    }

    [KernelTheory, AsCaller]
    public void In_a_scope_no_child_and_no_body_is_started(Namespaces user) => InChild.Run(StartInside, user | Uts);

    private static void StartInside()
    {
        using NamespaceHandle handle = NamespaceHandle.Current(Uts);
        using (handle.Enter())
        {
            var e = Assert.Throws<InvalidOperationException>(() => Shell.Run(new(), "true"));
            Assert.Contains(handle.ToString(), e.Message, StringComparison.Ordinal);
            Assert.Throws<InvalidOperationException>((Action)(() => _ = ThreadIsolation.RunAsync(new(), () => true)));
        }

        Shell.Output(new(), "true");
    }

    [KernelTheory, AsCaller]
    public void Where_the_way_back_is_lost_the_process_ends_rather_than_the_thread_go_on(Namespaces user)
    {
        Finished finished = InChild.RunToItsEnd(LoseTheWayBack, user | Uts);
        Assert.Equal(SIGABRT, finished.Status.Signal);
        Assert.Contains("could not go back", finished.Error, StringComparison.Ordinal);
        Assert.Contains("EPERM", finished.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("went on", finished.Error, StringComparison.Ordinal);
    }

    private static void LoseTheWayBack()
    {
        using IsolatedProcess child = Shell.StartWaiting(new() { Namespaces = Uts });
        using NamespaceHandle handle = NamespaceHandle.Of(child, Uts);
        using (handle.Enter())
        {
            DropCapabilities();
        }

        Console.Error.WriteLine("went on");
    }

    [KernelTheory, AsCaller]
    public void A_scope_that_ends_on_another_thread_ends_the_process(Namespaces user)
    {
        Finished finished = InChild.RunToItsEnd(LeaveElsewhere, user | Uts);
        Assert.Equal(SIGABRT, finished.Status.Signal);
        Assert.Contains("another thread", finished.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("went on", finished.Error, StringComparison.Ordinal);
    }

    private static void LeaveElsewhere()
    {
        // The compiler keeps the ref struct from coming here: this is what it holds.
        using NamespaceHandle handle = NamespaceHandle.Current(Uts);
        EnteredNamespace entered = EnteredNamespace.Enter(handle);
        var thread = new Thread(entered.Leave);
        thread.Start();
        thread.Join();
        Console.Error.WriteLine("went on");
    }

    /// <summary>A thread that was born outside.</summary>
    private sealed class OtherThread : IDisposable
    {
        private readonly BlockingCollection<TaskCompletionSource<NamespaceSet>> _questions = [];

        public OtherThread()
        {
            var thread = new Thread(() =>
            {
                foreach (TaskCompletionSource<NamespaceSet> question in _questions.GetConsumingEnumerable())
                {
                    question.SetResult(NamespaceSet.Current());
                }
            });
            thread.Start();
        }

        public NamespaceSet Namespaces()
        {
            var answer = new TaskCompletionSource<NamespaceSet>();
            _questions.Add(answer);
            return answer.Task.GetAwaiter().GetResult();
        }

        public void Dispose() => _questions.CompleteAdding();
    }

    /// <summary>capset(2): of the calling thread.</summary>
    private static unsafe void DropCapabilities()
    {
        uint* header = stackalloc uint[2];
        header[0] = 0x20080522; // _LINUX_CAPABILITY_VERSION_3
        header[1] = 0;
        uint* none = stackalloc uint[6];
        new Span<uint>(none, 6).Clear();
        nint capset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 126 : 91;
        Assert.Equal(0, LibC.Syscall(capset, (nint)header, (nint)none));
    }
}
