using System.Text.RegularExpressions;
using Microsoft.DotNet.Interactive.Formatting;
using Xunit;
using static TorchSharp.torch;

namespace GptEmbeddings.Tests;

/// <summary>What holds for every explorer with a sentence: its HTML, where scripts run, run oddly, or do not
/// run.</summary>
public sealed partial class ExplorerTests(ReadingRoom room)
{
    private const string Hostile =
        "</script><script>alert('1')</script> <img src=x onerror=alert(2)> \"&quot;' `${3}`";

    private const string Picture = "<img src=\"data:image/gif;base64,"
        + "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7\" alt=\"a picture\">";

    private const string Ground = "document.querySelector('.gx tbody td').style.background";

    private static readonly string[] _words = ["the", "cat", "sat", "on", "a", "mat"];

    [Theory]
    [InlineData(1280, false)]
    [InlineData(390, true)]
    public async Task Explorers_have_no_barriers_and_fit_the_window_before_and_after_use(int width, bool dark)
    {
        foreach (var view in Explorers(_words))
        {
            var explorer = await ExplorerPage.Open(room, view, width, dark);
            await explorer.ClickToken(0);
            await AssertNoBarriers(explorer.Page, width);
            await explorer.ClickToken(2);
            await explorer.Page.Run("document.querySelectorAll('.gx input').forEach(input => input.click())");
            await AssertNoBarriers(explorer.Page, width);
            Assert.Equal("polite", await explorer.Page.Text(
                "document.querySelector('.gx [role=status]').getAttribute('aria-live')"));
            Assert.Equal(view.Name, await explorer.Page.Text(
                "document.querySelector('[data-explore][role=group]').getAttribute('aria-label')"));
            Assert.Empty(explorer.Page.Complaints);
            await explorer.Page.Close();
        }
    }

    [Fact]
    public void Sparse_and_quantized_tables_are_read_as_the_dense_ones()
    {
        TorchRuntime.Load();
        using var scope = NewDisposeScope();
        var table = tensor(new[,] { { 0.5f, 0 }, { 0, 1 } });
        foreach (var same in new[] { table.to_sparse(), quantize_per_tensor(table, 0.5, 0, ScalarType.QInt8) })
            Assert.Equal(All(table), All(same));

        string All(Tensor t) => string.Concat(new View[]
        {
            Explore.LookupAndAdd(_words[..2], t, t), Explore.Order(_words[..2], t, t, t, t),
            Explore.Map(_words[..2], t), Explore.Positions(t, table[0], table[1]),
            Explore.Training([(t, t), (t, t)], [1], _words[..2], _words[..2], 1),
        }.Select(view => $"{view}{view.ToHtml()}"));
    }

    [Fact]
    public async Task Hostile_words_and_titles_are_shown_as_they_are()
    {
        foreach (var view in Explorers([Hostile, "cat", "sat", "on", "a", "mat"], Hostile))
        {
            Assert.Equal(2, Regex.Count(view.ToHtml(), "</script"));
            var explorer = await ExplorerPage.Open(room, view);
            Assert.StartsWith(Hostile, await explorer.Sentence, StringComparison.Ordinal);
            Assert.Equal(Hostile, await explorer.Page.Text("document.querySelector('.gx-title').textContent"));
            await explorer.ClickToken(0);
            await explorer.ClickToken(1);
            Assert.StartsWith($"cat {Hostile} sat", await explorer.Sentence, StringComparison.Ordinal);
            Assert.Contains(Hostile, await explorer.Told, StringComparison.Ordinal);
            Assert.Equal("0", await explorer.Page.Text("document.querySelectorAll('.gx img, .gx script').length"));
            Assert.Empty(explorer.Page.Complaints);
            await explorer.Page.Close();
        }
    }

    [Fact]
    public async Task Without_scripts_the_text_stands_there_and_the_picture_if_there_is_one()
    {
        var page = await room.Open();
        await page.RunScripts(false);
        foreach (var view in Explorers(_words))
        {
            var html = Drawings.WithPictures(view.ToHtml(), [Picture]);
            Assert.Equal(Picture, Drawings.Find(html).Single().Picture);
            Assert.Equal(view.ToHtml(), Drawings.WithoutPictures(html));
            await page.Go(room.Write(html));
            Assert.Equal(view.ToString(),
                await page.Text("document.querySelector('[data-explore] > pre').textContent"));
            Assert.Equal("1", await page.Text("document.querySelectorAll('[data-explore] > img').length"));
            Assert.Contains("the cat sat", view.ToString(), StringComparison.Ordinal);
        }

        await page.RunScripts(true);
        await page.Close();
    }

    [Fact]
    public async Task A_host_may_run_the_scripts_apart_from_the_page_and_out_of_order()
    {
        var page = await room.Open();
        string[] outputs = [.. Explorers(_words).Select(view => view.ToHtml())];
        await page.Go(room.Write(string.Concat(outputs.Select(html => Script().Replace(html, "")))));
        foreach (var html in outputs.Reverse()) await page.Evaluate(Script().Match(html).Groups[1].Value);
        await page.Drawn();
        Assert.Equal("1 1", await page.Text(
            "[...document.querySelectorAll('[data-explore]')].map(box => box.querySelectorAll('.gx').length)"
            + ".join(' ')"));
        Assert.Empty(page.Complaints);
        await page.Close();
    }

    [Fact]
    public async Task A_page_may_bring_the_data_in_a_file_and_changes_of_theme_keep_the_readers_work()
    {
        foreach (var view in Explorers(_words))
        {
            var page = await room.Open();
            await page.Show(1280, still: true);
            var json = Data().Match(view.ToHtml()).Groups[1].Value;
            var key = Key().Match(view.ToHtml()).Groups[1].Value;
            await page.Go(room.Write(Data().Replace(view.ToHtml(), "")
                + $"<script>window.gptEmbeddingsData = {{ '{key}': {json} }};</script>"));
            await page.Drawn();
            var explorer = new ExplorerPage(page);
            await explorer.Press(0, "End");
            var (sentence, light) = (await explorer.Sentence, await page.Text(Ground));
            await page.Run(
                "document.body.style.color = '#e3e6ea'; dispatchEvent(new Event('gpt-embeddings-theme'))");
            Assert.Equal(sentence, await explorer.Sentence);
            Assert.NotEqual(light, await page.Text(Ground));
            Assert.Equal("rgb(58,58,58)", Regex.Match(await page.Text(
                "document.querySelector('.gx-legend span:nth-child(2)').style.background"),
                @"rgb\(58, ?58, ?58\)").Value.Replace(" ", "", StringComparison.Ordinal));
            await page.Close();
        }
    }

    [Fact]
    public void An_explorer_is_shown_by_hosts_as_HTML_and_by_consoles_as_text()
    {
        Tutorial.Begin();
        foreach (var view in Explorers(_words))
        {
            Assert.Equal(view.ToHtml(), view.ToDisplayString(HtmlFormatter.MimeType));
            Assert.Equal(view.ToString(), view.ToDisplayString(PlainTextFormatter.MimeType));
            Assert.StartsWith($"Explorer \"{view.Name}\": the cat sat on a mat\n", view.ToString(),
                StringComparison.Ordinal);
            Assert.Matches("^<div data-explore=\"[a-z-]+\" data-key=\"[0-9A-F]{12}\" role=\"group\"", view.ToHtml());
        }
    }

    [Fact]
    public void Its_text_holds_the_numbers_of_the_first_sentence()
    {
        TorchRuntime.Load();
        var table = tensor(new[,] { { 1f, 2 }, { 3, 4 } });
        var positions = tensor(new[,] { { 0.5f, -1 }, { 0, 0.25f } });
        Assert.Equal("""
            Explorer "Look up and add": b a
            ids 1, 0
            word rows
            tensor([[3., 4.],  # b
                    [1., 2.]])  # a
            position rows
            tensor([[ 0.5000, -1.0000],  # position 0
                    [ 0.0000,  0.2500]])  # position 1
            sum
            tensor([[3.5000, 3.0000],  # b
                    [1.0000, 2.2500]])  # a
            """.ReplaceLineEndings("\n"),
            Explore.LookupAndAdd(["a", "b"], table, positions, ids: [1, 0]).ToString());
    }

    private static async Task AssertNoBarriers(ReadingPage page, int width)
    {
        var barriers = await page.Barriers("[data-explore]");
        Assert.True(barriers.Count == 0, string.Join('\n', barriers));
        Assert.InRange((await page.Evaluate("document.documentElement.scrollWidth"))!.GetValue<int>(), 1, width);
        Assert.Equal("fits", await page.Text(
            "(view => view.scrollWidth <= view.clientWidth ? 'fits' : 'cut')(document.querySelector('.gx'))"));
    }

    private static IEnumerable<ExplorerView> Explorers(string[] words, string? title = null)
    {
        TorchRuntime.Load();
        var generator = new Generator(3);
        Tensor Random(int rows) => randn([rows, 4], generator: generator);
        var (table, positions, matrix) = (Random(6), Random(6), Random(4));
        yield return Explore.LookupAndAdd(words, table, positions, title: title);
        yield return Explore.Order(words, table, matrix, matrix, matrix, positions, title);
    }

    [GeneratedRegex("<script>(.*)</script>", RegexOptions.Singleline)]
    private static partial Regex Script();

    [GeneratedRegex("<script type=\"application/json\">(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Data();

    [GeneratedRegex("data-key=\"([^\"]*)\"")]
    private static partial Regex Key();
}
