using Microsoft.Win32.SafeHandles;
using NsGen.Native;

namespace NsGen.Waiting;

/// <summary>
/// A timer on the reactor: it fires even when every pool thread is blocked, which is when a timeout is needed most.
/// </summary>
internal sealed unsafe class Deadline : IDisposable
{
    private const int ClockMonotonic = 1;

    private readonly SafeFileHandle _timer;
    private readonly Action _elapsed;
    private readonly long _token;
    private int _disposed;

    public Deadline(TimeSpan after, Action elapsed)
    {
        _elapsed = elapsed;
        _timer = FileDescriptor.Owned(FileDescriptor.Check(LibC.TimerFdCreate(ClockMonotonic, LibC.O_CLOEXEC | LibC.O_NONBLOCK), "create a timer"));
        long ticks = Math.Max(1, after.Ticks); // zero would disarm it
        LibC.TimerSpec spec = new()
        {
            ValueSeconds = (nint)(ticks / TimeSpan.TicksPerSecond),
            ValueNanoseconds = (nint)(ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick),
        };
        _token = Reactor.Instance.Add(_timer, OnElapsed);

        // Last: it cannot elapse before the token is known.
        FileDescriptor.Check(LibC.TimerFdSetTime(_timer.Number(), 0, &spec, null), "set a timer");
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            Reactor.Instance.Remove(_token);
            _timer.Dispose();
        }
    }

    private void OnElapsed()
    {
        Dispose();
        _elapsed();
    }
}
