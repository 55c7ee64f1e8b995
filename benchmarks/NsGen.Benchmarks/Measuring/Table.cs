namespace NsGen.Benchmarks;

/// <summary>A Markdown table, aligned: for the terminal and for docs/performance.md alike.</summary>
/// <param name="headings">The columns; all but the first are right-aligned.</param>
internal sealed class Table(params string[] headings)
{
    private readonly List<string[]> _rows = [];

    public void Add(params string[] cells) => _rows.Add(cells);

    public void Print()
    {
        int[] widths = [.. headings.Select((heading, column) => _rows.Select(row => row[column].Length).Append(heading.Length).Max())];
        Console.WriteLine(Line(headings, widths));
        Console.WriteLine(string.Concat(widths.Select((width, column) => column == 0 ? $"|{new string('-', width + 2)}" : $"|{new string('-', width + 1)}:")) + "|");
        foreach (string[] row in _rows)
        {
            Console.WriteLine(Line(row, widths));
        }

        Console.WriteLine();
    }

    private static string Line(string[] cells, int[] widths) => string.Concat(
        cells.Select((cell, column) => column == 0 ? $"| {cell.PadRight(widths[column])} " : $"| {cell.PadLeft(widths[column])} ")) + "|";
}
