using System.Runtime.InteropServices;

namespace NsGen.Samples;

/// <summary>
/// Catches the signals that end or wake a program, and that somebody may send to this process meaning that one; SIGKILL and SIGSTOP nobody can
/// pass on.
/// </summary>
internal sealed class PassedSignals
{
    private const int Interrupt = 2;
    private const int Quit = 3;
    private const int Terminate = 15;

    private static readonly int[] s_all = [1, Interrupt, Quit, 10, 12, 14, Terminate, 18]; // HUP, USR1, USR2, ALRM, CONT

    private readonly TaskCompletionSource<IsolatedProcess> _process = new();

    // For good: a signal that has come, and is handled when its registration has gone, would end this process by its default action.
    private static readonly List<PosixSignalRegistration> s_registrations = [];

    /// <param name="pass">False to ignore SIGINT and SIGTERM, and leave the others alone, as unshare(1) does with --fork.</param>
    public PassedSignals(bool pass) => s_registrations.AddRange(
        (pass ? s_all : [Interrupt, Terminate]).Select(signal => PosixSignalRegistration.Create((PosixSignal)signal, context =>
        {
            context.Cancel = true;
            if (pass && !CameFromTerminal(signal))
            {
                _process.Task.ContinueWith(task => Send(task.Result, signal), TaskContinuationOptions.OnlyOnRanToCompletion);
            }
        })));

    /// <summary>Passes signals on from now on, and those that have come already.</summary>
    public void PassTo(IsolatedProcess process) => _process.SetResult(process);

    private static void Send(IsolatedProcess process, int signal)
    {
        try
        {
            process.Kill(signal);
        }
        catch (NamespaceException)
        {
            // It has become another user, as sudo(8) does: whoever may not signal that one may not do so through this process.
        }
    }

    /// <summary>Ctrl-C and Ctrl-\ reach every process of the terminal's foreground group, the program too: it would get the signal twice.</summary>
    private static bool CameFromTerminal(int signal)
    {
        // proc_pid_stat(5), after the name in parentheses: state, parent, process group, session, terminal, the terminal's foreground group.
        string stat = File.ReadAllText("/proc/self/stat");
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return signal is Interrupt or Quit && fields[4] != "0" && fields[2] == fields[5];
    }
}
