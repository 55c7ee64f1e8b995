using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace NsGen.Benchmarks;

/// <summary>What a contender is asked to do once; native/launcher.c reads the same bytes.</summary>
/// <param name="Namespaces">CLONE_NEW* flags.</param>
/// <param name="Steps">What the child does in them.</param>
internal readonly record struct Request(ulong Namespaces, ulong Steps);

/// <summary>
/// A contender's side of the measurement: for each request on standard input one launch, and its nanoseconds on standard output. Plain
/// descriptors, so that nothing of the console's machinery runs in between.
/// </summary>
internal static class RequestLoop
{
    /// <summary>Serves until standard input ends.</summary>
    /// <param name="launch">Launches and waits; throws where the child failed.</param>
    /// <param name="prepare">What comes before it and is not measured.</param>
    /// <param name="clock">What is read before and after; the clock on the wall unless something else is given.</param>
    public static void Run(Action<Request> launch, Action<Request>? prepare = null, Func<TimeSpan>? clock = null)
    {
        clock ??= static () => Stopwatch.GetElapsedTime(0);
        using var input = new FileStream(new SafeFileHandle(0, ownsHandle: false), FileAccess.Read, bufferSize: 0);
        using var output = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        Span<byte> bytes = stackalloc byte[16];
        while (input.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length)
        {
            Request request = MemoryMarshal.Read<Request>(bytes);
            prepare?.Invoke(request);
            TimeSpan start = clock();
            launch(request);
            long nanoseconds = (long)(clock() - start).TotalNanoseconds;
            output.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<long>(in nanoseconds)));
        }
    }
}
