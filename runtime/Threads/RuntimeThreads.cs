using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace NsGen.Threads;

/// <summary>
/// Threads that .NET starts when they are first needed and keeps for ever. Born in a thread-mode body they would stay in its namespace, so
/// they are started before the first one.
/// </summary>
internal static class RuntimeThreads
{
    private static readonly Lazy<bool> s_started = new(Start);

    public static void EnsureStarted() => _ = s_started.Value;

    private static bool Start()
    {
        // Pool workers, and with the first one the pool's gate thread.
        ThreadPool.GetMinThreads(out int workers, out _);

        // Not disposed of: where the pool is busy, an item comes to its turn when this method has long returned.
        var all = new CountdownEvent(workers);
        var hold = new ManualResetEventSlim();
        for (int i = 0; i < workers; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(
                _ =>
                {
                    all.Signal();
                    hold.Wait(TimeSpan.FromSeconds(1));
                },
                null);
        }

        // A pool that is busy with the program's own work has its threads already.
        all.Wait(TimeSpan.FromSeconds(1));
        hold.Set();

        // The timer thread.
        var fired = new ManualResetEventSlim();
        using (new Timer(static state => ((ManualResetEventSlim)state!).Set(), fired, 1, Timeout.Infinite))
        {
            fired.Wait(TimeSpan.FromSeconds(1));
        }

        // The thread that waits for signals, which Process and Console need. SIGWINCH is ignored by default, so nothing is missed meanwhile;
        // and after SIGCHLD .NET would reap every child there is where it is PID 1.
        PosixSignalRegistration.Create(PosixSignal.SIGWINCH, static _ => { }).Dispose();

        StartSocketEngine();
        _ = LastBorn.Read(); // starts one to see whether it can be believed
        return true;
    }

    /// <summary>The first asynchronous socket operation that has to wait starts the engine's threads.</summary>
    private static void StartSocketEngine()
    {
        string name = $"\0nsgen-{Guid.NewGuid():N}"; // abstract: no file
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(name));
        listener.Listen(1);
        using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        client.Connect(new UnixDomainSocketEndPoint(name));
        using Socket server = listener.Accept();
        Task<int> received = server.ReceiveAsync(new byte[1], SocketFlags.None);
        client.Send([1]);
        received.Wait(TimeSpan.FromSeconds(1));
    }
}
