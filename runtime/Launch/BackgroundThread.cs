using NsGen.Native;

namespace NsGen.Launch;

/// <summary>Starts the runtime's own threads, which do little and need little stack.</summary>
internal static class BackgroundThread
{
    /// <exception cref="LaunchException">No more threads may be made.</exception>
    public static Thread Start(ThreadStart run, string name)
    {
        try
        {
            var thread = new Thread(run, maxStackSize: 256 * 1024) { IsBackground = true, Name = name };
            thread.UnsafeStart();
            return thread;
        }
        catch (OutOfMemoryException e)
        {
            // .NET's word for any failure of pthread_create(3), of which EAGAIN is the likely one.
            throw new LaunchException(
                $"start the thread \"{name}\"", Errno.EAGAIN, LaunchHints.For(LaunchStep.Clone, Errno.EAGAIN, plan: null), e);
        }
    }
}
