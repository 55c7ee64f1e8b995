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
        writer.WriteString(exception.Message);
        writer.WriteString(exception.StackTrace);
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
}
