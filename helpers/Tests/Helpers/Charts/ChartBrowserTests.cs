using System.Text.Json.Nodes;
using GptEmbeddings.NotebookRunner.Pictures;
using Xunit;

namespace GptEmbeddings.Tests;

/// <summary>Charts as a browser draws them, on the site and as single outputs.</summary>
public sealed class ChartBrowserTests(ReadingRoom room)
{
    private const string Cdn = "https://cdn.plot.ly/";

    // The little of RequireJS (https://requirejs.org/docs/api.html) that Jupyter's page would do with the script.
    private const string Loader = """
        <script>
        window.waiting = [];
        window.define = function (name, needs, make) { if (typeof name !== 'string') throw new Error('Mismatched anonymous define() module'); };
        define.amd = {};
        window.requirejs = { config: settings => (names, done, fail) => {
          const script = document.createElement('script'), before = define;
          window.define = (needs, make) => { window.made = typeof needs === 'function' ? needs() : make ? make() : needs; };
          window.define.amd = {};
          script.onload = () => { window.define = before; done(window.made); };
          script.onerror = fail;
          script.src = settings.paths[names[0]] + '.js';
          document.head.append(script);
        } };
        </script>
        """;

    [Theory]
    [InlineData(1280, false)]
    [InlineData(1280, true)]
    [InlineData(390, false)]
    [InlineData(390, true)]
    public async Task Every_chart_is_drawn_with_all_its_traces_and_labels(int width, bool dark)
    {
        var page = await room.Open(width, dark);
        await page.Go(room.ChartPage);
        await page.Drawn();
        Assert.Equal("1 2 2 1", await Text(page, "[...document.querySelectorAll('.js-plotly-plot')].map(plot => plot.data.length).join(' ')"));
        Assert.Equal("the cat sat on a mat", await Text(page, "[...document.querySelectorAll('#cell-1 .ytick text')].sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top).map(text => text.textContent).join(' ')"));
        Assert.Equal("36", await Text(page, "document.querySelectorAll('#cell-1 .heatmap-label').length"));
        Assert.Equal("loss entropy", await Text(page, "[...document.querySelectorAll('#cell-2 .legendtext')].map(text => text.textContent).join(' ')"));
        Assert.Equal("a cat mat on sat the", await Text(page, "[...document.querySelectorAll('#cell-3 .textpoint')].map(text => text.textContent).sort().join(' ')"));
        Assert.Equal("training", await Text(page, "document.querySelector('#cell-2 .gtitle').textContent"));
        Assert.Equal("6 points, 1 line", await Text(page, "`${document.querySelectorAll('#cell-4 .point').length} points, ${document.querySelectorAll('#cell-4 .js-line').length} line`"));
    }

    [Fact]
    public async Task Hovering_tells_the_value()
    {
        var page = await room.Open();
        await page.Go(room.ChartPage);
        await page.Drawn();
        var place = (JsonArray)(await page.Evaluate("(() => { const plot = document.querySelector('#cell-1 .nsewdrag'); plot.scrollIntoView({ block: 'center' }); const box = plot.getBoundingClientRect(); return [box.left + box.width / 12, box.top + box.height / 12]; })()"))!;
        foreach (var step in new[] { 0, 1 })
            await page.Send("Input.dispatchMouseEvent", new() { ["type"] = "mouseMoved", ["x"] = place[0]!.GetValue<double>() + step, ["y"] = place[1]!.GetValue<double>() });
        Assert.Equal("row: thecolumn: thevalue: −2", await Text(page, "new Promise(done => { const look = () => { const text = document.querySelector('#cell-1 .hovertext'); if (text) done(text.textContent); else setTimeout(look, 50); }; look(); })"));
    }

    [Fact]
    public async Task Charts_follow_when_the_reader_turns_the_page_dark()
    {
        var page = await room.Open();
        await page.Go(room.ChartPage);
        await page.Drawn();
        const string Ink = "getComputedStyle(document.querySelector('#cell-2 .gtitle')).fill";
        Assert.Equal("rgb(31, 35, 40)", await Text(page, Ink));
        await page.Show(1280, 900, dark: true);
        Assert.Equal("rgb(227, 230, 234)", await Text(page, $"new Promise(done => {{ const look = () => {Ink} === 'rgb(31, 35, 40)' ? setTimeout(look, 50) : done({Ink}); look(); }})"));
    }

    [Theory]
    [InlineData("")]
    [InlineData(Loader)]
    public async Task A_single_output_loads_plotly_with_and_without_a_module_loader(string before)
    {
        var page = await room.Open();
        var html = string.Concat(room.Charts.Values.Select(chart => chart.ToHtml())).Replace(Url(room), room.Plotly.AbsoluteUri, StringComparison.Ordinal);
        await page.Go(room.Write(before + html));
        await page.Drawn();
        Assert.Equal("1 2 2 1", await Text(page, "[...document.querySelectorAll('.js-plotly-plot')].map(plot => plot.data.length).join(' ')"));
        Assert.Single(page.Requests(), request => request == room.Plotly.AbsoluteUri);
        Assert.Empty(page.Complaints());
    }

    [Theory]
    [InlineData("")]
    [InlineData(Loader)]
    public async Task Without_plotly_the_sentence_stays(string before)
    {
        var page = await room.Open();
        var chart = room.Charts["heat map"];
        await page.Go(room.Write(before + chart.ToHtml()));
        await page.Evaluate("new Promise(done => setTimeout(done, 500))");
        Assert.StartsWith($"{chart}. The interactive chart needs plotly.js", await Text(page, "document.body.innerText.trim()"), StringComparison.Ordinal);
        Assert.DoesNotContain(page.Events, happened => happened.Name == "Runtime.exceptionThrown");
    }

    private static string Url(ReadingRoom room) => Cdn + Path.GetFileName(room.Plotly.LocalPath);

    private static async Task<string> Text(ChromiumPage page, string script) => (await page.Evaluate(script))?.ToString() ?? "";
}
