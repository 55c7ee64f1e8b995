using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;

namespace NsGen.Samples;

/// <summary>What nsrun and nsenter have in common: parse, run a program in the foreground, end as it ended.</summary>
/// <param name="name">What messages begin with.</param>
/// <param name="lettersTakeValues"><inheritdoc cref="GetOpt.Normalize" path="/param[@name='lettersTakeValues']"/></param>
internal sealed class Tool(string name, bool lettersTakeValues)
{
    // As env(1), nohup(1), unshare(1) and nsenter(1).
    private const int Failure = 1;
    private const int NotExecutable = 126;
    private const int NotFound = 127;

    private const string Execute = "execve ";
    private const int ENOENT = 2;
    private const int ENOEXEC = 8;

    /// <summary>Parses and runs a command, and turns what it throws into a line on standard error.</summary>
    /// <returns>The exit code.</returns>
    public int Invoke(RootCommand command, string[] arguments, Func<ParseResult, int> run)
    {
        // "@file" and "[word" may be a program's name or its argument.
        command.Directives.Clear();
        HelpOption help = command.Options.OfType<HelpOption>().Single();
        help.Action = new Help(name);
        help.Description = "display this help";
        VersionOption version = command.Options.OfType<VersionOption>().Single();
        version.Aliases.Add("-V");
        version.Description = "display the version";
        var configuration = new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = false };
        command.SetAction(run);
        try
        {
            ParseResult result = command.Parse(GetOpt.Normalize(arguments, command.Options, lettersTakeValues), configuration);
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

    /// <summary>Runs a program that stands in for this process: signals go to it, and its end is this process's end.</summary>
    /// <param name="start">Starts it.</param>
    /// <param name="passSignals">False where SIGINT and SIGTERM are ignored meanwhile, and all others mean this process.</param>
    /// <returns>The exit code.</returns>
    public static int Run(Func<IsolatedProcess> start, bool passSignals = true)
    {
        // From before the start: the program may already be known, and sent a signal through this process, when Start returns here.
        var signals = new PassedSignals(passSignals);
        using IsolatedProcess process = start();
        signals.PassTo(process);
        ExitStatus status = process.WaitForExit();
        if (status.Signal != 0)
        {
            // A shell ends its loop when a program dies of Ctrl-C, and not when it merely exits with 130.
            Native.Signal(status.Signal, 0);
            _ = Native.Kill(Native.GetProcessId(), status.Signal);
        }

        return status.ExitCode;
    }

    private int Fail(string message)
    {
        Console.Error.WriteLine($"{name}: {message}");
        return Failure;
    }
}
