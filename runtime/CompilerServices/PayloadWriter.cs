using System.Buffers;
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

/// <summary>
/// Writes arguments or a result for the other side of an isolated call; <see cref="PayloadReader"/> reads them in the same order. Both
/// sides are the same program on the same machine, so primitives travel as their bytes. Not for use in your own code.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class PayloadWriter
{
    private byte[] _buffer = [];
    private int _length;

    /// <summary>Open files that travel along as descriptors.</summary>
    internal List<SafeHandle> Handles { get; } = [];

    /// <summary>What to do with reports of progress, by the number of their parameter.</summary>
    internal List<Action<PayloadReader>> ProgressHandlers { get; } = [];

    internal ReadOnlyMemory<byte> Written => new(_buffer, 0, _length);

    /// <summary>Writes a value without references: a primitive, an enum, a Guid, a DateTime ….</summary>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <param name="value">The value.</param>
    public void WriteValue<T>(T value)
        where T : unmanaged
        => Unsafe.WriteUnaligned(ref MemoryMarshal.GetReference(Reserve(Unsafe.SizeOf<T>())), value);

    /// <summary>Writes a nullable value.</summary>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <param name="value">The value, or null.</param>
    public void WriteNullable<T>(T? value)
        where T : unmanaged
    {
        WriteValue(value.HasValue);
        if (value.HasValue)
        {
            WriteValue(value.GetValueOrDefault());
        }
    }

    /// <summary>Writes a string as UTF-16, so that unpaired surrogates survive.</summary>
    /// <param name="value">The string, or null.</param>
    public void WriteString(string? value)
    {
        if (WriteLength(value?.Length))
        {
            MemoryMarshal.AsBytes(value.AsSpan()).CopyTo(Reserve(checked(value!.Length * sizeof(char))));
        }
    }

    /// <summary>Writes a Uri, relative or absolute.</summary>
    /// <param name="value">The Uri, or null.</param>
    public void WriteUri(Uri? value) => WriteString(value?.OriginalString);

    /// <summary>Writes an array of values without references.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="value">The array, or null.</param>
    public void WriteArray<T>(T[]? value)
        where T : unmanaged
    {
        if (WriteLength(value?.Length))
        {
            MemoryMarshal.AsBytes(value.AsSpan()).CopyTo(Reserve(checked(value!.Length * Unsafe.SizeOf<T>())));
        }
    }

    /// <summary>Writes an array of strings, any of which may be null.</summary>
    /// <param name="value">The array, or null.</param>
    public void WriteStrings(string?[]? value)
    {
        if (WriteLength(value?.Length))
        {
            foreach (string? item in value!)
            {
                WriteString(item);
            }
        }
    }

    /// <summary>Writes bytes.</summary>
    /// <param name="value">The bytes.</param>
    public void WriteMemory(ReadOnlyMemory<byte> value)
    {
        WriteLength(value.Length);
        value.Span.CopyTo(Reserve(value.Length));
    }

    /// <summary>Passes an open file on. The other side gets a descriptor of its own; this side keeps its handle.</summary>
    /// <param name="value">The handle, or null.</param>
    public void WriteFileHandle(SafeFileHandle? value) => WriteHandle(value);

    /// <summary>Passes an open file on, at its present position; what is buffered is written first.</summary>
    /// <param name="value">The stream, or null.</param>
    public void WriteFileStream(FileStream? value)
    {
        if (WriteHandle(value?.SafeFileHandle)) // flushes
        {
            WriteValue((value!.CanRead ? FileAccess.Read : 0) | (value.CanWrite ? FileAccess.Write : 0));
            WriteValue(value.CanSeek ? value.Position : -1);
        }
    }

    /// <summary>Passes a socket on, connected, bound or listening as it is.</summary>
    /// <param name="value">The socket, or null.</param>
    public void WriteSocket(Socket? value) => WriteHandle(value?.SafeHandle);

    /// <summary>Passes one end of a pipe on.</summary>
    /// <param name="value">The stream, or null.</param>
    public void WritePipeStream(PipeStream? value)
    {
        if (WriteHandle(value?.SafePipeHandle))
        {
            WriteValue(value!.CanRead ? PipeDirection.In : PipeDirection.Out);
        }
    }

    /// <summary>Passes a namespace on.</summary>
    /// <param name="value">The handle, or null.</param>
    public void WriteNamespaceHandle(NamespaceHandle? value) => WriteHandle(value);

    /// <summary>Passes an <see cref="IProgress{T}"/> on; the child's parameters of that kind are numbered in the order of these calls.</summary>
    /// <param name="report">Reads a report and hands it over.</param>
    public void WriteProgress(Action<PayloadReader> report) => ProgressHandlers.Add(report);

    /// <summary>Writes any other value as JSON, with the metadata that a context was generated with.</summary>
    /// <typeparam name="T">The declared type.</typeparam>
    /// <param name="value">The value.</param>
    /// <param name="context">The context named by <see cref="IsolatedAttribute.JsonContext"/>.</param>
    /// <exception cref="NotSupportedException">The context does not know <typeparamref name="T"/>.</exception>
    /// <exception cref="JsonException">The value cannot be written.</exception>
    public void WriteJson<T>(T value, JsonSerializerContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        WriteJson(writer => JsonSerializer.Serialize(writer, value, PayloadJson.TypeInfo<T>(context)));
    }

    /// <summary>Writes any other value as JSON by reflection.</summary>
    /// <typeparam name="T">The declared type.</typeparam>
    /// <param name="value">The value.</param>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> has a part that JSON cannot hold.</exception>
    /// <exception cref="JsonException">The value cannot be written, for example because it contains itself.</exception>
    [RequiresUnreferencedCode(PayloadJson.ReflectionMessage)]
    [RequiresDynamicCode(PayloadJson.ReflectionMessage)]
    public void WriteJson<T>(T value)
        => WriteJson(writer => JsonSerializer.Serialize(writer, value, PayloadJson.ReflectionOptions()));

    private bool WriteHandle([NotNullWhen(true)] SafeHandle? value)
    {
        WriteValue(value is not null);
        if (value is not null)
        {
            Handles.Add(value);
        }

        return value is not null;
    }

    private void WriteJson(Action<Utf8JsonWriter> serialize)
    {
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json))
        {
            serialize(writer);
        }

        WriteMemory(json.WrittenMemory);
    }

    /// <summary>The next so many bytes, to be written at once.</summary>
    private Span<byte> Reserve(int count)
    {
        int start = _length;
        int end = checked(start + count);
        if (end > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Max(end, (int)Math.Min(2L * _buffer.Length, Array.MaxLength)));
        }

        _length = end;
        return new Span<byte>(_buffer, start, count);
    }

    /// <summary>Writes a length, -1 for null.</summary>
    private bool WriteLength([NotNullWhen(true)] int? length)
    {
        WriteValue(length ?? -1);
        return length.HasValue;
    }
}
