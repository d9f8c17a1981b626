using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using AngleSharp.Html.Parser;
using GptEmbeddings.NotebookRunner.Execution;
using GptEmbeddings.NotebookRunner.Notebook;
using GptEmbeddings.NotebookRunner.Site;
using Xunit;
using static TorchSharp.torch;

namespace GptEmbeddings.Tests;

/// <summary>Pages of notebooks that mean harm: what of their prose and outputs a browser would run, load or follow.
/// </summary>
public sealed class HostilePageTests(ReadingRoom room) : IDisposable
{
    /// <summary>Each would set <c>window.hacked</c>, leave the page or ask the network.</summary>
    private static readonly string[] _prose =
    [
        "<script>window.hacked = 1</script>", "<ScRiPt src='evil.js'></sCrIpT>", "<script>window.hacked=1",
        "<img src=x onerror='window.hacked=1' alt=x>", "<img src=x\nonerror=window.hacked=1//",
        "<svg onload=window.hacked=1>",
        "<svg><script>window.hacked=1</script></svg>", "<math><mtext><script>window.hacked=1</script></mtext></math>",
        "<details open ontoggle='window.hacked=1'><summary>s</summary></details>", "<body onload=window.hacked=1>",
        "<base href='https://example.org/'>", "<meta http-equiv=refresh content='0;url=https://example.org/'>",
        "<iframe src='https://example.org/'></iframe>", "<iframe srcdoc='<script>parent.hacked=1</script>'></iframe>",
        "<object data='javascript:window.hacked=1'></object>", "<embed src='https://example.org/'>",
        "<link rel=stylesheet href='https://example.org/a.css'>", "<style>@import 'https://example.org/a.css';</style>",
        "<p style='background:url(https://example.org/a.png)'>styled</p>",
        "<img src='https://example.org/a.png' alt=far>",
        "![far](https://example.org/b.png)", "<form action='https://example.org/'><button autofocus>b</button></form>",
        "[one](javascript:window.hacked=1)", "<javascript:window.hacked=1>", "[two](JaVaScRiPt:window.hacked=1)",
        "[three](java&#x73;cript:window.hacked=1)", "<a href='java\tscript:window.hacked=1'>four</a>",
        "<a href='&#1;javascript:window.hacked=1'>five</a>", "<a href=\"data:text/html,<script>1</script>\">six</a>",
        "[seven](vbscript:window.hacked=1)", "<a href='#' onclick='window.hacked=1'>eight</a>",
        "<div data-chart='AAAAAAAAAAAA'></div>", "<noscript><p title='</noscript><img src=x onerror=window.hacked=1>'>",
        "<template><script>window.hacked=1</script></template>", "<a id=Plotly>clobber</a>",
        "<video src='https://example.org/v' autoplay onplay=window.hacked=1></video>",
    ];

    private static readonly string[] _active =
        ["script", "style", "iframe", "object", "embed", "link", "meta", "base", "form", "svg", "math", "video"];

    private readonly NotebookFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Prose_keeps_its_text_and_loses_what_is_active()
    {
        using var page = new HtmlParser().ParseDocument(File.ReadAllText(Write()));
        foreach (var prose in page.QuerySelectorAll(".prose, .prose *"))
        {
            Assert.DoesNotContain(prose.LocalName, _active);
            foreach (var attribute in prose.Attributes)
            {
                Assert.False(attribute.Name.StartsWith("on", StringComparison.Ordinal), prose.OuterHtml);
                if (attribute.Name is "href" or "src" && attribute.Value.Contains(':', StringComparison.Ordinal))
                    Assert.StartsWith("https://example.org/", attribute.Value, StringComparison.Ordinal);
            }
        }

        var text = page.QuerySelector("main")!.TextContent;
        foreach (var word in "one two three four five six seven eight styled clobber".Split(' '))
            Assert.Contains(word, text, StringComparison.Ordinal);
        Assert.Equal("H2O, 2^3", page.QuerySelector("#kept")!.TextContent);
        foreach (var tag in new[] { "details", "summary", "sub", "sup", "table", "td", "a[href='evil.js']" })
            Assert.NotNull(page.QuerySelector($".prose {tag}"));
    }

    /// <summary>Prose that once ended the process, or takes long: shown as it is written.</summary>
    [Theory]
    [InlineData("<pre>", 3_000)]
    [InlineData("<b id=x>", 20_000)]
    [InlineData("<table><tr><td>", 5_000)]
    [InlineData("<p style='width:calc(", 1, "calc(", 20_000)]
    [InlineData("<style>", 1, "@media x {", 10_000)]
    [InlineData("> ", 5_000)]
    [InlineData("- ", 5_000)]
    [InlineData("![", 30_000)]
    public void Prose_without_measure_is_shown_as_text(string start, int times, string rest = "", int more = 0)
    {
        var prose = string.Concat(Enumerable.Repeat(start, times).Concat(Enumerable.Repeat(rest, more))) + "'>deep";
        var page = Page(prose);
        foreach (var text in new[] { "deep", "<p>fine</p>" }) Assert.Contains(text, page, StringComparison.Ordinal);
    }

    /// <summary>HTML of an output whose parts begin often and never end.</summary>
    [Theory]
    [InlineData("</div><pre style=\"\">rgba(1,1,1,0.50)\">          ")]
    [InlineData("rgba(1,1,1,0.50)\">          ")]
    [InlineData(",0.50)\">")]
    [InlineData("</div><pre style=\"\">")]
    [InlineData("<style><!--<script><")]
    [InlineData("<img src=\"data:image/png;base64,")]
    [InlineData("<div data-chart=\"AAAAAAAAAAAA\" role=\"\" aria-label=\"\" style=\"\"><img ")]
    [InlineData("\e[1;\e]")]
    [InlineData("<pre")]
    public void An_output_takes_time_by_its_length(string piece)
    {
        var html = $"</div><pre style=\"\">{string.Concat(Enumerable.Repeat(piece, 1_000_000 / piece.Length))}</pre>";
        var output = CellOutput.Result(new Dictionary<string, string> { ["text/html"] = html });
        var clock = Stopwatch.StartNew();
        Assert.Contains("<p>fine</p>", Page("prose", output), StringComparison.Ordinal);
        _ = HtmlText.Of(html);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 10);
    }

    private string Page(string prose, params IReadOnlyList<CellOutput> outputs)
    {
        var path = _folder.WriteJson("b.ipynb", NotebookFolder.Json(
            NotebookFolder.Cell(prose, "markdown"), NotebookFolder.Cell("1"), NotebookFolder.Cell("fine", "markdown")));
        var notebook = NotebookFile.Load(path, path);
        SiteWriter.Write(
            [new(notebook, [new CellRun(notebook.CodeCells.Single(), outputs, TimeSpan.Zero)], TimeSpan.Zero)],
            new(_folder.PathOf("site")));
        return File.ReadAllText(_folder.PathOf("site/b.html"));
    }

    [Fact]
    public async Task Nothing_of_it_runs_loads_or_leads_away_and_charts_still_draw()
    {
        var page = await room.Open();
        var address = new Uri(Write());
        await page.Go(address);
        // The last two stay text.
        await page.Run(
            "for (const box of [...document.querySelectorAll('[data-explore]')].slice(2)) box.hidden = true");
        await page.Drawn();
        await page.Evaluate("""
            (async () => {
              for (const link of document.querySelectorAll('.prose a'))
                if (!/^(https?|file):/.test(link.href) || link.hash) link.click();
              for (const button of document.querySelectorAll('main button:not(.copy)')) button.click();
              await new Promise(done => setTimeout(done, 500));
            })()
            """);
        Assert.Equal("undefined", await page.Text("typeof window.hacked"));
        Assert.Equal(address.AbsolutePath, await page.Text("location.pathname"));
        Assert.Equal(
            ["explorer", "explorer", "text", "text"],
            ((JsonArray)(await page.Evaluate(
                "[...document.querySelectorAll('[data-explore]')].map(box => "
                + "box.querySelector('.gx button') ? 'explorer' : 'text')"))!)
            .Select(shown => shown!.GetValue<string>()));
        Assert.All(page.Requests, request => Assert.StartsWith("file:", request, StringComparison.Ordinal));
        await page.Close();
    }

    [Fact]
    public void Of_inline_scripts_only_those_of_charts_and_explorers_may_run_and_data_lie_in_files()
    {
        using var page = new HtmlParser().ParseDocument(File.ReadAllText(Write()));
        var policy = page.QuerySelector("meta[http-equiv=Content-Security-Policy]")!.GetAttribute("content")!;
        Assert.DoesNotContain("'unsafe-inline'", policy.Split(';')[1], StringComparison.Ordinal);
        var inline = page.Scripts.Where(script => script.Source is null && script.Type is not "application/json")
            .ToLookup(script => policy.Contains(Hash(script.Text), StringComparison.Ordinal), script => script.Text);
        Assert.Equal(["window.hacked = 5", "window.hacked = 6", "window.hacked = 2"], inline[false]);
        Assert.Equal(4, inline[true].Count());
        Assert.Contains(inline[true], script => script.Contains("Plotly", StringComparison.Ordinal));
        Assert.DoesNotContain(inline[true], script => script.Contains("hacked", StringComparison.Ordinal));
        var drawn = page.QuerySelectorAll("[data-explore]");
        foreach (var explored in drawn.Take(2))
        {
            Assert.Null(explored.QuerySelector("script"));
            Assert.StartsWith(
                $"window.gptEmbeddingsData[\"{explored.GetAttribute("data-key")}\"] = {{\"colors\":",
                File.ReadAllLines(_folder.PathOf($"site/{explored.PreviousElementSibling!.GetAttribute("src")}"))[1],
                StringComparison.Ordinal);
        }

        Assert.All(Directory.GetFiles(_folder.PathOf($"site/{SiteFiles.Data}")), file =>
            Assert.DoesNotContain("hacked", File.ReadAllText(file), StringComparison.Ordinal));
    }

    private string Write()
    {
        var prose = "# Hostile\n\n" + string.Join("\n\n", _prose)
            + "\n\n</p></div></section></main>\n\n<p id=kept>H<sub>2</sub>O, 2^<sup>3</sup></p>"
            + "\n\n| a |\n|---|\n| b |\n\n<details><summary>Answer</summary>\n\nyes\n\n</details>\n";
        _folder.WriteText("evil.js", "window.hacked = 1");
        var path = _folder.WriteJson("a.ipynb", NotebookFolder.Json(
            [.. _prose.Append(prose).Append("[evil](evil.js)").Select(piece => NotebookFolder.Cell(piece, "markdown")),
                .. Enumerable.Range(1, 7).Select(number => NotebookFolder.Cell($"{number}"))]));
        TorchRuntime.Load();
        var chart = Charts.Lines([("loss", new[] { 1.0, 2.0 })]).ToHtml();
        var explorer = Explore.Order(["the", "cat"], ones(2, 3), eye(3), eye(3), eye(3)).ToHtml();
        // As the views write them, but for the script, the kind, or the data.
        string[] outputs =
        [
            chart, WithScript(chart, 3), explorer, WithScript(explorer, 4),
            WithScript(explorer.Replace("explore=\"order\"", "explore=\"evil\"", StringComparison.Ordinal), 5),
            WithScript(
                explorer.Replace("{\"colors\"", "window.hacked = 6; ({\"colors\"", StringComparison.Ordinal), 6),
            "<i onclick='window.hacked=2'>i</i><script>window.hacked = 2</script>"
                + "<MetA http-equiv=refresh content='0;url=https://example.org/'>",
        ];
        var notebook = NotebookFile.Load(path, path);
        var cells = notebook.CodeCells.Zip(outputs, (cell, html) => new CellRun(
            cell, [CellOutput.Result(new Dictionary<string, string> { ["text/html"] = html })], TimeSpan.Zero));
        SiteWriter.Write([new(notebook, [.. cells], TimeSpan.Zero)], new(_folder.PathOf("site")));
        return _folder.PathOf("site/a.html");
    }

    private static string WithScript(string drawing, int number) =>
        drawing[..(drawing.LastIndexOf("<script>", StringComparison.Ordinal) + "<script>".Length)]
        + $"window.hacked = {number}</script>";

    private static string Hash(string script) =>
        $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)))}'";
}
