using System.Globalization;

namespace NsGen.Analyzers;

/// <summary>A rule's category follows from its number.</summary>
internal static class RuleCategories
{
    public const string Declaration = "NsGen.Declaration";
    public const string CloneFlags = "NsGen.CloneFlags";
    public const string SetnsUnshare = "NsGen.SetnsUnshare";
    public const string Body = "NsGen.Body";

    public static string Of(string ruleId) => (int.Parse(ruleId.Substring(3), CultureInfo.InvariantCulture) / 100) switch
    {
        0 => Declaration,
        1 => CloneFlags,
        2 => SetnsUnshare,
        _ => Body,
    };
}
