using System.Runtime.ExceptionServices;
using NsGen.Native;

namespace NsGen.Threads;

/// <summary>Has another thread do a piece of work, and brings its result or exception back.</summary>
internal static class Handover
{
    // One is enough for a thread: it waits for one piece of work at a time.
    [ThreadStatic]
    private static FutexSemaphore? t_done;

    /// <summary>Blocks until <paramref name="work"/> is done.</summary>
    /// <param name="give">Gives an action to the thread that is to do it.</param>
    /// <param name="work">The work.</param>
    public static T Wait<T>(Action<Action> give, Func<T> work)
    {
        FutexSemaphore done = t_done ??= new FutexSemaphore();
        T result = default!;
        ExceptionDispatchInfo? failure = null;
        give(() =>
        {
            try
            {
                result = work();
            }
#pragma warning disable CA1031 // The exception belongs to the caller, who waits.
            catch (Exception e)
#pragma warning restore CA1031
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }

            done.Release();
        });
        done.Wait();
        failure?.Throw();
        return result;
    }

    /// <summary>The task ends when <paramref name="work"/> is done.</summary>
    /// <inheritdoc cref="Wait"/>
    public static Task<T> Await<T>(Action<Action> give, Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        give(() =>
        {
            try
            {
                done.SetResult(work());
            }
#pragma warning disable CA1031 // The exception belongs to the caller, who waits on the task.
            catch (Exception e)
#pragma warning restore CA1031
            {
                done.SetException(e);
            }
        });
        return done.Task;
    }
}
