using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using GptEmbeddings.NotebookRunner.Pictures;
using Xunit;

namespace GptEmbeddings.Tests;

/// <summary>
/// Charts as a browser draws them, on the site and as single outputs. <c>Data/require.min.js</c> is RequireJS 2.3.6
/// (MIT, https://requirejs.org), which Jupyter's pages have.
/// </summary>
public sealed partial class ChartBrowserTests(ReadingRoom room)
{
    private const string Require = "https://requirejs.example/require.min.js";

    // A chart comes after it is loaded, before it, or, since it is asked for in the same breath, at the same time.
    private const string LoaderBefore = $"<script src=\"{Require}\"></script>";
    private const string LoaderMeanwhile =
        "<script>document.head.append(Object.assign(document.createElement('script'), "
        + $"{{ src: '{Require}' }}));</script>";

    // Whoever as much as looks at a loader's `define` is told of, as of an anonymous module.
    private const string TouchyLoader = """
        <script>
        const define = () => { throw new Error('Mismatched anonymous define() module'); };
        define.amd = {};
        Object.defineProperty(window, 'define', {
          get() { console.error('define is read'); return define; },
          set() { console.error('define is set'); },
        });
        </script>
        """;

    private const string TracesOfEachPlot =
        "[...document.querySelectorAll('.js-plotly-plot')].map(plot => plot.data.length).join(' ')";

    public static TheoryData<string, string> Loaders => new()
    {
        { "", "" },
        { LoaderBefore, "" },
        { LoaderMeanwhile, "" },
        { "", LoaderBefore },
        { "", LoaderMeanwhile },
        { TouchyLoader, "" },
    };

    [Theory]
    [InlineData(1280, false)]
    [InlineData(390, true)]
    public async Task Every_chart_is_drawn_with_all_its_traces_and_labels(int width, bool dark)
    {
        var page = await room.Open(width, dark);
        await page.Go(room.ChartPage);
        await page.Drawn();
        Assert.Equal("1 2 2 1", await page.Text(TracesOfEachPlot));
        Assert.Equal("the cat sat on a mat", await page.Text("""
            [...document.querySelectorAll('#cell-1 .ytick text')]
              .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
              .map(text => text.textContent).join(' ')
            """));
        Assert.Equal("36", await page.Text("document.querySelectorAll('#cell-1 .heatmap-label').length"));
        Assert.Equal("loss entropy", await page.Text(
            "[...document.querySelectorAll('#cell-2 .legendtext')].map(text => text.textContent).join(' ')"));
        Assert.Equal("a cat mat on sat the", await page.Text(
            "[...document.querySelectorAll('#cell-3 .textpoint')].map(text => text.textContent).sort().join(' ')"));
        Assert.Equal("training", await page.Text("document.querySelector('#cell-2 .gtitle').textContent"));
        Assert.Equal("6 points, 1 line", await page.Text(
            "`${document.querySelectorAll('#cell-4 .point').length} points, "
            + "${document.querySelectorAll('#cell-4 .js-line').length} line`"));
        await page.Close();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_numbers_in_a_heat_map_are_legible_on_their_cells(bool dark)
    {
        var page = await room.Open(dark: dark);
        await page.Go(room.ChartPage);
        await page.Drawn();
        // The cells as they are painted, the numbers as they are styled.
        var contrasts = (JsonArray)(await page.Evaluate("""
            (async () => {
              const picture = document.querySelector('#cell-1 .hm image'), place = picture.getBoundingClientRect();
              const address = picture.getAttribute('href')
                ?? picture.getAttributeNS('http://www.w3.org/1999/xlink', 'href');
              const image = Object.assign(new Image(), { src: address });
              await image.decode();
              const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d');
              canvas.drawImage(image, 0, 0);
              const light = ([r, g, b]) => [r, g, b].map(c => c / 255)
                .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
                .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
              return [...document.querySelectorAll('#cell-1 .heatmap-label tspan[style*=fill]')].map(number => {
                const box = number.getBoundingClientRect();
                const x = Math.floor((box.left + box.width / 2 - place.left) / place.width * image.width);
                const y = Math.floor((box.top + box.height / 2 - place.top) / place.height * image.height);
                const cell = canvas.getImageData(x, y, 1, 1).data;
                const [paper, ink] = [light(cell), light(getComputedStyle(number).fill.match(/\d+/g).map(Number))];
                return (Math.max(paper, ink) + 0.05) / (Math.min(paper, ink) + 0.05);
              });
            })()
            """))!;
        Assert.Equal(36, contrasts.Count);
        Assert.All(contrasts, contrast => Assert.InRange(contrast!.GetValue<double>(), 4.5, 21));
        await page.Close();
    }

    [Theory]
    [InlineData(new[] { 0.5, double.NaN, -0.25, double.NegativeInfinity }, null, "0.50|−0.25")]
    [InlineData(new[] { 1, double.NaN, -2, double.PositiveInfinity }, null, "1|−2")]
    [InlineData(new[] { 12345, double.NaN, -0.0001, 0.5 }, null, "1.23e+4|−0.0001|0.5")]
    [InlineData(new[] { 0.5, double.NaN, -0.25, 0 }, true, "0.50|−0.25|0.00")]
    [InlineData(new[] { 0.5, double.NaN, -0.25, 0 }, false, "")]
    public async Task A_cell_of_a_heat_map_without_a_number_has_no_text(double[] row, bool? numbers, string texts)
    {
        var page = await room.Open();
        page.Serve(ChartHtml.Url, room.Plotly);
        using var table = TorchSharp.torch.tensor(row).reshape(1, -1);
        await page.Go(room.Write(Charts.Heatmap(table, numbers: numbers).ToHtml()));
        await page.Drawn();
        Assert.Equal(texts, (await page.Text(
            "[...document.querySelectorAll('.heatmap-label')].map(label => label.textContent).join('|')"))
            .Replace('-', '−'));
        await page.Close();
    }

    [Theory]
    [InlineData(390, "0")]
    [InlineData(1280, "1")]
    public async Task Narrow_cells_of_a_heat_map_have_no_gaps_and_long_labels_no_title_on_them(int width, string gap)
    {
        var page = await room.Open(width);
        page.Serve(ChartHtml.Url, room.Plotly);
        using var table = TorchSharp.torch.zeros(2, 40);
        string[] rows = ["a label that is long", "another long label"];
        await page.Go(room.Write(Charts.Heatmap(table, rows, title: "narrow", yTitle: "sentence").ToHtml()));
        await page.Drawn();
        Assert.Equal(gap, await page.Text("`${document.querySelector('.js-plotly-plot').data[0].xgap}`"));
        Assert.Equal("beside", await page.Text("""
            (() => {
              const title = document.querySelector('.ytitle').getBoundingClientRect();
              return [...document.querySelectorAll('.ytick text')]
                .every(label => label.getBoundingClientRect().left >= title.right) ? 'beside' : 'on a label';
            })()
            """));
        await page.Close();
    }

    [Fact]
    public async Task Hovering_tells_the_value()
    {
        var page = await room.Open();
        await page.Go(room.ChartPage);
        await page.Drawn();
        var place = (JsonArray)(await page.Evaluate("""
            (() => {
              const plot = document.querySelector('#cell-1 .nsewdrag');
              plot.scrollIntoView({ block: 'center' });
              const box = plot.getBoundingClientRect();
              return [box.left + box.width / 12, box.top + box.height / 12];
            })()
            """))!;
        foreach (var step in new[] { 0, 1 })
            await page.Point(place[0]!.GetValue<double>() + step, place[1]!.GetValue<double>());
        Assert.Equal("row: thecolumn: thevalue: −2", await page.Text("""
            new Promise(done => {
              const look = () => {
                const text = document.querySelector('#cell-1 .hovertext');
                if (text) done(text.textContent); else setTimeout(look, 50);
              };
              look();
            })
            """));
        await page.Close();
    }

    [Fact]
    public async Task Charts_follow_when_the_reader_turns_the_page_dark()
    {
        var page = await room.Open();
        await page.Go(room.ChartPage);
        await page.Drawn();
        const string Ink = "getComputedStyle(document.querySelector('#cell-2 .gtitle')).fill";
        Assert.Equal("rgb(31, 35, 40)", await page.Text(Ink));
        await page.Show(1280, dark: true);
        Assert.Equal("rgb(227, 230, 234)", await page.Text($$"""
            new Promise(done => {
              const look = () => {{Ink}} === 'rgb(31, 35, 40)' ? setTimeout(look, 50) : done({{Ink}});
              look();
            })
            """));
        await page.Close();
    }

    [Theory]
    [MemberData(nameof(Loaders))]
    public async Task A_single_output_loads_plotly_once_whenever_a_module_loader_comes(string before, string after)
    {
        var page = await room.Open();
        var (loader, library) = (new TaskCompletionSource(), new TaskCompletionSource());
        var isMeanwhile = before == LoaderMeanwhile || after == LoaderMeanwhile;
        // Where both load at once, plotly.js arrives when the loader is asked for, and the loader after it.
        page.Serve(ChartHtml.Url, async () =>
        {
            library.SetResult();
            if (isMeanwhile) await loader.Task;
            return await room.Plotly();
        });
        page.Serve(Require, async () =>
        {
            if (isMeanwhile) await library.Task;
            loader.SetResult();
            return await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "Data", "require.min.js"));
        });
        await page.Go(room.Write(before + string.Concat(room.Charts.Values.Select(chart => chart.ToHtml())) + after));
        await page.Drawn();
        Assert.Equal("1 2 2 1", await page.Text(TracesOfEachPlot));
        Assert.Single(page.Requests, request => request == ChartHtml.Url);
        Assert.Empty(page.Complaints);
        // What is loaded then, finds the loader as it was.
        if (loader.Task.IsCompleted)
            Assert.Equal("made",
                await page.Text("new Promise(done => { define('one', [], () => 'made'); requirejs(['one'], done); })"));
        await page.Close();
    }

    [Fact]
    public void Plotly_has_the_integrity_and_the_name_that_charts_ask_for()
    {
        var folder = Directory.CreateTempSubdirectory("plotly-").FullName;
        PlotlyLibrary.CopyTo(folder);
        var hash = SHA384.HashData(File.ReadAllBytes(Path.Combine(folder, PlotlyLibrary.FileName)));
        Directory.Delete(folder, recursive: true);
        Assert.Equal(ChartHtml.Integrity, $"sha384-{Convert.ToBase64String(hash)}");
        Assert.EndsWith($"/{PlotlyLibrary.FileName}", ChartHtml.Url, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Without_plotly_or_with_another_than_is_meant_the_sentence_stays(bool tampered)
    {
        var page = await room.Open();
        if (tampered) page.Serve(ChartHtml.Url, async () => [.. await room.Plotly(), (byte)'\n']);
        var chart = room.Charts["heat map"];
        await page.Go(room.Write(chart.ToHtml()));
        await page.Evaluate("""
            new Promise(done => {
              const look = () => window.gptEmbeddingsPlotly === null ? done() : setTimeout(look, 20);
              look();
            })
            """);
        Assert.StartsWith($"{chart}. The interactive chart needs plotly.js",
            await page.Text("document.body.innerText.trim()"), StringComparison.Ordinal);
        Assert.DoesNotContain(page.Complaints, complaint => complaint.StartsWith("uncaught", StringComparison.Ordinal));
        Assert.Contains(page.Complaints, complaint => complaint.StartsWith("No chart", StringComparison.Ordinal));
        await page.Close();
    }

    [Fact]
    public async Task A_host_may_run_the_scripts_apart_from_the_page()
    {
        var page = await room.Open();
        page.Serve(ChartHtml.Url, room.Plotly);
        var charts = room.Charts.Values.Select(chart => chart.ToHtml()).ToList();
        await page.Go(room.Write(string.Concat(charts.Select(html => Script().Replace(html, "")))));
        foreach (var html in charts) await page.Evaluate(Script().Match(html).Groups[1].Value);
        await page.Drawn();
        Assert.Equal("1 2 2 1", await page.Text(TracesOfEachPlot));
        await page.Close();
    }

    [GeneratedRegex("<script>(.*)</script>", RegexOptions.Singleline)]
    private static partial Regex Script();
}
