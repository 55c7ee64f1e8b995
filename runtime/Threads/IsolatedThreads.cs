using System.Collections.Concurrent;

namespace NsGen.Threads;

/// <summary>
/// Threads for thread-mode bodies: each runs one body and ends, and its namespaces with it. The next one is started ahead and waits, so
/// that a call does not have to.
/// </summary>
internal static class IsolatedThreads
{
    private static IsolatedThread? s_spare;

    /// <summary>Threads that run a body now; they are in namespaces of their own and no leak.</summary>
    public static ConcurrentDictionary<int, bool> Running { get; } = new();

    public static void Run(Action work)
    {
        IsolatedThread thread = Interlocked.Exchange(ref s_spare, null) ?? new IsolatedThread();
        thread.Run(work);
        if (Volatile.Read(ref s_spare) is null)
        {
            // Two calls may both bring one; the second is let go.
            Interlocked.Exchange(ref s_spare, new IsolatedThread())?.Run(static () => { });
        }
    }

    private sealed class IsolatedThread
    {
        private readonly object _gate = new();
        private Action? _work;

        public IsolatedThread() => new Thread(Main) { IsBackground = true, Name = "NsGen isolated" }.UnsafeStart();

        public void Run(Action work)
        {
            lock (_gate)
            {
                _work = work;
                Monitor.Pulse(_gate);
            }
        }

        private void Main()
        {
            Action? work;
            lock (_gate)
            {
                while ((work = _work) is null)
                {
                    Monitor.Wait(_gate);
                }
            }

            work();
        }
    }
}
