using System.Collections.Concurrent;
using NsGen.Native;
using NsGen.Threads;

namespace NsGen.Launch;

/// <summary>
/// The threads that clone. PR_SET_PDEATHSIG fires when the thread that cloned ends, not the process, so a child must come from a thread
/// that lives as long as the process; and the thread is suspended until the child's execve, which must not be a pool thread's fate.
/// As many as there are processors, made when needed, each with a stack of its own for its children.
/// </summary>
internal static class LauncherThreads
{
    private static readonly ConcurrentQueue<Action> s_work = [];
    private static readonly FutexSemaphore s_pending = new();
    private static int s_idle;
    private static int s_count;

    [ThreadStatic]
    private static ChildStack? t_stack;

    /// <summary>
    /// Whether the calling thread is the process's first: it ends with the process (the runtime keeps it in Main's caller until the last
    /// foreground thread is gone), so that a child need not come from another thread for the parent-death signal's sake.
    /// </summary>
    public static bool OutlivesProcess() => LibC.Syscall(SyscallNumbers.GetTid) == LibC.GetPid();

    /// <summary>Runs <paramref name="launch"/> on a launcher thread, while the calling thread blocks.</summary>
    public static T Run<T>(Func<T> launch) => Handover.Wait(Add, launch);

    /// <summary>Runs <paramref name="launch"/> on a launcher thread.</summary>
    public static Task<T> RunAsync<T>(Func<T> launch) => Handover.Await(Add, launch);

    /// <summary>The calling thread's stack for children, at least <paramref name="size"/> bytes, reused from launch to launch.</summary>
    public static ChildStack Stack(int size)
    {
        if (t_stack is null || t_stack.Size < size)
        {
            t_stack?.Dispose();
            t_stack = null; // in case the next line throws
            t_stack = new ChildStack(size);
        }

        return t_stack;
    }

    private static void Add(Action launch)
    {
        // Before the work is handed over: where a thread cannot be made, nobody would do it, or worse, do it later unasked.
        if (Volatile.Read(ref s_idle) <= s_work.Count && Volatile.Read(ref s_count) < Environment.ProcessorCount)
        {
            AddThread();
        }

        s_work.Enqueue(launch);
        s_pending.Release();
    }

    private static void AddThread()
    {
        int number = Interlocked.Increment(ref s_count);
        if (number > Environment.ProcessorCount)
        {
            Interlocked.Decrement(ref s_count);
            return;
        }

        try
        {
            BackgroundThread.Start(Work, $"NsGen launcher {number}");
        }
        catch (LaunchException)
        {
            if (Interlocked.Decrement(ref s_count) == 0)
            {
                throw;
            }

            // The threads there are will do it.
        }
    }

    private static void Work()
    {
        while (true)
        {
            Interlocked.Increment(ref s_idle);
            s_pending.Wait();
            Interlocked.Decrement(ref s_idle);
            if (s_work.TryDequeue(out Action? launch))
            {
                launch();
            }
        }
    }
}
