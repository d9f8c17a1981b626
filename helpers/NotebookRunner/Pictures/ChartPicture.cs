using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using GptEmbeddings.NotebookRunner.Notebook;
using GptEmbeddings.NotebookRunner.Site;

namespace GptEmbeddings.NotebookRunner.Pictures;

/// <summary>
/// The picture that a saved output with a chart carries, for readers where no script runs. The output's metadata notes, beside
/// the size to show it in and its description, the hash of the chart's HTML that it was made from.
/// </summary>
/// <param name="Png">The picture in base64.</param>
/// <param name="Metadata">What the output notes about it.</param>
internal sealed record ChartPicture(string Png, JsonObject Metadata)
{
    private const string Html = "text/html", Type = "image/png", Source = "chart";

    /// <summary>Makes the picture of an output.</summary>
    /// <param name="output">The output, which has a chart.</param>
    /// <param name="png">The picture.</param>
    /// <param name="width">The width to show it in, in CSS pixels.</param>
    /// <param name="height">The height to show it in, in CSS pixels.</param>
    public static ChartPicture Of(CellOutput output, byte[] png, int width, int height) =>
        new(Convert.ToBase64String(png), new()
        {
            ["alt"] = output.Parts.GetValueOrDefault("text/plain"),
            [Source] = Hash(output),
            ["height"] = height,
            ["width"] = width,
        });

    /// <summary>The picture that a saved output has, if it shows the chart that is saved with it; otherwise null.</summary>
    public static ChartPicture? In(CellOutput saved) =>
        HasChart(saved) && saved.Parts.TryGetValue(Type, out var png) && saved.Metadata[Type] is JsonObject metadata
        && MultilineText.Read(metadata[Source]) == Hash(saved) ? new(png, metadata) : null;

    /// <summary>What is wrong with the picture of a saved output; null when nothing is.</summary>
    public static string? Problem(CellOutput saved) =>
        !HasChart(saved) || In(saved) is not null ? null
        : saved.Parts.ContainsKey(Type) ? "the picture of its chart is older than the chart: `save` makes a new one where Chromium is installed."
        : "its chart has no picture: `save` makes one where Chromium is installed.";

    /// <summary>Whether the output has a chart.</summary>
    public static bool HasChart(CellOutput output) => output.Parts.TryGetValue(Html, out var html) && PlotlyLibrary.Draws(html);

    /// <summary>The saved output as the run gave it: what draws charts gives no picture.</summary>
    public static CellOutput Without(CellOutput saved) =>
        HasChart(saved) ? saved with { Parts = saved.Parts.Where(part => part.Key != Type).ToDictionary() } : saved;

    /// <summary>The output with this picture.</summary>
    public CellOutput AddTo(CellOutput output) => output with
    {
        Parts = output.Parts.Append(new(Type, Png)).ToDictionary(),
        Metadata = new JsonObject { [Type] = Metadata.DeepClone() },
    };

    /// <summary>Stands for the chart that a picture is made from.</summary>
    public static string Hash(CellOutput output) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(output.Parts[Html])))[..16];
}
