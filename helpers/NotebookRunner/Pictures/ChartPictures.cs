using GptEmbeddings.NotebookRunner.Execution;
using GptEmbeddings.NotebookRunner.Notebook;
using PuppeteerSharp;

namespace GptEmbeddings.NotebookRunner.Pictures;

/// <summary>
/// Adds pictures to the charts of notebooks that are to be saved. Chromium starts with the first chart that needs it.
/// </summary>
internal sealed class ChartPictures : IDisposable
{
    // Seldom PuppeteerSharp misses the page that a browser opens, and waits for it in vain.
    private const int Attempts = 2;

    // Ctrl-C in a terminal ends Chromium too, perhaps before this process hears of it.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);

    private readonly string? _chromium = Chromium.Find();
    private ChartPainter? _painter;

    /// <summary>Keeps the pictures of every chart that is still the same, and makes the others.</summary>
    /// <returns>The outputs to save, and what to tell when charts remain without a picture.</returns>
    /// <exception cref="OperationCanceledException">The work was ended, and nothing is to be saved.</exception>
    public (NotebookRun Pictured, string? Missing) AddTo(
        NotebookRun run, Action<int, int> progress, CancellationToken cancellation)
    {
        var pictures = ChartPicture.SavedIn(run);
        var outputs = run.Cells.SelectMany(cell => cell.Outputs).ToList();
        var lacking = outputs.Where(Lacks).DistinctBy(ChartPicture.Hash).ToList();
        var charts = outputs.Sum(output => output.Drawings.Count);
        var problem = lacking.Count == 0 ? null : Paint(lacking, charts, pictures, progress, cancellation);
        var missing = problem is null ? null : string.Join('\n',
            run.Cells.Where(cell => cell.Outputs.Any(Lacks)).Select(cell => cell.Cell.Label)
                .Prepend($"{lacking.Count(Lacks)} of its charts have no picture, {problem}"));
        return (ChartPicture.AddTo(run, pictures), missing);

        bool Lacks(CellOutput output) => output.Drawings.Count > 0 && !pictures.ContainsKey(ChartPicture.Hash(output));
    }

    public void Dispose() => _painter?.DisposeAsync().AsTask().GetAwaiter().GetResult();

    private string? Paint(
        List<CellOutput> outputs, int chartsOfNotebook, Dictionary<string, ChartPicture> pictures,
        Action<int, int> progress, CancellationToken cancellation)
    {
        if (_chromium is null)
            return "since there is no Chromium to draw them: install Chromium, Chrome or Edge, "
                + "or name one in CHROME_PATH.";
        for (var attempt = 1; ; attempt++)
            try
            {
                _painter ??= ChartPainter.Start(_chromium, cancellation).GetAwaiter().GetResult();
                string[] wanted = [.. outputs.SelectMany(ChartPicture.Paintings).Distinct()];
                var painted = _painter.Paint(wanted, chartsOfNotebook, progress, cancellation).GetAwaiter().GetResult();
                var paintings = wanted.Zip(painted).ToDictionary(pair => pair.First, pair => pair.Second);
                foreach (var output in outputs)
                    pictures.Add(ChartPicture.Hash(output), ChartPicture.Of(output, paintings));
                return null;
            }
            catch (Exception problem) when (problem is IOException or PuppeteerException or TimeoutException)
            {
                if (cancellation.WaitHandle.WaitOne(_patience)) throw new OperationCanceledException(cancellation);
                // A browser that did not answer once would not answer for the next notebook either.
                Dispose();
                _painter = null;
                if (attempt == Attempts) return $"since {_chromium} did not draw them: {problem.Message}";
            }
    }
}
