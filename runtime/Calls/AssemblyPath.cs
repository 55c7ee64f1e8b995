using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace NsGen.Calls;

/// <summary>Where an assembly was loaded from.</summary>
internal static class AssemblyPath
{
    /// <summary>The path, or an empty string in a single-file or native program.</summary>
    [UnconditionalSuppressMessage("SingleFile", "IL3000", Justification = "Every caller knows what to do with an empty path.")]
    public static string Of(Assembly? assembly) => assembly?.Location ?? "";
}
