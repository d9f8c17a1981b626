using GptEmbeddings.NotebookRunner.Notebook;
using GptEmbeddings.NotebookRunner.Terminal;
using Xunit;

namespace GptEmbeddings.Tests;

/// <summary>A table of results in a terminal with less room than it needs.</summary>
public sealed class WideTableTests
{
    private static readonly TableView _table = Tutorial.Table(
        ["model", "width", "words", "share"],
        [["GPT-2 small", "768", "38,597,376", "31.02 %"], ["GPT-3", "12,288", "617,558,016", "0.35 %"]]);

    [Fact]
    public void Its_columns_stand_below_each_other_each_time_beside_the_first() => Assert.Equal(
        """
        model         width
        GPT-2 small     768
        GPT-3        12,288

        model              words
        GPT-2 small   38,597,376
        GPT-3        617,558,016

        model          share
        GPT-2 small  31.02 %
        GPT-3         0.35 %
        """.ReplaceLineEndings("\n"),
        WideTable.Of(Shown(_table), 25));

    [Theory]
    [InlineData(40)]
    [InlineData(32)]
    [InlineData(24)]
    public void Every_cell_is_there_and_no_line_is_wider_than_the_room(int room)
    {
        var lines = WideTable.Of(Shown(_table), room)!.Split('\n');
        Assert.All(lines, line => Assert.InRange(line.Length, 0, room));
        Assert.All($"{_table}".Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries), word => Assert.Contains(
            lines, line => line.Contains(word, StringComparison.Ordinal)));
    }

    [Fact]
    public void What_has_room_or_is_no_table_stays_as_it_is()
    {
        Assert.Null(WideTable.Of(Shown(_table), $"{_table}".Split('\n')[1].Length));
        Assert.Null(WideTable.Of(CellOutput.Stream("stdout", new('x', 100)), 20));
        TorchRuntime.Load();
        using var tensor = TorchSharp.torch.zeros(3, 30);
        Assert.Null(WideTable.Of(Shown(Tutorial.Show(tensor)), 20));
    }

    [Theory]
    [InlineData("<table></table>", "one line that is too wide")]
    [InlineData("<tr><td>one line that is too wide</td></tr>", "one line that is too wide")]
    [InlineData("<tr></tr>", "one line that is too wide")]
    [InlineData("<tr><td>a</td><td>b</td><td>c</td></tr><tr><td>a</td></tr>", "a  b  c             \na")]
    [InlineData("<tr><td>a</td><td>b</td><td>c</td></tr>", "a  b  c  and something else")]
    [InlineData("<tr><td>a</td><td>b</td><td>c</td></tr>", "another text, not a b and c")]
    public void What_a_table_of_another_making_says_is_not_cut_apart(string html, string text) =>
        Assert.Null(WideTable.Of(Shown(html, text), 10));

    private static CellOutput Shown(View view) => Shown(view.ToHtml(), view.ToString()!);

    private static CellOutput Shown(string html, string text) =>
        CellOutput.Result(new Dictionary<string, string> { ["text/html"] = html, ["text/plain"] = text });
}
