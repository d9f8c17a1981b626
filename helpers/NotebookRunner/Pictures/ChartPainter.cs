using System.Text.Json;
using PuppeteerSharp;

namespace GptEmbeddings.NotebookRunner.Pictures;

/// <summary>Draws charts and explorers in Chromium: dark on white, with more pixels than CSS has.</summary>
internal sealed class ChartPainter : IAsyncDisposable
{
    // Each picture stands in the notebook twice, in base64; with these limits it stays below 1 MB.
    private const int Width = 720, MostBytes = 60_000, MostBytesOfAll = 300_000;

    // Explorers are few, and full of small numbers in many colors: the colors matter more than the last pixel.
    private const int MostBytesOfExplorer = 56_000;
    private const double ScaleOfExplorer = 1.5, ScaleOfChart = 2, ScaleOfLargeChart = 1.25;

    private static readonly string _boxes = Drawings.Resource("boxes.js", typeof(ChartPainter).Assembly);

    private readonly Chromium _browser;
    private readonly IPage _page;

    private ChartPainter(Chromium browser, IPage page) => (_browser, _page) = (browser, page);

    /// <exception cref="IOException">It does not start.</exception>
    public static async Task<ChartPainter> Start(string chromium, CancellationToken cancellation)
    {
        var browser = await Chromium.Start(chromium, cancellation);
        try
        {
            PlotlyLibrary.CopyTo(browser.Folder);
            var painter = new ChartPainter(browser, await browser.OpenPage().WaitAsync(cancellation));
            await painter.Scale(ScaleOfChart).WaitAsync(cancellation);
            return painter;
        }
        catch
        {
            await browser.DisposeAsync();
            throw;
        }
    }

    /// <summary>Draws charts, each given as HTML. All charts of a notebook share the room for pictures.</summary>
    /// <exception cref="PuppeteerException">One cannot be drawn.</exception>
    /// <exception cref="TimeoutException">The browser does not answer.</exception>
    public async Task<IReadOnlyList<PaintedChart>> Paint(
        string[] charts, int chartsOfNotebook, Action<int, int> progress, CancellationToken cancellation)
    {
        var file = Path.Combine(_browser.Folder, "charts.html");
        await File.WriteAllTextAsync(file, Page(charts), cancellation);
        await _page.GoToAsync(new Uri(file).AbsoluteUri).WaitAsync(cancellation);
        var boxes = JsonSerializer.Deserialize<double[][]>(
            await _page.EvaluateExpressionAsync<string>(_boxes).WaitAsync(cancellation))!;
        var pictures = new List<PaintedChart>();
        foreach (var box in boxes)
        {
            progress(pictures.Count, charts.Length);
            pictures.Add(await Picture(box, chartsOfNotebook).WaitAsync(cancellation));
        }

        return pictures;
    }

    public ValueTask DisposeAsync() => _browser.DisposeAsync();

    private async Task<PaintedChart> Picture(double[] box, int chartsOfNotebook)
    {
        var explores = box[4] > 0;
        var most = explores ? MostBytesOfExplorer : Math.Min(MostBytes, MostBytesOfAll / chartsOfNotebook);
        var picture = IndexedPng.Of(await Screenshot(box, explores ? ScaleOfExplorer : ScaleOfChart), most);
        if (!explores && picture.Length > most)
            picture = IndexedPng.Of(await Screenshot(box, ScaleOfLargeChart), most);
        return new(Convert.ToBase64String(picture), (int)box[2], (int)box[3]);
    }

    private async Task<byte[]> Screenshot(double[] box, double scale)
    {
        await Scale(scale);
        var (x, y, width, height) = ((decimal)box[0], (decimal)box[1], (decimal)box[2], (decimal)box[3]);
        return await _page.ScreenshotDataAsync(new()
        {
            Clip = new() { X = x, Y = y, Width = width, Height = height },
            CaptureBeyondViewport = true,
            OptimizeForSpeed = true,
        });
    }

    private Task Scale(double scale) =>
        _page.SetViewportAsync(new() { Width = Width, Height = 1000, DeviceScaleFactor = scale });

    private static string Page(IEnumerable<string> charts) => $$"""
        <!DOCTYPE html>
        <meta charset="utf-8">
        <style>
        body { margin: 0; width: {{Width}}px; background: #fff; color: #1f2328; font: 16px/1.5 sans-serif; }
        .chart { overflow: hidden; }
        </style>
        <script src="{{PlotlyLibrary.FileName}}"></script>
        {{string.Join('\n', charts.Select(chart => $"<div class=\"chart\">{chart}</div>"))}}
        """;
}

/// <summary>A picture of a chart: a PNG in base64, and the size to show it in, in CSS pixels.</summary>
internal sealed record PaintedChart(string Png, int Width, int Height);
