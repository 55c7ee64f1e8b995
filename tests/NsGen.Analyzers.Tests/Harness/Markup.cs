using System.Text;
using Microsoft.CodeAnalysis.Text;

namespace NsGen.Analyzers.Tests.Harness;

/// <summary>
/// C# in which <c>[|…|]</c> marks where the rule under test must report, and <c>{|NSG101:…|}</c> where any diagnostic of that ID must;
/// a compiler error that belongs to the test is marked in the same way, <c>{|CS8795:…|}</c>. Marks nest.
/// </summary>
internal sealed record Markup(string Code, IReadOnlyList<(string Id, TextSpan Span)> Expected)
{
    public static Markup Parse(string text, string defaultId)
    {
        StringBuilder code = new(text.Length);
        List<(string, TextSpan)> expected = [];
        Stack<(string Id, int Start, string Close)> open = new();
        for (int i = 0; i < text.Length; i++)
        {
            if (At(text, i, "[|"))
            {
                open.Push((defaultId, code.Length, "|]"));
                i++;
            }
            else if (At(text, i, "{|"))
            {
                int colon = text.IndexOf(':', i);
                open.Push((text[(i + 2)..colon], code.Length, "|}"));
                i = colon;
            }
            else if (open.Count > 0 && At(text, i, open.Peek().Close))
            {
                (string id, int start, _) = open.Pop();
                expected.Add((id, TextSpan.FromBounds(start, code.Length)));
                i++;
            }
            else
            {
                code.Append(text[i]);
            }
        }

        return open.Count == 0
            ? new(code.ToString(), expected)
            : throw new FormatException($"unclosed mark for {open.Peek().Id}");
    }

    /// <summary>The code with the given diagnostics marked: what to paste into a test.</summary>
    public static string Show(string code, IEnumerable<(string Id, TextSpan Span)> found)
    {
        StringBuilder text = new(code);
        foreach ((int at, string mark) in found
            .SelectMany(f => new[] { (At: f.Span.Start, Mark: "{|" + f.Id + ":", Close: 1), (At: f.Span.End, Mark: "|}", Close: 0) })
            .OrderByDescending(m => m.At)
            .ThenByDescending(m => m.Close)
            .Select(m => (m.At, m.Mark)))
        {
            text.Insert(at, mark);
        }

        return text.ToString();
    }

    private static bool At(string text, int i, string mark) => string.CompareOrdinal(text, i, mark, 0, mark.Length) == 0;
}
