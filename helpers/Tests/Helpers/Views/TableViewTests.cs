using System.Net;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Xunit;
using static GptEmbeddings.Tutorial;

namespace GptEmbeddings.Tests;

/// <summary>Results as a table: the same cells as text and as HTML, in columns that can be read.</summary>
public sealed partial class TableViewTests
{
    private static readonly string[] _columns = ["model", "width", "share", "far"];

    private static readonly string[][] _sizes =
    [
        ["GPT-2 small", "768", "31.02 %", "no row"],
        ["GPT-3", "12,288", "0.35 %", "-1.5e-3"],
    ];

    [Fact]
    public void Words_stand_to_the_left_and_numbers_to_the_right() => Assert.Equal(
        """
        model         width    share      far
        GPT-2 small     768  31.02 %   no row
        GPT-3        12,288   0.35 %  -1.5e-3
        """.ReplaceLineEndings("\n"),
        Table(_columns, _sizes).ToString());

    [Fact]
    public void No_line_of_the_text_ends_in_spaces() =>
        Assert.Equal("a       b\nlonger\nc       d", $"{Table(["a", "b"], [["longer", ""], ["c", "d"]])}");

    [Fact]
    public void A_table_without_rows_shows_its_columns() => Assert.Equal("a  b", Table(["a", "b"], []).ToString());

    [Fact]
    public void A_cell_that_is_null_is_empty() =>
        Assert.Equal("a\n   1", Table(["a", null!], [[null!, "1"]]).ToString());

    [Fact]
    public void A_line_break_in_a_cell_does_not_break_the_row() =>
        Assert.Equal("a\nb c", Table(["a"], [["b\r\nc"]]).ToString());

    [Fact]
    public void The_HTML_is_a_table_with_the_same_cells_and_headers_for_its_columns()
    {
        string[][] rows = [["<b>cat</b> & \"mat\"", "1"], ["' the'", "2"]];
        var table = XElement.Parse(Table(["word", "id < 3"], rows).ToHtml()).Element("table")!;
        var headers = table.Element("thead")!.Element("tr")!.Elements().ToArray();
        Assert.All(headers, header => Assert.Equal(("th", "col"), (header.Name, header.Attribute("scope")!.Value)));
        Assert.Equal(["word", "id < 3"], headers.Select(header => header.Value));
        Assert.Equal(rows, table.Element("tbody")!.Elements("tr").Select(row => row.Elements("td")
            .Select(cell => cell.Value)));
    }

    [Fact]
    public void The_HTML_has_the_columns_of_numbers_to_the_right_and_its_box_scrolls()
    {
        var box = XElement.Parse(Table(_columns, _sizes).ToHtml());
        Assert.Contains("overflow-x:auto", box.Attribute("style")!.Value, StringComparison.Ordinal);
        Assert.Contains("tabular-nums", box.Element("table")!.Attribute("style")!.Value, StringComparison.Ordinal);
        Assert.All(box.Descendants("tr"), row => Assert.Equal(
            ["left", "right", "right", "right"],
            row.Elements().Select(cell => Alignment().Match(cell.Attribute("style")!.Value).Groups[1].Value)));
    }

    // Read aloud, copied or compared without its tags, "4" beside "2.0" must not become 42.0.
    [Fact]
    public void Without_tags_the_numbers_of_two_cells_stay_apart()
    {
        var html = Table(["a", "b"], [["4", "2.0"], ["8", "1"]]).ToHtml();
        Assert.Equal("a b 4 2.0 8 1", string.Join(' ', WebUtility.HtmlDecode(Tag().Replace(html, ""))
            .Split(null as char[], StringSplitOptions.RemoveEmptyEntries)));
    }

    [Theory]
    [InlineData(new[] { "1" }, "Row 2 has 1 cells and the table 2 columns (word, id): give one cell for each column.")]
    [InlineData(new[] { "1", "2", "3" },
        "Row 2 has 3 cells and the table 2 columns (word, id): give one cell for each column.")]
    [InlineData(null, "Row 2 has 0 cells and the table 2 columns (word, id): give one cell for each column.")]
    public void A_row_of_another_length_is_named(string[]? ragged, string message)
    {
        var error = Assert.Throws<ArgumentException>(() => Table(["word", "id"], [["the", "0"], ragged!]));
        Assert.Equal("rows", error.ParamName);
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_null_is_named_in_the_message()
    {
        Assert.Equal("columns", Assert.Throws<ArgumentNullException>(() => Table(null!, [])).ParamName);
        Assert.Equal("rows", Assert.Throws<ArgumentNullException>(() => Table(["a"], null!)).ParamName);
    }

    [GeneratedRegex("text-align:(left|right)")]
    private static partial Regex Alignment();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();
}
