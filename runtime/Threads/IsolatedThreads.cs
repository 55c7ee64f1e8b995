using System.Collections.Concurrent;
using NsGen.Native;

namespace NsGen.Threads;

/// <summary>
/// Threads for thread-mode bodies: each runs one body and ends, and its namespaces with it. The next one is started ahead and waits, so
/// that a call does not have to: Thread.Start returns when the thread runs, which is two context switches.
/// </summary>
internal static class IsolatedThreads
{
    private static IsolatedThread? s_spare;

    [ThreadStatic]
    private static bool t_isIsolated;

    /// <summary>Threads that run a body now; they are in namespaces of their own and no leak.</summary>
    public static ConcurrentDictionary<int, bool> Running { get; } = new();

    /// <summary>
    /// As in a scope, nothing else is started from such a thread: children come from other threads and would not be in its namespaces, and a
    /// thread that is born here and kept would stay in them, with all children it ever has.
    /// </summary>
    public static void ThrowIfInside()
    {
        if (t_isIsolated)
        {
            throw new InvalidOperationException(
                "This is the body of a thread-mode method, and a child or body started now would not be in its namespaces: other threads "
                + "start them. Start it before or after, with the namespaces it needs; System.Diagnostics.Process starts a program inside.");
        }
    }

    public static void Run(Action work)
    {
        IsolatedThread thread = Interlocked.Exchange(ref s_spare, null) ?? new IsolatedThread();
        thread.Run(work);
    }

    /// <summary>
    /// Has the next thread started, by the pool, whose threads are in the process's own namespaces. Not while a call waits: it would compete
    /// with the body for a processor. Where the pool is busy, calls bring their threads themselves.
    /// </summary>
    public static void Refill() => ThreadPool.UnsafeQueueUserWorkItem(
        static _ =>
        {
            if (Volatile.Read(ref s_spare) is null)
            {
                // Two may come at once; one is let go.
                Interlocked.Exchange(ref s_spare, new IsolatedThread())?.Run(static () => { });
            }
        },
        null);

    private sealed class IsolatedThread
    {
        private readonly FutexSemaphore _given = new();
        private Action? _work;

        public IsolatedThread() => new Thread(Main) { IsBackground = true, Name = "NsGen isolated" }.UnsafeStart();

        public void Run(Action work)
        {
            _work = work;
            _given.Release();
        }

        private void Main()
        {
            _given.Wait();
            t_isIsolated = true;
            _work!();
        }
    }
}
