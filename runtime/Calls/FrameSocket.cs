using System.Runtime.InteropServices;
using NsGen.Native;

namespace NsGen.Calls;

/// <summary>Frames on a stream socket, sent and received by blocking; with them travel descriptors (SCM_RIGHTS, unix(7)).</summary>
internal static unsafe class FrameSocket
{
    public const int HeaderSize = 9;

    // SCM_MAX_FD of the kernel
    private const int MaxDescriptors = 253;

    /// <summary>The length of a frame's content; false where the header is none of ours.</summary>
    public static bool TryGetLength(ReadOnlySpan<byte> header, out int length)
    {
        long announced = MemoryMarshal.Read<long>(header[1..]);
        length = (int)announced;
        return announced >= 0 && announced <= Array.MaxLength && (CallFrame)header[0] is >= CallFrame.Result and <= CallFrame.Stop;
    }

    /// <summary>Sends a frame, at once where it fits in the socket's buffer: the other end is woken once.</summary>
    /// <returns>False where nobody is at the other end any more.</returns>
    public static bool Send(int socket, CallFrame kind, ReadOnlySpan<byte> content, IReadOnlyList<SafeHandle> handles)
    {
        Span<byte> header = stackalloc byte[HeaderSize];
        header[0] = (byte)kind;
        MemoryMarshal.Write(header[1..], (long)content.Length);

        // Nine bytes are sent whole or not at all.
        nint sent = SendWithDescriptors(socket, header, content, handles);
        return sent >= HeaderSize && SendAll(socket, content[(int)(sent - HeaderSize)..]);
    }

    /// <summary>Receives a frame.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="descriptors">Descriptors that came with it, close-on-exec; the caller owns them.</param>
    /// <returns>Null where the other end is gone.</returns>
    public static (CallFrame Kind, byte[] Content)? Receive(int socket, out int[] descriptors)
    {
        Span<byte> header = stackalloc byte[HeaderSize];
        if (!ReceiveWithDescriptors(socket, header, out descriptors))
        {
            return null;
        }

        if (!TryGetLength(header, out int length))
        {
            return null;
        }

        byte[] content = GC.AllocateUninitializedArray<byte>(length);
        return ReceiveAll(socket, content) ? ((CallFrame)header[0], content) : null;
    }

    private static bool SendAll(int socket, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            for (int sent = 0; sent < bytes.Length;)
            {
                nint count = LibC.Send(socket, start + sent, (nuint)(bytes.Length - sent), LibC.MSG_NOSIGNAL);
                if (count >= 0)
                {
                    sent += (int)count;
                }
                else if (Marshal.GetLastPInvokeError() != Errno.EINTR)
                {
                    return false; // EPIPE, ECONNRESET
                }
            }
        }

        return true;
    }

    private static bool ReceiveAll(int socket, Span<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            for (int received = 0; received < bytes.Length;)
            {
                nint count = LibC.Recv(socket, start + received, (nuint)(bytes.Length - received), 0);
                if (count > 0)
                {
                    received += (int)count;
                }
                else if (count == 0 || Marshal.GetLastPInvokeError() != Errno.EINTR)
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <returns>How many bytes of both were sent; negative where nobody is at the other end.</returns>
    private static nint SendWithDescriptors(int socket, ReadOnlySpan<byte> header, ReadOnlySpan<byte> content, IReadOnlyList<SafeHandle> handles)
    {
        if (handles.Count > MaxDescriptors)
        {
            throw new ArgumentException($"{handles.Count} open files at once: the kernel passes at most {MaxDescriptors}.", nameof(handles));
        }

        byte* control = stackalloc byte[LibC.ControlHeaderSize + (MaxDescriptors * sizeof(int))];
        int controlLength = handles.Count == 0 ? 0 : LibC.ControlHeaderSize + (handles.Count * sizeof(int));
        *(nuint*)control = (nuint)controlLength;
        *(int*)(control + sizeof(nuint)) = LibC.SOL_SOCKET;
        *(int*)(control + sizeof(nuint) + sizeof(int)) = LibC.SCM_RIGHTS;
        var numbers = new Span<int>(control + LibC.ControlHeaderSize, handles.Count);
        int referenced = 0;
        try
        {
            for (; referenced < handles.Count; referenced++)
            {
                bool added = false;
                handles[referenced].DangerousAddRef(ref added);
                numbers[referenced] = (int)handles[referenced].DangerousGetHandle();
            }

            fixed (byte* headerStart = header, contentStart = content)
            {
                LibC.IoVector* vectors = stackalloc LibC.IoVector[2];
                vectors[0] = new() { Base = headerStart, Length = (nuint)header.Length };
                vectors[1] = new() { Base = contentStart, Length = (nuint)content.Length };
                LibC.MessageHeader message = new()
                {
                    Vectors = vectors,
                    VectorCount = 2,
                    Control = controlLength == 0 ? null : control,
                    ControlLength = (nuint)controlLength,
                };
                nint sent;
                do
                {
                    sent = LibC.SendMessage(socket, &message, LibC.MSG_NOSIGNAL);
                }
                while (sent < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR);

                return sent;
            }
        }
        finally
        {
            while (referenced > 0)
            {
                handles[--referenced].DangerousRelease();
            }
        }
    }

    private static bool ReceiveWithDescriptors(int socket, Span<byte> header, out int[] descriptors)
    {
        byte* control = stackalloc byte[LibC.ControlHeaderSize + (MaxDescriptors * sizeof(int))];
        descriptors = [];
        fixed (byte* start = header)
        {
            LibC.IoVector vector = new() { Base = start, Length = (nuint)header.Length };
            LibC.MessageHeader message = new()
            {
                Vectors = &vector,
                VectorCount = 1,
                Control = control,
                ControlLength = (nuint)(LibC.ControlHeaderSize + (MaxDescriptors * sizeof(int))),
            };
            nint count;
            do
            {
                count = LibC.ReceiveMessage(socket, &message, LibC.MSG_CMSG_CLOEXEC);
            }
            while (count < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR);

            if (count <= 0)
            {
                return false;
            }

            if (message.ControlLength >= (nuint)LibC.ControlHeaderSize)
            {
                int bytes = (int)*(nuint*)control - LibC.ControlHeaderSize;
                descriptors = new Span<int>(control + LibC.ControlHeaderSize, bytes / sizeof(int)).ToArray();
            }

            return ReceiveAll(socket, header[(int)count..]);
        }
    }
}
