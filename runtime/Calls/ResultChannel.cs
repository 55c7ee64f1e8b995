using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using NsGen.Native;
using NsGen.Waiting;

namespace NsGen.Calls;

/// <summary>
/// The parent's end of the socket pair on which a child sends its result or exception. Read on the reactor as it arrives, so a child never
/// blocks on a parent that is busy.
/// </summary>
internal sealed unsafe class ResultChannel : IDisposable
{
    public const int HeaderSize = 9;

    private readonly object _gate = new();
    private readonly SafeFileHandle _socket;
    private readonly long _token;
    private readonly byte[] _header = new byte[HeaderSize];
    private byte[]? _content;
    private int _read;
    private bool _closed;

    public ResultChannel(SafeFileHandle socket)
    {
        _socket = socket;
        lock (_gate)
        {
            _token = Reactor.Instance.Add(socket, ReadAvailable);
        }
    }

    /// <summary>The frame, once it is complete.</summary>
    public (ResultFrame Kind, ReadOnlyMemory<byte> Content)? Received { get; private set; }

    /// <summary>Asks the body to stop: one byte, which the child's listener reads.</summary>
    public void AskToStop()
    {
        lock (_gate)
        {
            if (!_closed)
            {
                byte request = 1;
                _ = LibC.Send(_socket.Number(), &request, 1, LibC.MSG_DONTWAIT | LibC.MSG_NOSIGNAL);
            }
        }
    }

    /// <summary>Reads what is there, without waiting.</summary>
    public void ReadAvailable()
    {
        lock (_gate)
        {
            while (!_closed)
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

                _read += (int)Math.Max(0, count);
                if (count <= 0 || IsComplete())
                {
                    Dispose(); // EOF, ECONNRESET, or nothing more is expected
                }
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (!_closed)
            {
                _closed = true;
                Reactor.Instance.Remove(_token);
                _socket.Dispose();
            }
        }
    }

    private bool IsComplete()
    {
        if (_content is null)
        {
            if (_read < HeaderSize)
            {
                return false;
            }

            long length = MemoryMarshal.Read<long>(_header.AsSpan(1));
            _content = GC.AllocateUninitializedArray<byte>(checked((int)length));
            _read = 0;
        }

        if (_read < _content.Length)
        {
            return false;
        }

        Received = ((ResultFrame)_header[0], _content);
        return true;
    }
}
