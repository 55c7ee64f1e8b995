namespace NsGen.Native;

/// <summary>Names of the signals, see signal(7).</summary>
internal static class SignalNames
{
    // The same on x86, arm, arm64 and RISC-V; MIPS, SPARC and Alpha differ and have no .NET 8.
    private static readonly string[] s_names =
    [
        "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE", "SIGKILL", "SIGUSR1", "SIGSEGV", "SIGUSR2",
        "SIGPIPE", "SIGALRM", "SIGTERM", "SIGSTKFLT", "SIGCHLD", "SIGCONT", "SIGSTOP", "SIGTSTP", "SIGTTIN", "SIGTTOU", "SIGURG", "SIGXCPU",
        "SIGXFSZ", "SIGVTALRM", "SIGPROF", "SIGWINCH", "SIGIO", "SIGPWR", "SIGSYS",
    ];

    public static string Get(int signal) => signal >= 1 && signal <= s_names.Length
        ? s_names[signal - 1]
        : FormattableString.Invariant($"signal {signal}");
}
