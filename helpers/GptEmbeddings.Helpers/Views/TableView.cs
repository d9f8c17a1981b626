using System.Globalization;

namespace GptEmbeddings;

/// <summary>Results in rows and columns. Columns that hold numbers, also with a % sign, stand to the right.</summary>
public sealed class TableView : View
{
    private readonly string[][] _lines;
    private readonly bool[] _ofNumbers;

    internal TableView(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
        : base(null)
    {
        _lines = [.. rows.Prepend(columns)
            .Select(row => (row ?? []).Select(cell => (cell ?? "").ReplaceLineEndings(" ")).ToArray())];
        if (Array.Find(_lines, line => line.Length != columns.Count) is { } ragged)
            throw new ArgumentException(
                $"Row {Array.IndexOf(_lines, ragged)} has {ragged.Length} cells and the table {columns.Count} columns "
                + $"({string.Join(", ", columns)}): give one cell for each column.", nameof(rows));
        _ofNumbers = [.. columns.Select((_, column) => _lines[1..].Any(line => IsNumber(line[column])))];
        int[] widths = [.. columns.Select((_, column) => _lines.Max(line => line[column].Length))];
        Text = string.Join('\n', _lines.Select(line => string.Join("  ", line.Select((cell, column) =>
            _ofNumbers[column] ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]))).TrimEnd()));
    }

    /// <summary>A <c>table</c> in a box that scrolls sideways where its wrapped headers need more room.</summary>
    public override string ToHtml() => "<div class=\"wide\" style=\"overflow-x:auto;margin:0.4em 0\"><table "
        + "style=\"border-collapse:collapse;white-space:nowrap;font-variant-numeric:tabular-nums\">\n<thead>\n"
        + $"{Row(_lines[0], "th", " scope=\"col\"", "white-space:normal;vertical-align:bottom;")}</thead>\n"
        + $"<tbody>\n{string.Concat(_lines[1..].Select(line => Row(line, "td")))}</tbody>\n</table></div>";

    // The spaces keep the numbers of two cells apart where the tags are left out.
    private string Row(string[] line, string tag, string attribute = "", string style = "") =>
        "<tr style=\"border-bottom:1px solid rgba(128,128,128,0.4)\">"
        + string.Join(' ', line.Select((cell, column) => $"<{tag}{attribute} style=\"{style}"
            + $"padding:0.25em 1em 0.25em 0;text-align:{(_ofNumbers[column] ? "right" : "left")}\">"
            + $"{Html.Encode(cell)}</{tag}>")) + "</tr>\n";

    private static bool IsNumber(string cell) => double.TryParse(
        cell.TrimEnd('%', ' '), NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out _);
}
