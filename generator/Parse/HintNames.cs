using System.Collections.Immutable;
using System.Text;
using NsGen.Generator.Model;

namespace NsGen.Generator.Parse;

/// <summary>Names the generated files.</summary>
internal static class HintNames
{
    /// <summary>
    /// <c>Demo.Greet.g.cs</c>; where that is ambiguous (overloads, names that differ in case only, as a file system may not tell them
    /// apart) each gets a suffix made of its own id, which other methods do not change.
    /// </summary>
    public static IEnumerable<FileModel> Assign(ImmutableArray<MethodModel> methods)
    {
        IEnumerable<IGrouping<string, MethodModel>> names = methods
            .GroupBy(static method => method.Id, StringComparer.Ordinal)
            .Select(static same => same.First()) // declared twice: an error of the program, which must not crash the generator
            .GroupBy(BaseName, StringComparer.OrdinalIgnoreCase);
        foreach (IGrouping<string, MethodModel> name in names)
        {
            bool isUnique = !name.Skip(1).Any();
            foreach (MethodModel method in name)
            {
                yield return new FileModel($"{BaseName(method)}{(isUnique ? "" : "-" + Names.Hash(method.Id))}.g.cs", method);
            }
        }
    }

    /// <summary>The id without its parameters, in the characters that a hint name may have.</summary>
    private static string BaseName(MethodModel method)
    {
        var name = new StringBuilder();
        foreach (char c in method.Id.Substring(0, method.Id.IndexOf('(')).Where(static c => c != '@'))
        {
            name.Append(char.IsLetterOrDigit(c) || c is '.' or '_' ? c : '_');
        }

        return name.ToString();
    }
}
