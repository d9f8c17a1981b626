using System.Text.Json.Nodes;
using GptEmbeddings.NotebookRunner.Notebook;
using GptEmbeddings.NotebookRunner.Site;

namespace GptEmbeddings.NotebookRunner.Pictures;

/// <summary>Draws charts in Chromium: dark on white, with two pixels for each of CSS, so that they are crisp.</summary>
internal sealed class ChartPainter : IAsyncDisposable
{
    private const int Width = 720, MostBytes = 60_000;

    // The charts tell that they are drawn by taking their sentence away.
    private const string Boxes = """
        (async () => {
          const waiting = () => [...document.querySelectorAll('[data-chart]')].some(box => box.querySelector(':scope > p'));
          for (let i = 0; i < 300 && waiting(); i++) await new Promise(done => setTimeout(done, 100));
          if (waiting()) throw new Error('a chart was not drawn within 30 s');
          for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame);
          return [...document.querySelectorAll('.chart')].map(chart => {
            const box = chart.getBoundingClientRect();
            const right = Math.max(...[...chart.children].map(part => part.getBoundingClientRect().right));
            return [box.left, box.top + scrollY, Math.ceil(right - box.left), Math.ceil(box.height)];
          });
        })()
        """;

    private readonly Chromium _browser;
    private readonly string _folder;

    private ChartPainter(Chromium browser, string folder) => (_browser, _folder) = (browser, folder);

    /// <summary>Starts Chromium.</summary>
    /// <exception cref="IOException">It does not start.</exception>
    public static async Task<ChartPainter> Start(string chromium)
    {
        var painter = new ChartPainter(await Chromium.Start(chromium), Directory.CreateTempSubdirectory("charts-").FullName);
        PlotlyLibrary.CopyTo(painter._folder);
        return painter;
    }

    /// <summary>Draws the charts of these outputs.</summary>
    /// <exception cref="IOException">One cannot be drawn.</exception>
    public async Task<IReadOnlyList<ChartPicture>> Paint(IReadOnlyList<CellOutput> charts)
    {
        var file = Path.Combine(_folder, "charts.html");
        await File.WriteAllTextAsync(file, $$"""
            <!DOCTYPE html>
            <meta charset="utf-8">
            <style>
            body { margin: 0; width: {{Width}}px; background: #fff; color: #1f2328; font: 16px/1.5 sans-serif; }
            .chart { overflow: hidden; }
            </style>
            <script src="{{PlotlyLibrary.FileName}}"></script>
            {{string.Join('\n', charts.Select(chart => $"<div class=\"chart\">{chart.Parts["text/html"]}</div>"))}}
            """);
        var page = await _browser.OpenPage();
        await page.Show(Width, 1000, scale: 2);
        await page.Go(new(file));
        var boxes = (JsonArray)(await page.Evaluate(Boxes))!;
        var pictures = new List<ChartPicture>();
        foreach (var (chart, box) in charts.Zip(boxes))
        {
            var (width, height) = (box![2]!.GetValue<int>(), box[3]!.GetValue<int>());
            pictures.Add(ChartPicture.Of(chart, IndexedPng.Of(await page.Picture(box[0]!.GetValue<double>(), box[1]!.GetValue<double>(), width, height), MostBytes), width, height));
        }

        return pictures;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
