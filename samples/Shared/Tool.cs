using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Runtime.InteropServices;

namespace NsGen.Samples;

/// <summary>What nsrun and nsenter have in common: parse, run a program in the foreground, end as it ended.</summary>
/// <param name="name">What messages begin with.</param>
internal sealed class Tool(string name)
{
    // As env(1), nohup(1), unshare(1) and nsenter(1).
    private const int Failure = 1;
    private const int NotExecutable = 126;
    private const int NotFound = 127;

    private const string Execute = "execve ";
    private const int ENOENT = 2;
    private const int ENOEXEC = 8;

    /// <summary>Signals that end or wake a program, and that somebody may send to this process meaning that one. SIGKILL and SIGSTOP nobody can pass on.</summary>
    private static readonly int[] s_passedOn = [1, 2, 3, 10, 12, 14, 15, 18]; // HUP INT QUIT USR1 USR2 ALRM TERM CONT

    /// <summary>Parses and runs a command, and turns what it throws into a line on standard error.</summary>
    /// <returns>The exit code.</returns>
    public int Invoke(RootCommand command, string[] arguments, Func<ParseResult, int> run)
    {
        // "@file" and "[word" may be a program's name or its argument.
        command.Directives.Clear();
        HelpOption help = command.Options.OfType<HelpOption>().Single();
        help.Action = new Help(name);
        help.Description = "display this help";
        command.Options.OfType<VersionOption>().Single().Description = "display the version";
        var configuration = new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = false };
        command.SetAction(run);
        try
        {
            ParseResult result = command.Parse(GetOpt.Normalize(arguments, command.Options), configuration);
            return result.Errors.Count == 0
                ? result.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false })
                : throw new UsageException(string.Join(' ', result.Errors.Select(static error => error.Message)));
        }
        catch (UsageException e)
        {
            return Fail($"{e.Message}{Environment.NewLine}Try '{name} --help' for more information.");
        }
        catch (LaunchException e) when (e.Step.StartsWith(Execute, StringComparison.Ordinal))
        {
            Fail(e.Message);
            return e.Errno == ENOENT ? NotFound : NotExecutable;
        }
        catch (ArgumentException e)
        {
            return Fail(e.Message.Replace($" (Parameter '{e.ParamName}')", "", StringComparison.Ordinal));
        }
        catch (Exception e) when (e is NamespaceException or IOException or UnauthorizedAccessException)
        {
            return Fail(e.Message);
        }
    }

    /// <summary>The program of a command line and its arguments; the user's shell where there is none.</summary>
    public static (string Path, IReadOnlyList<string> Arguments) Program(IReadOnlyList<string> words) => words.Count > 0
        ? (words[0], [.. words.Skip(1)])
        : (Environment.GetEnvironmentVariable("SHELL") is { Length: > 0 } shell ? shell : "/bin/sh", []);

    /// <summary>Starts a program, or sh(1) for a script without #! on its first line, as execvp(3) does.</summary>
    public static IsolatedProcess Start(string path, IReadOnlyList<string> arguments, IsolationOptions options)
    {
        try
        {
            return IsolatedProcess.Start(path, arguments, options);
        }
        catch (LaunchException e) when (e.Errno == ENOEXEC && e.Step.StartsWith(Execute, StringComparison.Ordinal))
        {
            return IsolatedProcess.Start("/bin/sh", [e.Step[Execute.Length..], .. arguments], options);
        }
    }

    /// <summary>Waits for a program that stands in for this process: signals go to it, and its end is this process's end.</summary>
    /// <param name="process">The program.</param>
    /// <param name="passSignals">False where signals are to be ignored meanwhile, and only SIGINT and SIGTERM.</param>
    /// <returns>The exit code.</returns>
    public static int WaitFor(IsolatedProcess process, bool passSignals = true)
    {
        int[] signals = passSignals ? s_passedOn : [2, 15];
        PosixSignalRegistration[] registrations = [.. signals.Select(signal => PosixSignalRegistration.Create((PosixSignal)signal, context =>
        {
            context.Cancel = true;
            if (passSignals && !CameFromTerminal(signal))
            {
                Pass(process, signal);
            }
        }))];
        ExitStatus status = process.WaitForExit();
        Array.ForEach(registrations, static registration => registration.Dispose());
        if (status.Signal != 0)
        {
            // A shell ends its loop when a program dies of Ctrl-C, and not when it merely exits with 130.
            Native.Signal(status.Signal, 0);
            _ = Native.Kill(Native.GetProcessId(), status.Signal);
        }

        return status.ExitCode;
    }

    private static void Pass(IsolatedProcess process, int signal)
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
        return signal is 2 or 3 && fields[4] != "0" && fields[2] == fields[5];
    }

    private int Fail(string message)
    {
        Console.Error.WriteLine($"{name}: {message}");
        return Failure;
    }
}
