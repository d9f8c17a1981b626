using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using GptEmbeddings.NotebookRunner;
using Xunit;

namespace GptEmbeddings.Tests;

/// <summary>A notebook that is read in a terminal.</summary>
public sealed partial class NotebookInTerminalTests : IDisposable
{
    private const string Prose = """
        # A title

        Words in **bold** and a [link](https://example.org/page), 漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字.

        1. first
           - AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA

        | a column of some words | another one of some more words | and a third, so that it is too wide |
        |---|---|---|
        | x | a cell of `code` that goes on and on, much further than there is room | z |
        """;

    private readonly NotebookFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(60)]
    [InlineData(120)]
    public async Task No_line_is_wider_than_the_terminal_and_numbers_are_tinted(int width)
    {
        var output = await Read(width, new Dictionary<string, string> { ["COLORTERM"] = "truecolor" });
        Assert.All(Terminal.Lines(output), line => Assert.InRange(Terminal.Columns(line), 0, width));
        // The largest number has the fullest orange, mixed with black, and a white text.
        Assert.Contains("\u001b[38;5;15;48;2;184;77;0m2.0000\u001b[0m", output, StringComparison.Ordinal);
        Assert.Matches(@"\u001b\[[0-9;]+mvar\u001b\[0m table", output);
        Assert.Contains("\u001b]8;", output, StringComparison.Ordinal);
        Assert.Contains(";https://example.org/page\u001b\\link", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(20)]
    public async Task However_narrow_the_terminal_all_of_the_text_is_there(int width)
    {
        var output = string.Concat(Terminal.Lines(await Read(width, new Dictionary<string, string>())));
        Assert.Contains("1.5000", Letters().Replace(output, ""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_that_is_too_long_goes_on_with_a_whole_number() =>
        Assert.Contains("-1.2345", Terminal.Lines(await ReadCells(20, new() { ["NO_COLOR"] = "1" },
            NotebookFolder.Cell("var a = -1;\n$\"0.1111 0.2222 {a}.2345\""))));

    [Fact]
    public async Task NO_COLOR_is_plain_text() =>
        Assert.DoesNotMatch(@"\u001b\[[0-9;]*m|\u001b\]",
            await Read(80, new Dictionary<string, string> { ["NO_COLOR"] = "1" }));

    [Fact]
    public async Task What_does_not_fit_goes_through_the_pager_and_what_fits_does_not()
    {
        var pager = new Dictionary<string, string> { ["PAGER"] = "cat > paged" };
        var output = await ReadProse(pager);
        var paged = await File.ReadAllTextAsync(_folder.PathOf("paged"), TestContext.Current.CancellationToken);
        Assert.Contains("A title", paged, StringComparison.Ordinal);
        Assert.Contains("\u001b[", paged, StringComparison.Ordinal);
        Assert.DoesNotContain("A title", output, StringComparison.Ordinal);
        Assert.Contains("1 notebook, 1 cell,", output, StringComparison.Ordinal);

        File.Delete(_folder.PathOf("paged"));
        var result = await Terminal.Run(
            _folder.FullPath, 80, pager, "--site", _folder.PathOf("site"), _folder.Write("b.ipynb", "42"));
        Assert.Contains("42", result.Output, StringComparison.Ordinal);
        var pages = _folder.PathOf("site/index.html");
        Assert.Contains($";file://{pages}\u001b\\{pages}\u001b]8;;", result.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.PathOf("paged")));
    }

    [Fact]
    public async Task A_pager_that_does_not_exist_costs_the_reader_nothing() =>
        Assert.Contains("A title", await ReadProse(new() { ["PAGER"] = "no-such-pager" }), StringComparison.Ordinal);

    [Fact]
    public async Task A_reader_who_has_enough_is_no_failure()
    {
        var output = await ReadProse(new() { ["PAGER"] = "head -n 3" });
        Assert.DoesNotContain("column", output, StringComparison.Ordinal);
        Assert.Contains("1 notebook, 1 cell,", output, StringComparison.Ordinal);
    }

    private Task<string> ReadProse(Dictionary<string, string> environment) =>
        ReadCells(80, environment, NotebookFolder.Cell("new string('=', 300)"));

    private Task<string> Read(int width, Dictionary<string, string> environment) =>
        ReadCells(
            width,
            environment,
            NotebookFolder.Cell("#r \"nuget: TorchSharp-cpu, 0.107.0\"\n#r \"nuget: GptEmbeddings.Helpers, 1.0.0\""),
            NotebookFolder.Cell("using GptEmbeddings;\nTutorial.Begin();"),
            NotebookFolder.Cell("var table = TorchSharp.torch.tensor(new[] { 2.0f, -1.5f });\nTutorial.Show(table)"),
            NotebookFolder.Cell("// 漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字\n"
                + "new string('=', 300) + \"\\t|\\n漢字漢字\""));

    private async Task<string> ReadCells(
        int width, Dictionary<string, string> environment, params JsonObject[] cells)
    {
        var notebook = NotebookFolder.Json([NotebookFolder.Cell(Prose, "markdown"), .. cells]);
        var path = _folder.WriteJson("a.ipynb", notebook);
        var result = await Terminal.Run(_folder.FullPath, width, environment, path);
        Assert.Equal(Runner.AllWell, result.ExitCode);
        return result.Output;
    }

    [GeneratedRegex(@"[^0-9.]")]
    private static partial Regex Letters();
}
