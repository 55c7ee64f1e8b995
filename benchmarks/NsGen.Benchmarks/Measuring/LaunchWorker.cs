using System.Diagnostics;
using Microsoft.Win32.SafeHandles;

namespace NsGen.Benchmarks;

/// <summary>The C# counterpart of native/launcher.c: this program, started once more to launch on request.</summary>
internal static class LaunchWorker
{
    public const string Switch = "--worker";
    public const string Isolated = "nsgen";
    public const string IsolatedFromPool = "nsgen-pool";
    public const string ProcessStart = "process";
    public const string Thread = "thread";
    public const string Scope = "scope";

    // The step bits of native/launcher.c that NsGen's options choose; the id maps it always writes.
    private const ulong PrivateMounts = 2;
    private const ulong MountProc = 4;
    private const ulong LoopbackUp = 8;

    /// <summary>A step that has no counterpart there: <see cref="IsolationOptions.Init"/>.</summary>
    public const ulong Init = 16;

    /// <summary>A step that has no counterpart there: a root as <see cref="RootDirectory"/> makes it.</summary>
    public const ulong Root = 32;

    /// <summary>Sets how many descriptors the worker holds open, as a server holds sockets.</summary>
    public const string DescriptorsVariable = "NSGEN_BENCHMARK_DESCRIPTORS";

    private const int BlockSize = 64 << 20;

    /// <param name="arguments">METHOD HEAP_MB PROGRAM [ARGUMENT]..., as in native/launcher.c.</param>
    public static void Run(ReadOnlySpan<string> arguments)
    {
        SafeFileHandle[] open = OpenDescriptors(Environment.GetEnvironmentVariable(DescriptorsVariable));
        byte[][] heap = Touch(int.Parse(arguments[1], System.Globalization.CultureInfo.InvariantCulture));
        string program = arguments[2];
        string[] programArguments = arguments[3..].ToArray();
        Action<Request> launch = arguments[0] switch
        {
            ProcessStart => _ => LaunchByProcess(program, programArguments),
            Thread => ThreadWorker.RunBodies,
            Scope => ThreadWorker.EnterAndReturn(program),
            _ => request => LaunchIsolated(program, programArguments, request),
        };
        if (arguments[0] == IsolatedFromPool)
        {
            Task.Run(() => RequestLoop.Run(launch)).Wait();
        }
        else
        {
            RequestLoop.Run(launch);
        }

        GC.KeepAlive(heap);
        GC.KeepAlive(open);
    }

    private static void LaunchIsolated(string program, string[] arguments, Request request)
    {
        // New each time: that is what a caller writes.
        var options = new IsolationOptions
        {
            Namespaces = (Namespaces)request.Namespaces,
            Propagation = (request.Steps & PrivateMounts) != 0 ? MountPropagation.Private : MountPropagation.Unchanged,
            MountProc = (request.Steps & MountProc) != 0,
            LoopbackUp = (request.Steps & LoopbackUp) != 0,
            Init = (request.Steps & Init) != 0,
        };
        if ((request.Steps & Root) != 0)
        {
            options.RootDirectory = RootDirectory.Path;
            options.Mounts = RootDirectory.Mounts;
        }

        using IsolatedProcess process = IsolatedProcess.Start(program, arguments, options);
        Expect(process.WaitForExit().ExitCode);
    }

    private static void LaunchByProcess(string program, string[] arguments)
    {
        using Process process = Process.Start(program, arguments);
        process.WaitForExit();
        Expect(process.ExitCode);
    }

    private static void Expect(int exitCode)
    {
        if (exitCode != 0)
        {
            throw new InvalidOperationException($"The program ended with exit code {exitCode}.");
        }
    }

    private static SafeFileHandle[] OpenDescriptors(string? count)
    {
        var open = new SafeFileHandle[count is null ? 0 : int.Parse(count, System.Globalization.CultureInfo.InvariantCulture)];
        for (int i = 0; i < open.Length; i++)
        {
            open[i] = File.OpenHandle("/dev/null");
        }

        return open;
    }

    /// <summary>On the garbage-collected heap, where a .NET program has its memory.</summary>
    private static byte[][] Touch(int megabytes)
    {
        var heap = new byte[((megabytes << 10) + (BlockSize >> 10) - 1) / (BlockSize >> 10)][];
        for (int i = 0; i < heap.Length; i++)
        {
            heap[i] = new byte[BlockSize];
            for (int at = 0; at < BlockSize; at += 4096)
            {
                heap[i][at] = 1;
            }
        }

        return heap;
    }
}
