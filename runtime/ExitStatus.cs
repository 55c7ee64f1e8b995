namespace NsGen;

/// <summary>How a child ended; see wait(2).</summary>
public readonly record struct ExitStatus
{
    private ExitStatus(int exitCode, int signal, bool coreDumped)
    {
        ExitCode = exitCode;
        Signal = signal;
        CoreDumped = coreDumped;
    }

    /// <summary>
    /// The exit code, 0 to 255; 128 + <see cref="Signal"/>, as a shell reports it, where a signal ended the child.
    /// </summary>
    public int ExitCode { get; }

    /// <summary>The signal that ended the child, 1 to 64, or 0 where it exited by itself; see signal(7).</summary>
    public int Signal { get; }

    /// <summary>The signal's name, such as <c>SIGKILL</c>, or null where the child exited by itself.</summary>
    public string? SignalName => Signal == 0 ? null : Native.SignalNames.Get(Signal);

    /// <summary>Whether the kernel wrote a core dump.</summary>
    public bool CoreDumped { get; }

    /// <summary>Whether the child exited by itself with code 0.</summary>
    public bool IsSuccess => Signal == 0 && ExitCode == 0;

    /// <summary>
    /// False where another part of the process reaped the child and the kernel, older than Linux 6.15, no longer tells how it ended:
    /// <see cref="ExitCode"/> is then -1. .NET itself does so when it runs as PID 1 of a container.
    /// </summary>
    public bool IsKnown => ExitCode >= 0;

    /// <summary>For example <c>exit code 3</c> or <c>signal SIGSEGV (core dumped)</c>.</summary>
    public override string ToString() => !IsKnown
        ? "unknown exit status"
        : Signal == 0
        ? FormattableString.Invariant($"exit code {ExitCode}")
        : $"signal {SignalName}{(CoreDumped ? " (core dumped)" : "")}";

    internal static ExitStatus Unknown => new(-1, 0, false);

    internal static ExitStatus Exited(int code) => new(code & 0xFF, 0, false);

    internal static ExitStatus Killed(int signal, bool coreDumped) => new(128 + signal, signal, coreDumped);
}
