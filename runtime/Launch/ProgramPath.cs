namespace NsGen.Launch;

/// <summary>Finds a program as execvp(3) does, in the parent, so that the error names what was looked for.</summary>
internal static class ProgramPath
{
    // confstr(_CS_PATH) and what shells use without PATH
    private const string DefaultPath = "/usr/local/bin:/usr/bin:/bin";

    /// <summary>The path for execve(2): a name with a slash as it is, any other from the child's PATH.</summary>
    /// <param name="program">What was asked for.</param>
    /// <param name="variable">Gives a variable of the child's environment.</param>
    /// <remarks>A name that is found nowhere is returned unchanged, for execve to fail on.</remarks>
    public static string Resolve(string program, Func<string, string?> variable)
    {
        ArgumentException.ThrowIfNullOrEmpty(program);
        if (program.Contains('/', StringComparison.Ordinal))
        {
            return Path.IsPathRooted(program) ? program : Path.GetFullPath(program);
        }

        string path = variable("PATH") ?? DefaultPath;
        string? found = null;
        foreach (string directory in path.Split(':'))
        {
            // From here, as an empty one: the child may start in another directory.
            string candidate = Path.GetFullPath(Path.Combine(directory, program));
            if (File.Exists(candidate))
            {
                if (IsExecutable(candidate))
                {
                    return candidate;
                }

                found ??= candidate;
            }
        }

        return found ?? program;
    }

    private static bool IsExecutable(string path)
        => (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0;
}
