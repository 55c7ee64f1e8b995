using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using NsGen.Native;
using NsGen.Waiting;

namespace NsGen.Calls;

/// <summary>
/// The parent's end of the socket pair between it and a child. Read on the reactor as data arrives, so a child never blocks on a parent
/// that is busy; while a thread waits for an answer, that thread stands in for the reactor.
/// </summary>
internal sealed unsafe class CallChannel : IDisposable
{
    private readonly object _gate = new();
    private readonly SafeFileHandle _socket;
    private readonly Action<CallFrame, byte[]> _onFrame;
    private readonly byte[] _header = new byte[FrameSocket.HeaderSize];
    private long? _token;
    private byte[]? _content;
    private int _read;
    private bool _closed;

    /// <param name="socket">The parent's end, which this object owns from now on.</param>
    /// <param name="onFrame">Is given each frame, on the reactor or on the thread that waits.</param>
    public CallChannel(SafeFileHandle socket, Action<CallFrame, byte[]> onFrame)
    {
        _socket = socket;
        _onFrame = onFrame;
        Resume();
    }

    /// <summary>Stops reading: once the socket is full, the child blocks. That is back-pressure.</summary>
    public void Pause()
    {
        lock (_gate)
        {
            if (_token is { } token)
            {
                Reactor.Instance.Remove(token);
                _token = null;
            }
        }
    }

    /// <summary>Reads on.</summary>
    public void Resume()
    {
        lock (_gate)
        {
            if (!_closed && _token is null)
            {
                _token = Reactor.Instance.Add(_socket, () => ReadAvailable());
            }
        }
    }

    /// <summary>Sends a frame. It may block until the child has read a part of it; the end of the child ends that.</summary>
    /// <returns>False where the child is gone.</returns>
    public bool Send(CallFrame kind, ReadOnlySpan<byte> content, IReadOnlyList<SafeHandle> handles)
    {
        bool added = false;
        try
        {
            // The reactor may close the channel meanwhile; the number must not be used again before this has returned.
            _socket.DangerousAddRef(ref added);
            return FrameSocket.Send(_socket.Number(), kind, content, handles);
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
        finally
        {
            if (added)
            {
                _socket.DangerousRelease();
            }
        }
    }

    /// <summary>
    /// Reads on the calling thread until an answer has come, or the channel is closed. The kernel then wakes this thread, and need not wake the
    /// reactor to do it.
    /// </summary>
    public void ReadUntil(Task answer)
    {
        bool added = false;
        try
        {
            _socket.DangerousAddRef(ref added);
            Pause();
            while (!answer.IsCompleted && !Volatile.Read(ref _closed) && Wait.ForReadable(_socket, Timeout.InfiniteTimeSpan))
            {
                ReadAvailable(evenPaused: true);
            }
        }
        catch (ObjectDisposedException)
        {
            // The child has ended, and the answer is on its way.
        }
        finally
        {
            if (added)
            {
                _socket.DangerousRelease();
            }
        }
    }

    /// <summary>Reads what is there, without waiting.</summary>
    /// <param name="evenPaused">For who stands in for the reactor, and at the end of the child: all it has sent.</param>
    public void ReadAvailable(bool evenPaused = false)
    {
        lock (_gate)
        {
            while (!_closed && (evenPaused || _token is not null))
            {
                Span<byte> target = _content is null ? _header.AsSpan(_read) : _content.AsSpan(_read);
                nint count;
                fixed (byte* start = target)
                {
                    count = LibC.Recv(_socket.Number(), start, (nuint)target.Length, LibC.MSG_DONTWAIT);
                }

                if (count < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR)
                {
                    continue;
                }

                if (count < 0 && Marshal.GetLastPInvokeError() == Errno.EAGAIN)
                {
                    return;
                }

                if (count <= 0)
                {
                    Dispose(); // EOF, ECONNRESET
                    return;
                }

                _read += (int)count;
                TakeFrame();
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (!_closed)
            {
                Pause();
                Volatile.Write(ref _closed, true);
                _ = LibC.Shutdown(_socket.Number(), LibC.SHUT_RDWR); // wakes a thread in ReadUntil; to close would not
                _socket.Dispose();
            }
        }
    }

    private void TakeFrame()
    {
        if (_content is null)
        {
            if (_read < _header.Length)
            {
                return;
            }

            if (!FrameSocket.TryGetLength(_header, out int length))
            {
                Dispose(); // not ours: the body itself has written to the channel
                return;
            }

            _content = GC.AllocateUninitializedArray<byte>(length);
            _read = 0;
        }

        if (_read < _content.Length)
        {
            return;
        }

        byte[] complete = _content;
        _content = null;
        _read = 0;
        _onFrame((CallFrame)_header[0], complete);
    }
}
