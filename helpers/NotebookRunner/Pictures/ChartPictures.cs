using GptEmbeddings.NotebookRunner.Execution;
using GptEmbeddings.NotebookRunner.Notebook;

namespace GptEmbeddings.NotebookRunner.Pictures;

/// <summary>Adds pictures to the charts of notebooks that are to be saved. Chromium starts with the first chart that needs it.</summary>
internal sealed class ChartPictures : IDisposable
{
    private readonly string? _chromium = Chromium.Find();
    private ChartPainter? _painter;

    /// <summary>Keeps the picture of every chart that is still the same, and makes the others.</summary>
    /// <returns>The outputs to save, and what to tell when charts remain without a picture.</returns>
    public (IReadOnlyList<(NotebookCell Cell, IReadOnlyList<CellOutput> Outputs)> Pictured, string? Missing) AddTo(NotebookRun run)
    {
        var pictures = new Dictionary<string, ChartPicture>();
        foreach (var saved in run.Cells.SelectMany(cell => cell.Cell.SavedOutputs))
            if (ChartPicture.In(saved) is { } picture) pictures.TryAdd(ChartPicture.Hash(saved), picture);

        var lacking = run.Cells.SelectMany(cell => cell.Outputs).Where(output => ChartPicture.HasChart(output) && !pictures.ContainsKey(ChartPicture.Hash(output)))
            .DistinctBy(ChartPicture.Hash).ToList();
        var problem = lacking.Count == 0 ? null : Paint(lacking, pictures);
        var missing = problem is null ? null : string.Join('\n',
            run.Cells.Where(cell => cell.Outputs.Any(output => ChartPicture.HasChart(output) && !pictures.ContainsKey(ChartPicture.Hash(output)))).Select(cell => cell.Cell.Label)
                .Prepend($"{lacking.Count(output => !pictures.ContainsKey(ChartPicture.Hash(output)))} of its charts have no picture, {problem}"));
        return ([.. run.Cells.Select(cell => (cell.Cell, (IReadOnlyList<CellOutput>)[.. cell.Outputs.Select(WithPicture)]))], missing);

        CellOutput WithPicture(CellOutput output) =>
            ChartPicture.HasChart(output) && pictures.TryGetValue(ChartPicture.Hash(output), out var picture) ? picture.AddTo(output) : output;
    }

    /// <summary>Ends Chromium, if it was started.</summary>
    public void Dispose() => _painter?.DisposeAsync().AsTask().GetAwaiter().GetResult();

    private string? Paint(List<CellOutput> charts, Dictionary<string, ChartPicture> pictures)
    {
        if (_chromium is null) return "since there is no Chromium to draw them: install Chromium, Chrome or Edge, or name one in CHROME_PATH.";
        try
        {
            _painter ??= ChartPainter.Start(_chromium).GetAwaiter().GetResult();
            foreach (var (chart, picture) in charts.Zip(_painter.Paint(charts).GetAwaiter().GetResult()))
                pictures.Add(ChartPicture.Hash(chart), picture);
            return null;
        }
        catch (Exception problem) when (problem is IOException or TimeoutException or InvalidDataException)
        {
            return $"since {_chromium} did not draw them: {problem.Message}";
        }
    }
}
