using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace NsGen.Calls;

/// <summary>
/// The environment variables by which the child's runtime is led to the call. The child puts them back to what they were before the body
/// runs.
/// </summary>
internal static class CallVariables
{
    /// <summary>Numbers of two descriptors: the request's memory file and the result channel.</summary>
    public const string Call = "NSGEN_CALL";

    /// <summary>Assemblies whose StartupHook the runtime runs before Main (docs/design/features/host-startup-hook.md in dotnet/runtime).</summary>
    public const string StartupHooks = "DOTNET_STARTUP_HOOKS";

    /// <summary>0 saves 3 ms per start and the files a killed process would leave in /tmp.</summary>
    public const string EnableDiagnostics = "DOTNET_EnableDiagnostics";

    /// <summary>The hooks of the program, then NsGen's, which does not return.</summary>
    /// <remarks>The trimmer does not see that the runtime looks for the hook by its name.</remarks>
    [DynamicDependency(nameof(StartupHook.Initialize), typeof(StartupHook))]
    public static string AppendHook(string? existing) => string.IsNullOrEmpty(existing) ? HookAssembly() : $"{existing}:{HookAssembly()}";

    /// <summary>
    /// The simple name where the runtime knows the assembly by it (and it has no path: a single-file program), else the path.
    /// </summary>
    private static string HookAssembly()
    {
        Assembly self = typeof(CallVariables).Assembly;
        string name = self.GetName().Name!;
        string location = AssemblyPath.Of(self);
        var known = (string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "";
        return location.Length == 0 || known.Split(':').Contains(location, StringComparer.Ordinal) ? name : location;
    }
}
