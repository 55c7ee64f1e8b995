using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace NsGen.Analyzers.RawCalls;

/// <summary>What a user can say in .editorconfig or a global analyzer config; docs/rules/index.md describes each.</summary>
internal static class RawCallOptions
{
    /// <summary>My.Type.Method=clone, several separated by commas or semicolons: methods to read as if they were that libc function.</summary>
    public const string Wrappers = "nsgen.raw_call_wrappers";

    /// <summary>
    /// true: the code runs where the process has one thread, so that rules which rest on .NET being multithreaded are silent.
    /// </summary>
    public const string SingleThreaded = "nsgen.single_threaded";

    public static bool IsSingleThreaded(AnalyzerOptions options, SyntaxTree tree) =>
        options.AnalyzerConfigOptionsProvider.GetOptions(tree).TryGetValue(SingleThreaded, out string? value)
        && value.Equals("true", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// The wrappers named for any file. A wrapper is called from many files, so what one section names holds for the compilation.
    /// </summary>
    public static void ReadWrappers(AnalyzerOptions options, Compilation compilation, Dictionary<string, RawFunction> wrappers)
    {
        Read(options.AnalyzerConfigOptionsProvider.GlobalOptions, wrappers);
        string? previous = null;
        foreach (SyntaxTree tree in compilation.SyntaxTrees)
        {
            AnalyzerConfigOptions treeOptions = options.AnalyzerConfigOptionsProvider.GetOptions(tree);
            if (treeOptions.TryGetValue(Wrappers, out string? value) && value != previous)
            {
                previous = value;
                Read(value, wrappers);
            }
        }
    }

    private static void Read(AnalyzerConfigOptions options, Dictionary<string, RawFunction> wrappers)
    {
        if (options.TryGetValue(Wrappers, out string? value))
        {
            Read(value, wrappers);
        }
    }

    private static void Read(string value, Dictionary<string, RawFunction> wrappers)
    {
        foreach (string entry in value.Split([',', ';'], StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = entry.IndexOf('=');
            if (equals > 0 && RawFunction.TryGet(entry.Substring(equals + 1).Trim(), out RawFunction function))
            {
                wrappers[entry.Substring(0, equals).Trim()] = function;
            }
        }
    }
}
