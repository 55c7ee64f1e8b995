using System.Globalization;
using Microsoft.CodeAnalysis;

namespace NsGen.Generator.Tests.Harness;

internal static class CultureChecks
{
    /// <summary>Turkish, for its letters, German, for its numbers, Arabic, for its digits and signs.</summary>
    private static readonly string[] s_cultures = ["tr-TR", "de-DE", "ar-SA"];

    /// <summary>The same bytes on every programmer's machine.</summary>
    public static void SameUnderEveryCulture(Func<GeneratorDriver> createDriver, Compilation input, GeneratorDriverRunResult expected)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            foreach (string name in s_cultures)
            {
                CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(name);
                GeneratorDriverRunResult result = createDriver().RunGenerators(input).GetRunResult();
                if (!Files(result).SequenceEqual(Files(expected)))
                {
                    throw new HarnessException(nameof(SameUnderEveryCulture), $"the generated code is different under {name}");
                }
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static IEnumerable<(string, string)> Files(GeneratorDriverRunResult result)
        => result.Results.Single().GeneratedSources.Select(static file => (file.HintName, file.SourceText.ToString()));
}
