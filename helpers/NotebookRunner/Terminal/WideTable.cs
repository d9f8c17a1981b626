using AngleSharp.Html.Parser;
using GptEmbeddings.NotebookRunner.Notebook;

namespace GptEmbeddings.NotebookRunner.Terminal;

/// <summary>A table of results with less room than it needs: as many columns as fit, and below them the next ones,
/// each time beside the first column, which says what a row is.</summary>
internal static class WideTable
{
    private const string Gap = "  ";

    /// <summary>Gives the text, or null where the output is no table or has room.</summary>
    public static string? Of(CellOutput output, int room)
    {
        if (!output.Parts.TryGetValue("text/html", out var html)
            || !output.Parts.TryGetValue("text/plain", out var text)) return null;
        var lines = text.Split('\n');
        if (lines.Max(Preformatted.Columns) <= room) return null;
        var rows = Bounded.Run(() => Bounded.IsShallow(html) ? Lengths(html) : null);
        if (rows is null || rows.Length != lines.Length || rows[0].Length < 3
            || rows.Any(row => row.Length != rows[0].Length))
            return null;
        int[] all = [.. Enumerable.Range(0, rows[0].Length)];
        int[] widths = [.. all.Select(column => rows.Max(row => row[column]))];
        // Of a text that says something else than the table, nothing may be lost.
        if (lines.Any(line => line != Part(line, all))) return null;

        var parts = new List<List<int>>();
        foreach (var column in all[1..])
            if (parts.Count > 0 && parts[^1].Append(column).Sum(one => widths[one] + Gap.Length) - Gap.Length <= room)
                parts[^1].Add(column);
            else parts.Add([0, column]);
        return string.Join("\n\n", parts.Select(columns =>
            string.Join('\n', lines.Select(line => Part(line, columns)))));

        string Part(string line, IEnumerable<int> columns) =>
            string.Join(Gap, columns.Select(column => Cell(line, column))).TrimEnd();

        string Cell(string line, int column)
        {
            var start = widths[..column].Sum(width => width + Gap.Length);
            return line.PadRight(start + widths[column]).Substring(start, widths[column]);
        }
    }

    private static int[][] Lengths(string html)
    {
        using var document = new HtmlParser().ParseDocument(html);
        return [.. document.QuerySelectorAll("tr")
            .Select(row => row.Children.Select(cell => cell.TextContent.Length).ToArray())];
    }
}
