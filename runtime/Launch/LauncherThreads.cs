using System.Collections.Concurrent;

namespace NsGen.Launch;

/// <summary>
/// The threads that clone. PR_SET_PDEATHSIG fires when the thread that cloned ends, not the process, so a child must come from a thread
/// that lives as long as the process; and the thread is suspended until the child's execve, which must not be a pool thread's fate.
/// As many as there are processors, made when needed, each with a stack of its own for its children.
/// </summary>
internal static class LauncherThreads
{
    private static readonly BlockingCollection<Action> s_work = [];
    private static int s_idle;
    private static int s_count;

    [ThreadStatic]
    private static ChildStack? t_stack;

    /// <summary>Runs <paramref name="launch"/> on a launcher thread.</summary>
    public static Task<T> Run<T>(Func<T> launch)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        s_work.Add(() =>
        {
            try
            {
                done.SetResult(launch());
            }
#pragma warning disable CA1031 // The exception belongs to the caller, who waits on the task.
            catch (Exception e)
#pragma warning restore CA1031
            {
                done.SetException(e);
            }
        });
        if (Volatile.Read(ref s_idle) < s_work.Count && Volatile.Read(ref s_count) < Environment.ProcessorCount)
        {
            AddThread();
        }

        return done.Task;
    }

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

    private static void AddThread()
    {
        int number = Interlocked.Increment(ref s_count);
        if (number > Environment.ProcessorCount)
        {
            Interlocked.Decrement(ref s_count);
            return;
        }

        new Thread(Work, maxStackSize: 256 * 1024) { IsBackground = true, Name = $"NsGen launcher {number}" }.UnsafeStart();
    }

    private static void Work()
    {
        while (true)
        {
            Interlocked.Increment(ref s_idle);
            Action launch = s_work.Take();
            Interlocked.Decrement(ref s_idle);
            launch();
        }
    }
}
