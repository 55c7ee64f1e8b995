using NsGen.Confinement;

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

        string? found = null;
        foreach (string directory in SearchPath(variable).Split(':'))
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

    /// <summary>
    /// The paths for execve(2) inside a new root: a name with a slash as it is, relative to the child's working directory, any other in each
    /// directory of the child's PATH. The child tries them; what the root will hold, with its mounts, nobody knows before.
    /// </summary>
    /// <param name="program">What was asked for.</param>
    /// <param name="variable">Gives a variable of the child's environment.</param>
    /// <param name="root">The new root, as the caller sees it.</param>
    /// <returns>
    /// The path to try last, whose failure is reported, and those to try before, in order. The last is, once more, the first that seems to
    /// exist, so that the report is of that one.
    /// </returns>
    public static (string FileName, IReadOnlyList<string> Candidates) ResolveInRoot(
        string program, Func<string, string?> variable, string root)
    {
        ArgumentException.ThrowIfNullOrEmpty(program);
        if (program.Contains('/', StringComparison.Ordinal))
        {
            return (program, []);
        }

        string[] candidates = [.. SearchPath(variable).Split(':').Select(directory => directory.Length == 0 ? program : $"{directory}/{program}")];
        return (candidates.FirstOrDefault(candidate => RootPath.Exists(root, candidate)) ?? candidates[^1], candidates);
    }

    private static string SearchPath(Func<string, string?> variable) => variable("PATH") ?? DefaultPath;

    private static bool IsExecutable(string path)
        => (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0;
}
