using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace NsGen.TestApp;

/// <summary>Bodies in thread mode that are the first to use what .NET starts threads for, and keeps them.</summary>
internal static partial class ThreadTest
{
    private static readonly Dictionary<string, Action> s_uses = new()
    {
        ["Process"] = static () => Process.Start("/bin/true").WaitForExit(),
        ["Console"] = static () => Console.CancelKeyPress += static (_, _) => { },
        ["signals"] = static () => PosixSignalRegistration.Create(PosixSignal.SIGHUP, static _ => { }).Dispose(),
        ["the pool"] = static () => Task.Run(static () => { }).Wait(),
        ["a timer"] = static () => Task.Delay(1).Wait(),
        ["a socket"] = UseSocket,
    };

    public static int Run()
    {
        foreach ((string name, Action use) in s_uses)
        {
            try
            {
                Use(use);
            }
            catch (NamespaceLeakException e)
            {
                Console.WriteLine($"{name}: {e.Message}");
                return 1;
            }
        }

        return 0;
    }

    private static void UseSocket()
    {
        using var socket = new UdpClient("localhost", 9);
        using var patience = new CancellationTokenSource(10);
        try
        {
            socket.ReceiveAsync(patience.Token).AsTask().Wait();
        }
        catch (AggregateException)
        {
            // Nobody answers.
        }
    }

    [Isolated(Uts, Mode = IsolationMode.Thread)]
    private static partial void Use(Action use);

    private static void UseCore(Action use) => use();
}
