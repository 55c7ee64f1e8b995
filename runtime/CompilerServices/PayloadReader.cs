using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipes;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Win32.SafeHandles;

namespace NsGen.CompilerServices;

/// <summary>Reads what a <see cref="PayloadWriter"/> wrote, in the same order. Not for use in your own code.</summary>
/// <remarks>
/// Written for a child that has just started, as the writer is: each generic method of the framework that it would use is one more that the
/// JIT has to compile then (docs/performance.md).
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class PayloadReader
{
    private readonly int[] _descriptors = [];
    private int _descriptorsTaken;
    private ReadOnlyMemory<byte> _rest;

    internal PayloadReader(ReadOnlyMemory<byte> payload) => _rest = payload;

    internal PayloadReader(ReadOnlyMemory<byte> payload, int[] descriptors)
        : this(payload) => _descriptors = descriptors;

    /// <summary>Reads a value without references.</summary>
    /// <typeparam name="T">The value's type.</typeparam>
    public T ReadValue<T>()
        where T : unmanaged
        => Unsafe.ReadUnaligned<T>(ref MemoryMarshal.GetReference(Take(Unsafe.SizeOf<T>())));

    /// <summary>Reads a nullable value.</summary>
    /// <typeparam name="T">The value's type.</typeparam>
    public T? ReadNullable<T>()
        where T : unmanaged
        => ReadValue<bool>() ? ReadValue<T>() : null;

    /// <summary>Reads a string, or null.</summary>
    public unsafe string? ReadString()
    {
        int length = ReadValue<int>();
        if (length < 0)
        {
            return null;
        }

        fixed (byte* characters = Take(checked(length * sizeof(char))))
        {
            return new string((char*)characters, 0, length);
        }
    }

    /// <summary>Reads a Uri, or null.</summary>
    public Uri? ReadUri() => ReadString() is { } text ? new Uri(text, UriKind.RelativeOrAbsolute) : null;

    /// <summary>Reads an array of values without references, or null.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    public T[]? ReadArray<T>()
        where T : unmanaged
    {
        int length = ReadValue<int>();
        return length < 0 ? null : MemoryMarshal.Cast<byte, T>(Take(checked(length * Unsafe.SizeOf<T>()))).ToArray();
    }

    /// <summary>Reads an array of strings, or null. The strings may be null only where null was written.</summary>
    public string[]? ReadStrings()
    {
        int length = ReadValue<int>();
        if (length < 0)
        {
            return null;
        }

        var strings = new string[length];
        for (int i = 0; i < length; i++)
        {
            strings[i] = ReadString()!;
        }

        return strings;
    }

    /// <summary>Reads bytes. The memory is the reader's own buffer, which nobody else changes.</summary>
    public ReadOnlyMemory<byte> ReadMemory() => TakeMemory(ReadValue<int>());

    /// <summary>Takes an open file that was passed on, or null.</summary>
    public SafeFileHandle? ReadFileHandle() => ReadDescriptor() is { } fd ? new SafeFileHandle(fd, ownsHandle: true) : null;

    /// <summary>Takes an open file that was passed on, or null.</summary>
    public FileStream? ReadFileStream()
    {
        if (ReadFileHandle() is not { } handle)
        {
            return null;
        }

        var stream = new FileStream(handle, ReadValue<FileAccess>());
        long position = ReadValue<long>();
        if (position >= 0)
        {
            stream.Position = position;
        }

        return stream;
    }

    /// <summary>Takes a socket that was passed on, or null.</summary>
    public Socket? ReadSocket() => ReadDescriptor() is { } fd ? new Socket(new SafeSocketHandle(fd, ownsHandle: true)) : null;

    /// <summary>Takes one end of a pipe that was passed on, or null.</summary>
    public PipeStream? ReadPipeStream()
        => ReadDescriptor() is { } fd
            ? new AnonymousPipeClientStream(ReadValue<PipeDirection>(), new SafePipeHandle(fd, ownsHandle: true))
            : null;

    /// <summary>Takes a namespace that was passed on, or null.</summary>
    public NamespaceHandle? ReadNamespaceHandle()
    {
        using SafeFileHandle? handle = ReadFileHandle();
        return handle is null ? null : NamespaceHandle.FromDescriptor(handle);
    }

    /// <summary>Reads a value that was written as JSON, with a context's metadata.</summary>
    /// <typeparam name="T">The declared type.</typeparam>
    /// <param name="context">The context that wrote it.</param>
    /// <exception cref="JsonException">The type cannot be read back.</exception>
    public T? ReadJson<T>(JsonSerializerContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return JsonSerializer.Deserialize(ReadMemory().Span, PayloadJson.TypeInfo<T>(context));
    }

    /// <summary>Reads a value that was written as JSON, by reflection.</summary>
    /// <typeparam name="T">The declared type.</typeparam>
    /// <exception cref="JsonException">The type cannot be read back.</exception>
    [RequiresUnreferencedCode(PayloadJson.ReflectionMessage)]
    [RequiresDynamicCode(PayloadJson.ReflectionMessage)]
    public T? ReadJson<T>() => JsonSerializer.Deserialize<T>(ReadMemory().Span, PayloadJson.ReflectionOptions());

    /// <summary>Bytes not read yet.</summary>
    internal int Length => _rest.Length;

    /// <summary>In this process, close-on-exec, to be owned by the caller.</summary>
    private nint? ReadDescriptor() => ReadValue<bool>() ? NextDescriptor() : null;

    private int NextDescriptor() => _descriptorsTaken < _descriptors.Length
        ? _descriptors[_descriptorsTaken++]
        : throw new InvalidDataException("The other side of the isolated call passed fewer open files than this side takes.");

    private ReadOnlySpan<byte> Take(int length) => TakeMemory(length).Span;

    private ReadOnlyMemory<byte> TakeMemory(int length)
    {
        if ((uint)length > (uint)_rest.Length)
        {
            throw new InvalidDataException("The other side of the isolated call wrote less than this side reads.");
        }

        ReadOnlyMemory<byte> taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }
}
