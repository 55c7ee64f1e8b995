using System.ComponentModel;

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
}
