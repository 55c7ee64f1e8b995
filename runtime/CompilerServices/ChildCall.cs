using System.ComponentModel;
using System.Runtime.CompilerServices;
using NsGen.Calls;

namespace NsGen.CompilerServices;

/// <summary>The call that this process was started for, as the generated code in the child sees it. Not for use in your own code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ChildCall
{
    internal ChildCall(PayloadReader arguments, CancellationToken cancellationToken)
    {
        Arguments = arguments;
        CancellationToken = cancellationToken;
    }

    /// <summary>The arguments.</summary>
    public PayloadReader Arguments { get; }

    /// <summary>Cancelled when the caller's token is.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>The result goes here.</summary>
    public PayloadWriter Result { get; } = new();

    /// <summary>This process's exit code: an int result's low 8 bits, else 0.</summary>
    public int ExitCode { get; set; }

    /// <summary>Whether this call only makes a warm child ready: the body must not run.</summary>
    public bool IsRehearsal { get; internal init; }

    /// <summary>Sends a frame to the caller.</summary>
    internal Action<CallFrame, PayloadWriter> Send { get; init; } = static (_, _) => { };

    /// <summary>Compiles a body without running it.</summary>
    /// <param name="body">The body.</param>
    public static void Compile(Delegate body)
    {
        ArgumentNullException.ThrowIfNull(body);
        if (RuntimeFeature.IsDynamicCodeCompiled)
        {
            RuntimeHelpers.PrepareMethod(body.Method.MethodHandle);
        }
    }

    /// <summary>Gives back what was written, as if it had come from the caller.</summary>
    /// <param name="sample">Values of no meaning.</param>
    public static PayloadReader Rehearse(PayloadWriter sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        return new PayloadReader(sample.Written, []);
    }

    /// <summary>What the body reports to; each report goes to the caller's own object.</summary>
    /// <typeparam name="T">The report's type.</typeparam>
    /// <param name="parameter">Which of the method's <see cref="IProgress{T}"/> parameters.</param>
    /// <param name="write">Writes a report.</param>
    public IProgress<T> Progress<T>(int parameter, Action<PayloadWriter, T> write) => new Reporter<T>(report =>
    {
        var payload = new PayloadWriter();
        payload.WriteValue(parameter);
        write(payload, report);
        Send(CallFrame.Progress, payload);
    });

    /// <summary>Sends the items of a stream as the body makes them. It blocks while the caller is behind.</summary>
    /// <typeparam name="T">The items' type.</typeparam>
    /// <param name="items">What the body returned.</param>
    /// <param name="write">Writes an item.</param>
    public async Task StreamAsync<T>(IAsyncEnumerable<T> items, Action<PayloadWriter, T> write)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(write);
        await foreach (T item in items.WithCancellation(CancellationToken).ConfigureAwait(false))
        {
            var payload = new PayloadWriter();
            write(payload, item);
            Send(CallFrame.Item, payload);
        }
    }

    /// <summary>Unlike <see cref="System.Progress{T}"/> it sends at once, so that reports arrive in order and before the result.</summary>
    private sealed class Reporter<T>(Action<T> send) : IProgress<T>
    {
        public void Report(T value) => send(value);
    }
}
