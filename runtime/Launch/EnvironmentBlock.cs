using System.Collections;
using System.Text;

namespace NsGen.Launch;

/// <summary>An environment as execve(2) takes it: NAME=value in UTF-8, checked.</summary>
internal sealed class EnvironmentBlock
{
    private static EnvironmentBlock? s_last;

    private readonly byte[] _text;
    private readonly int[] _starts;
    private readonly string[] _source;

    private EnvironmentBlock(byte[] text, int[] starts, string[] source)
    {
        _text = text;
        _starts = starts;
        _source = source;
    }

    public static EnvironmentBlock Empty { get; } = new([], [], []);

    /// <summary>The variables, each ended by a zero.</summary>
    public ReadOnlySpan<byte> Text => _text;

    /// <summary>Where each variable starts in <see cref="Text"/>.</summary>
    public ReadOnlySpan<int> Starts => _starts;

    /// <summary>Encodes variables; a null value leaves one out.</summary>
    /// <exception cref="ArgumentException">The kernel or the C library could not tell a name from its value.</exception>
    public static EnvironmentBlock Of(IReadOnlyDictionary<string, string?> variables)
    {
        var source = new List<string>(2 * variables.Count);
        foreach ((string name, string? value) in variables)
        {
            if (value is not null)
            {
                source.Add(name);
                source.Add(value);
            }
        }

        return Encode([.. source]);
    }

    /// <summary>
    /// This process's own variables. Encoded anew only where one has changed: a launch has 60 microseconds to spend (docs/performance.md), and
    /// the encoding of fifty variables would take ten. They are compared by reference, as the runtime keeps a string until it is replaced.
    /// </summary>
    public static EnvironmentBlock OfThisProcess()
    {
        IDictionary variables = Environment.GetEnvironmentVariables();
        EnvironmentBlock? last = Volatile.Read(ref s_last);
        if (last is null || !last.HasSource(variables))
        {
            var source = new string[2 * variables.Count];
            int index = 0;
            for (IDictionaryEnumerator variable = variables.GetEnumerator(); variable.MoveNext();)
            {
                source[index++] = (string)variable.Key;
                source[index++] = (string?)variable.Value ?? "";
            }

            last = Encode(source);
            Volatile.Write(ref s_last, last);
        }

        return last;
    }

    private bool HasSource(IDictionary variables)
    {
        if (_source.Length != 2 * variables.Count)
        {
            return false;
        }

        int index = 0;
        for (IDictionaryEnumerator variable = variables.GetEnumerator(); variable.MoveNext(); index += 2)
        {
            if (!ReferenceEquals(variable.Key, _source[index]) || !ReferenceEquals(variable.Value, _source[index + 1]))
            {
                return false;
            }
        }

        return true;
    }

    private static EnvironmentBlock Encode(string[] source)
    {
        int[] starts = new int[source.Length / 2];
        byte[] text = new byte[source.Sum(static s => Encoding.UTF8.GetByteCount(s) + 1)];
        int end = 0;
        for (int i = 0; i < source.Length; i += 2)
        {
            Check(source[i], source[i + 1]);
            starts[i / 2] = end;
            end += Encoding.UTF8.GetBytes(source[i], text.AsSpan(end));
            text[end++] = (byte)'=';
            end += Encoding.UTF8.GetBytes(source[i + 1], text.AsSpan(end)) + 1;
        }

        return new EnvironmentBlock(text, starts, source);
    }

    private static void Check(string name, string value)
    {
        if (name.Length == 0 || name.Contains('=', StringComparison.Ordinal))
        {
            throw new ArgumentException($"\"{name}\" is not a name for an environment variable: it is empty or holds '='.", nameof(name));
        }

        if (name.Contains('\0', StringComparison.Ordinal) || value.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException($"The environment variable {name} holds a zero character, which would cut it short on its way through the kernel.", nameof(value));
        }
    }
}
