using NsGen.CompilerServices;

namespace NsGen.Calls;

/// <summary>An exception on its way from the child: what it says, not what it is, since its type need not be serialisable.</summary>
internal static class RemoteException
{
    // A chain longer than this is cut; it would be an exception that wraps itself.
    private const int MaxDepth = 32;

    public static void Write(PayloadWriter writer, Exception exception) => Write(writer, exception, 0);

    public static IsolatedMethodException Read(PayloadReader reader)
    {
        string type = reader.ReadString()!;
        string message = reader.ReadString()!;
        string? stack = reader.ReadString();
        int count = reader.ReadValue<int>();
        if ((uint)count > (uint)reader.Length)
        {
            throw new InvalidDataException($"{count} inner exceptions do not fit into {reader.Length} bytes.");
        }

        var inner = new IsolatedMethodException[count];
        for (int i = 0; i < inner.Length; i++)
        {
            inner[i] = Read(reader);
        }

        return new IsolatedMethodException(type, message, stack, inner);
    }

    private static void Write(PayloadWriter writer, Exception exception, int depth)
    {
        writer.WriteString(exception.GetType().FullName);
        writer.WriteString(Ask(static e => e.Message, exception));
        writer.WriteString(Ask(static e => e.StackTrace, exception));
        Exception[] inner = depth == MaxDepth
            ? []
            : exception is AggregateException aggregate
                ? [.. aggregate.InnerExceptions]
                : exception.InnerException is { } single ? [single] : [];
        writer.WriteValue(inner.Length);
        foreach (Exception e in inner)
        {
            Write(writer, e, depth + 1);
        }
    }

    /// <summary>Both are virtual, and a type's own may throw: the exception is worth more than its text.</summary>
    private static string? Ask(Func<Exception, string?> property, Exception exception)
    {
        try
        {
            return property(exception);
        }
#pragma warning disable CA1031 // It is told in place of the text.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return $"(not to be had: asking for it threw {e.GetType()})";
        }
    }
}
