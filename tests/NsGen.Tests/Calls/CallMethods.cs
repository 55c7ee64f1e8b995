using System.Diagnostics;
using Microsoft.Win32.SafeHandles;
using NsGen.Native;

namespace NsGen.Tests;

/// <summary>Bodies that the tests of calls run in children of the test host.</summary>
internal static partial class CallMethods
{
    [Isolated]
    public static partial long Sum(byte[] bytes);

    private static long SumCore(byte[] bytes) => bytes.Sum(static b => (long)b);

    [Isolated]
    public static partial byte[] Fill(int length, byte value);

    private static byte[] FillCore(int length, byte value)
    {
        byte[] bytes = new byte[length];
        bytes.AsSpan().Fill(value);
        return bytes;
    }

    [Isolated]
    public static partial string Echo(string text);

    private static string EchoCore(string text) => text;

    [Isolated]
    public static partial Dictionary<string, List<int?>> Json(Dictionary<string, List<int?>> value);

    private static Dictionary<string, List<int?>> JsonCore(Dictionary<string, List<int?>> value) => value;

    [Isolated]
    public static partial Loop Cycle();

    private static Loop CycleCore() => Loop.New();

    [Isolated]
    public static partial void Take(Loop loop);

    private static void TakeCore(Loop loop) => Debug.Assert(loop is not null);

    [Isolated]
    public static partial void Throw(string how);

    private static void ThrowCore(string how) => throw (how switch
    {
        "plain" => new InvalidOperationException("no such ship"),
        "inner" => new InvalidOperationException("outer", new FormatException("middle", new KeyNotFoundException("innermost"))),
        "aggregate" => new AggregateException("several", new FormatException("one"), new InvalidOperationException("two", new TimeoutException("inside two"))),
        "own type" => new ShipException("mine"),
        _ => new TreacherousException(),
    });

    [Isolated]
    public static partial void End(string how);

    private static void EndCore(string how)
    {
#pragma warning disable NSG307 // what the caller is told then
        switch (how)
        {
            case "exit":
                Environment.Exit(3);
                break;
            case "fail fast":
                Environment.FailFast("on purpose");
                break;
            default:
                using (var self = Process.GetCurrentProcess())
                {
                    self.Kill();
                    Thread.Sleep(Timeout.Infinite);
                }

                break;
        }
#pragma warning restore NSG307
    }

    [Isolated]
    public static partial IsolatedProcess<int> Number(int number, IsolationOptions options);

    private static int NumberCore(int number) => number;

    [Isolated]
    public static partial IsolatedProcess<int> ThrowTyped(IsolationOptions options);

    private static int ThrowTypedCore() => throw new InvalidOperationException("typed");

    [Isolated]
    public static partial int Depth(int depth, IsolationOptions options);

#pragma warning disable NSG304 // a child inside a child inside a child
    private static int DepthCore(int depth) => depth == 0 ? 0 : 1 + Depth(depth - 1, new() { Namespaces = Uts });
#pragma warning restore NSG304

    [Isolated]
    public static partial string Variables(IsolationOptions options);

    private static string VariablesCore()
    {
        using var env = Process.Start(new ProcessStartInfo("/usr/bin/env") { RedirectStandardOutput = true })!;
        string seen = env.StandardOutput.ReadToEnd();
        env.WaitForExit();
        return seen + string.Join('\n', Environment.GetEnvironmentVariables().Keys.Cast<string>());
    }

    [Isolated]
    public static partial int Scribble(byte[] bytes);

    private static unsafe int ScribbleCore(byte[] bytes)
    {
        // The channel to the caller is the only socket there is.
        string link = Directory.EnumerateFiles("/proc/self/fd").First(static fd => new FileInfo(fd).LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true);
        using var channel = new SafeFileHandle(int.Parse(Path.GetFileName(link), System.Globalization.CultureInfo.InvariantCulture), ownsHandle: false);
        fixed (byte* start = bytes)
        {
            _ = LibC.Write(channel.Number(), start, (nuint)bytes.Length);
        }

#pragma warning disable NSG307 // nothing but the scribble is to arrive
        Environment.Exit(0);
#pragma warning restore NSG307
        return 0;
    }

    [Isolated]
    public static partial IsolatedProcess Speak(IsolationOptions options);

    private static void SpeakCore()
    {
        Console.WriteLine("heard " + Console.ReadLine());
        Console.Error.WriteLine("warned");
    }

    public sealed class Loop
    {
        public Loop? Next { get; set; }

        public static Loop New()
        {
            var loop = new Loop();
            loop.Next = loop;
            return loop;
        }
    }

    private sealed class ShipException(string message) : Exception(message);

    private sealed class TreacherousException : Exception
    {
        public override string Message => throw new NotSupportedException("no message for you");
    }
}
