using System.Text.Json;
using GptEmbeddings.NotebookRunner.Site;
using PuppeteerSharp;

namespace GptEmbeddings.NotebookRunner.Pictures;

/// <summary>Draws charts and explorers in Chromium: dark on white, with more pixels than CSS has, so that they are
/// crisp.</summary>
internal sealed class ChartPainter : IAsyncDisposable
{
    // Each picture stands in the notebook twice, in base64; with these limits it stays below 1 MB.
    private const int Width = 720, MostBytes = 60_000, MostBytesOfAll = 300_000;

    // Explorers are few, and full of small numbers in many colors: the colors matter more than the last pixel.
    private const int MostBytesOfExplorer = 56_000;
    private const double ScaleOfExplorer = 1.5, ScaleOfChart = 2, ScaleOfLargeChart = 1.25;

    // Charts and explorers tell that they are drawn by taking their sentence away.
    private const string Boxes = """
        (async () => {
          const waiting = () => document.querySelector('[data-chart] > p, [data-explore] > pre');
          for (let i = 0; i < 3000 && waiting(); i++) await new Promise(done => setTimeout(done, 10));
          if (waiting()) throw new Error('a chart or an explorer was not drawn within 30 s');
          for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame);
          return JSON.stringify([...document.querySelectorAll('.chart')].map(chart => {
            const box = chart.getBoundingClientRect();
            const right = Math.max(...[...chart.children].map(part => part.getBoundingClientRect().right));
            const explores = chart.querySelector('[data-explore]') ? 1 : 0;
            return [box.left, box.top + scrollY, Math.ceil(right - box.left), Math.ceil(box.height), explores];
          }));
        })()
        """;

    private readonly Chromium _browser;
    private readonly IPage _page;

    private ChartPainter(Chromium browser, IPage page) => (_browser, _page) = (browser, page);

    /// <summary>Starts Chromium.</summary>
    /// <exception cref="IOException">It does not start.</exception>
    public static async Task<ChartPainter> Start(string chromium, CancellationToken cancellation)
    {
        var browser = await Chromium.Start(chromium, cancellation);
        try
        {
            PlotlyLibrary.CopyTo(browser.Folder);
            var page = await browser.OpenPage().WaitAsync(cancellation);
            await Scale(page, ScaleOfChart).WaitAsync(cancellation);
            return new(browser, page);
        }
        catch (Exception problem)
        {
            await browser.DisposeAsync();
            if (problem is PuppeteerException or TimeoutException) throw new IOException(problem.Message, problem);
            throw;
        }
    }

    /// <summary>Draws charts, each given as HTML.</summary>
    /// <param name="charts">The charts.</param>
    /// <param name="chartsOfNotebook">How many share the room that pictures have in a notebook.</param>
    /// <param name="painted">Is told how many are done.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="IOException">One cannot be drawn.</exception>
    public async Task<IReadOnlyList<PaintedChart>> Paint(
        IReadOnlyList<string> charts, int chartsOfNotebook, IProgress<int> painted, CancellationToken cancellation)
    {
        var file = Path.Combine(_browser.Folder, "charts.html");
        await File.WriteAllTextAsync(file, Page(charts), cancellation);
        try
        {
            await _page.GoToAsync(new Uri(file).AbsoluteUri).WaitAsync(cancellation);
            var boxes = JsonSerializer.Deserialize<double[][]>(
                await _page.EvaluateExpressionAsync<string>(Boxes).WaitAsync(cancellation))!;
            var pictures = new List<PaintedChart>();
            foreach (var box in boxes)
            {
                painted.Report(pictures.Count);
                pictures.Add(await Picture(box, chartsOfNotebook).WaitAsync(cancellation));
            }

            return pictures;
        }
        catch (Exception problem) when (problem is PuppeteerException or TimeoutException)
        {
            throw new IOException(problem.Message, problem);
        }
    }

    /// <inheritdoc/>
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
        await Scale(_page, scale);
        return await _page.ScreenshotDataAsync(new()
        {
            Clip = new()
            {
                X = (decimal)box[0],
                Y = (decimal)box[1],
                Width = (decimal)box[2],
                Height = (decimal)box[3]
            },
            CaptureBeyondViewport = true,
            OptimizeForSpeed = true,
        });
    }

    private static Task Scale(IPage page, double scale) =>
        page.SetViewportAsync(new() { Width = Width, Height = 1000, DeviceScaleFactor = scale });

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

/// <summary>A picture of a chart.</summary>
/// <param name="Png">The picture in base64.</param>
/// <param name="Width">The width to show it in, in CSS pixels.</param>
/// <param name="Height">The height to show it in, in CSS pixels.</param>
internal sealed record PaintedChart(string Png, int Width, int Height);
