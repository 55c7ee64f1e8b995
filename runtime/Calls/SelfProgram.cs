using System.Reflection;

namespace NsGen.Calls;

/// <summary>How this program is started once more.</summary>
internal static class SelfProgram
{
    /// <summary>
    /// Resolved by the child itself, whose executable is still the parent's: it works where the file was replaced meanwhile, and where a
    /// new /proc has been mounted.
    /// </summary>
    public const string FileName = "/proc/self/exe";

    private static readonly Lazy<string[]> s_arguments = new(ReadArguments, LazyThreadSafetyMode.PublicationOnly);

    /// <summary>argv as the process was started, so that the host takes the same decisions again.</summary>
    public static IReadOnlyList<string> Arguments => s_arguments.Value;

    /// <summary>Why a child may have come to nothing: a file without which the program cannot be started again.</summary>
    /// <returns>Null where all of them are there.</returns>
    public static string? MissingFile()
    {
        const string mark = " (deleted)"; // proc_pid_exe(5). Environment.ProcessPath is empty then.
        string program = new FileInfo(FileName).LinkTarget ?? "";
        string[] files =
        [
            program.EndsWith(mark, StringComparison.Ordinal) ? program[..^mark.Length] : program,
            AssemblyPath.Of(Assembly.GetEntryAssembly()),
            AssemblyPath.Of(typeof(SelfProgram).Assembly),
        ];
        return Array.Find(files, static file => file.Length > 0 && !File.Exists(file)) is { } missing
            ? $"{missing} has been deleted since this program was started, and a managed body starts the program once more: put it back, or start anew after an update."
            : null;
    }

    private static string[] ReadArguments()
    {
        // Each argument ends with a zero, also an empty one.
        string[] arguments = File.ReadAllText("/proc/self/cmdline").Split('\0')[..^1];

        // "dotnet bin/app.dll": the path was relative to a directory that need not be the child's.
        string entry = AssemblyPath.Of(Assembly.GetEntryAssembly());
        for (int i = 1; entry.Length > 0 && i < arguments.Length; i++)
        {
            if (!Path.IsPathRooted(arguments[i]) && Path.GetFileName(arguments[i]) == Path.GetFileName(entry))
            {
                arguments[i] = entry;
                break;
            }
        }

        return arguments;
    }
}
