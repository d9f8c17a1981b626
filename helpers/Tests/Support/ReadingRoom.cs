using GptEmbeddings.NotebookRunner.Execution;
using GptEmbeddings.NotebookRunner.Notebook;
using GptEmbeddings.NotebookRunner.Pictures;
using GptEmbeddings.NotebookRunner.Site;
using GptEmbeddings.Tests;
using Xunit;
using static TorchSharp.torch;

[assembly: AssemblyFixture(typeof(ReadingRoom))]

namespace GptEmbeddings.Tests;

/// <summary>A browser, the site of all notebooks as they are saved, and a page with a chart of each kind.</summary>
public sealed class ReadingRoom : IAsyncLifetime
{
    private static readonly string[] _words = ["the", "cat", "sat", "on", "a", "mat"];

    private readonly NotebookFolder _folder = new();
    private readonly SemaphoreSlim _door = new(1);
    private Chromium? _browser;

    /// <summary>The charts by name.</summary>
    internal Dictionary<string, ChartView> Charts { get; } = [];

    /// <summary>The addresses of all pages of the site.</summary>
    internal IReadOnlyList<Uri> Pages { get; private set; } = [];

    /// <summary>The address of the page with the charts, which also has a formula, a wide table and a cell that
    /// failed.</summary>
    internal Uri ChartPage => new(_folder.PathOf("charts/all.html"));

    /// <summary>The address of a page whose only chart is folded with the answer below it.</summary>
    internal Uri AnswerPage => new(_folder.PathOf("charts/answer.html"));

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>Opens a page without a network; skips the test where there is no browser.</summary>
    /// <remarks>The browser starts with the first test that needs it.</remarks>
    internal async Task<ReadingPage> Open(int width = 1280, bool dark = false)
    {
        Assert.SkipWhen(Chromium.Find() is null, "There is no Chromium on the PATH and none in CHROME_PATH.");
        await _door.WaitAsync();
        try
        {
            if (_browser is null)
            {
                WriteSites();
                _browser = await Chromium.Start(Chromium.Find()!);
            }
        }
        finally
        {
            _door.Release();
        }

        var page = await ReadingPage.Of(await _browser.OpenPage());
        await page.Show(width, dark: dark);
        return page;
    }

    /// <summary>Writes a page that holds nothing but this HTML.</summary>
    internal Uri Write(string html, bool dark = false)
    {
        var path = _folder.PathOf($"{Guid.NewGuid():N}.html");
        var colors = dark ? "color:#e3e6ea;background:#16181c" : "color:#1f2328;background:#fff";
        File.WriteAllText(path,
            "<!DOCTYPE html><html lang=\"en\"><meta charset=\"utf-8\"><title>One output</title>"
            + $"<body style=\"{colors}\">\n{html}");
        return new(path);
    }

    /// <summary>The content of plotly.js.</summary>
    internal Task<byte[]> Plotly() => File.ReadAllBytesAsync(_folder.PathOf($"charts/{PlotlyLibrary.FileName}"));

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _door.Dispose();
        _folder.Dispose();
    }

    private void WriteSites()
    {
        TorchRuntime.Load();
        using var scope = NewDisposeScope();
        var square = linspace(-2, 2, 36).reshape(6, 6);
        Charts["heat map"] = GptEmbeddings.Charts.Heatmap(square, _words, _words, title: "similarity");
        Charts["lines"] = GptEmbeddings.Charts.Lines(
            [("loss", square.flatten()), ("entropy", 1.5)], title: "training", xTitle: "step");
        Charts["scatter"] =
            GptEmbeddings.Charts.Scatter(square[.., ..2], _words, ["x", "x", "x", "y", "y", "y"], title: "words");
        Charts["path"] = GptEmbeddings.Charts.Scatter(square[.., ..2], _words, title: "path", connected: true);

        var prose = "# All charts\n\n## A formula\n\n$a^2$\n\n| a | b |\n|---|---|\n| " + new string('x', 300)
            + " | 2 |\n\n## Charts\n\n### Of each kind\n";
        var path = _folder.WriteJson("all.ipynb", NotebookFolder.Json(
        [
            NotebookFolder.Cell(prose, "markdown"),
            .. Charts.Keys.Select(name => NotebookFolder.Cell($"\"{name}\" // draw")),
            NotebookFolder.Cell("oops"),
        ]));
        var notebook = NotebookFile.Load(path, "all.ipynb");
        var outputs = Charts.Values.Select(chart => CellOutput.Result(new Dictionary<string, string>
        {
            ["text/html"] = chart.ToHtml(),
            ["text/plain"] = chart.ToString(),
        }));
        var cells = notebook.CodeCells.Zip(outputs, (cell, output) => new CellRun(cell, [output], TimeSpan.Zero));
        var broken = new CellRun(notebook.CodeCells.Last(), [], TimeSpan.Zero, "it does not compile");
        SiteWriter.Write([new(notebook, [.. cells, broken], TimeSpan.Zero), Answer()], new(_folder.PathOf("charts")));

        var runs = Repository.All.Select(saved =>
            new NotebookRun(saved,
                [.. saved.CodeCells.Select(cell => new CellRun(cell, cell.SavedOutputs, TimeSpan.Zero))],
                TimeSpan.Zero));
        SiteWriter.Write([.. runs], new(_folder.PathOf("site")));
        Pages = [.. new[] { "site", "charts" }.SelectMany(site =>
            Directory.GetFiles(_folder.PathOf(site), "*.html", SearchOption.AllDirectories))
            .Order(StringComparer.Ordinal).Select(file => new Uri(file))];
    }

    private NotebookRun Answer()
    {
        var answer = _folder.WriteJson("answer.ipynb", NotebookFolder.Json(
            NotebookFolder.Cell("# Predict", "markdown"), NotebookFolder.Cell("1"),
            NotebookFolder.Cell("As you said.", "markdown", "answer")));
        var asks = NotebookFile.Load(answer, "answer.ipynb");
        var picture = CellOutput.Result(new Dictionary<string, string>
        {
            ["text/html"] = Drawings.WithPictures(
                Charts["lines"].ToHtml(), ["<img src=\"data:image/png;base64,aGVsbG8=\" alt=\"loss\">"]),
        });
        return new(asks, [new CellRun(asks.CodeCells.Single(), [picture], TimeSpan.Zero)], TimeSpan.Zero);
    }
}
