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
