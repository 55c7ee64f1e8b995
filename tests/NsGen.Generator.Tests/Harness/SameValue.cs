using System.Collections;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NsGen.Generator.Tests.Harness;

/// <summary>
/// Whether a value came back as it went: bit by bit where it has no references (NaN, -0.0, a DateTime's kind), item by item where it is
/// a list.
/// </summary>
internal static class SameValue
{
    public static bool Are(object? sent, object? received) => (sent, received) switch
    {
        (null, null) => true,
        (null, _) or (_, null) => false,
        _ when sent.GetType() != received.GetType() => false,
        (string a, string b) => string.Equals(a, b, StringComparison.Ordinal),
        (Uri a, Uri b) => a.OriginalString == b.OriginalString && a.IsAbsoluteUri == b.IsAbsoluteUri,
        (ReadOnlyMemory<byte> a, ReadOnlyMemory<byte> b) => a.Span.SequenceEqual(b.Span),
        (Memory<byte> a, Memory<byte> b) => a.Span.SequenceEqual(b.Span),
        (IDictionary a, IDictionary b) => a.Count == b.Count && a.Keys.Cast<object>().All(key => b.Contains(key) && Are(a[key], b[key])),
        (IEnumerable a, IEnumerable b) => Items(a, b),
        (ITuple a, ITuple b) when ContainsReferences(sent) => Enumerable.Range(0, a.Length).All(i => Are(a[i], b[i])),
        _ when !ContainsReferences(sent) => Bytes(sent).SequenceEqual(Bytes(received)),
        _ => sent.Equals(received),
    };

    private static bool Items(IEnumerable sent, IEnumerable received)
    {
        object?[] a = [.. sent.Cast<object?>()];
        object?[] b = [.. received.Cast<object?>()];
        return a.Length == b.Length && a.Zip(b, Are).All(static same => same);
    }

    private static bool ContainsReferences(object value) => (bool)typeof(RuntimeHelpers)
        .GetMethod(nameof(RuntimeHelpers.IsReferenceOrContainsReferences))!
        .MakeGenericMethod(value.GetType())
        .Invoke(null, null)!;

    private static byte[] Bytes(object value) => (byte[])typeof(SameValue)
        .GetMethod(nameof(BytesOf), System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic)!
        .MakeGenericMethod(value.GetType())
        .Invoke(null, [value])!;

    private static byte[] BytesOf<T>(T value)
        where T : unmanaged
        => MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)).ToArray();
}
