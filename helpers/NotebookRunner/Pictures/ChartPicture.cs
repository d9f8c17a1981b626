using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using GptEmbeddings.NotebookRunner.Execution;
using GptEmbeddings.NotebookRunner.Notebook;

namespace GptEmbeddings.NotebookRunner.Pictures;

/// <summary>
/// The pictures that a saved output with charts or explorers carries, for readers where no script runs: one of the
/// whole output, and one in the HTML of each chart or explorer. The output's metadata notes, beside the size to show it
/// in and its description, the hash of the HTML that they were made from.
/// </summary>
/// <param name="Png">The picture of the output in base64.</param>
/// <param name="Metadata">What the output notes about it.</param>
/// <param name="Images">The <c>img</c> of each of its charts.</param>
internal sealed record ChartPicture(string Png, JsonObject Metadata, IReadOnlyList<string> Images)
{
    private const string Html = "text/html", Type = "image/png", Source = "chart";

    /// <summary>Makes those of an output from the pictures of all that <see cref="Paintings"/> names.</summary>
    public static ChartPicture Of(CellOutput output, IReadOnlyDictionary<string, PaintedChart> paintings)
    {
        var whole = paintings[FreshHtml(output)];
        return new(
            whole.Png,
            new()
            {
                ["alt"] = WebUtility.HtmlDecode(string.Join('\n', output.Drawings.Select(chart => chart.Description))),
                [Source] = Hash(output),
                ["height"] = whole.Height,
                ["width"] = whole.Width,
            },
            [.. output.Drawings.Select(chart => Image(paintings[chart.Html], chart.Description))]);
    }

    /// <summary>What has to be painted for an output: all of it, and each of its charts.</summary>
    public static IEnumerable<string> Paintings(CellOutput output) =>
        output.Drawings.Select(chart => chart.Html).Prepend(FreshHtml(output)).Distinct();

    /// <summary>The pictures that a saved output has; null unless they show the charts saved with them.</summary>
    public static ChartPicture? In(CellOutput saved) =>
        saved.Drawings.Count > 0 && saved.Drawings.All(chart => chart.Picture is not null)
        && saved.Parts.TryGetValue(Type, out var png) && saved.Metadata[Type] is JsonObject metadata
        && MultilineText.Read(metadata[Source]) == Hash(saved)
            ? new(png, metadata, [.. saved.Drawings.Select(chart => chart.Picture!)]) : null;

    /// <summary>The pictures that the saved outputs of a notebook have, by the hash of what they show.</summary>
    public static Dictionary<string, ChartPicture> SavedIn(NotebookRun run) =>
        run.Cells.SelectMany(cell => cell.Cell.SavedOutputs).Where(saved => In(saved) is not null).DistinctBy(Hash)
            .ToDictionary(Hash, saved => In(saved)!);

    /// <summary>What is wrong with the pictures of a saved output; null when nothing is.</summary>
    public static string? Problem(CellOutput saved) =>
        saved.Drawings.Count == 0 || In(saved) is not null ? null
        : saved.Parts.ContainsKey(Type) && saved.Drawings.All(chart => chart.Picture is not null)
            ? "the picture of its chart is older than the chart: `save` makes a new one where Chromium is installed."
        : "its chart has no picture: `save` makes one where Chromium is installed.";

    /// <summary>The saved output as the run gave it: what draws charts gives no picture.</summary>
    public static CellOutput Without(CellOutput saved) => saved.Drawings.Count == 0 ? saved : saved with
    {
        Parts = saved.Parts.Where(part => part.Key != Type)
            .ToDictionary(part => part.Key, part => part.Key == Html ? FreshHtml(saved) : part.Value),
    };

    /// <summary>The run with pictures, by the hash of what they show, in its outputs.</summary>
    public static NotebookRun AddTo(NotebookRun run, Dictionary<string, ChartPicture> pictures) => run with
    {
        Cells = [.. run.Cells.Select(cell => cell with
        {
            Outputs = [.. cell.Outputs.Select(output =>
                output.Drawings.Count > 0 && pictures.TryGetValue(Hash(output), out var picture)
                    ? picture.AddTo(Without(output)) : output)],
        })],
    };

    private CellOutput AddTo(CellOutput output) => output with
    {
        Parts = output.Parts
            .Select(part => part.Key == Html ? new(Html, Drawings.WithPictures(part.Value, Images)) : part)
            .Append(new(Type, Png)).ToDictionary(),
        Metadata = new JsonObject { [Type] = Metadata.DeepClone() },
    };

    /// <summary>Stands for what the pictures are made from, and does not depend on them.</summary>
    public static string Hash(CellOutput output) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(FreshHtml(output))))[..16];

    private static string Image(PaintedChart painting, string description) =>
        $"<img src=\"data:{Type};base64,{painting.Png}\" alt=\"{description}\" width=\"{painting.Width}\""
        + $" height=\"{painting.Height}\" style=\"max-width:100%;height:auto\">";

    private static string FreshHtml(CellOutput output) => Drawings.WithoutPictures(output.Parts[Html]);
}
