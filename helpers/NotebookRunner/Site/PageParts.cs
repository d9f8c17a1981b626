using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using GptEmbeddings.NotebookRunner.Notebook;
using GptEmbeddings.NotebookRunner.Site.Texts;

namespace GptEmbeddings.NotebookRunner.Site;

/// <summary>
/// Takes apart what cells displayed: pictures and large data become files beside the page, and the scripts of charts
/// and explorers are noted, since the page's policy allows no other.
/// </summary>
internal sealed partial class PageParts(string address, SiteFiles files)
{
    // Smaller data are no reason for one more file.
    private const int MostInline = 1_500;

    private static readonly Dictionary<string, string> _extensions = new()
    {
        ["image/svg+xml"] = ".svg",
        ["image/png"] = ".png",
        ["image/jpeg"] = ".jpg",
        ["image/gif"] = ".gif",
        ["image/webp"] = ".webp",
    };

    private static readonly string _chartScript = Drawings.Resource("chart.js");

    private readonly SortedSet<string> _scripts = new(StringComparer.Ordinal);

    /// <summary>The hashes of the scripts that may run, as a Content-Security-Policy has them.</summary>
    public IReadOnlyCollection<string> Scripts => _scripts;

    /// <summary>Whether the page has charts, which need plotly.js.</summary>
    public bool HasCharts { get; private set; }

    /// <summary>The MIME types of pictures that a page shows, the best first.</summary>
    public static IEnumerable<string> PictureTypes => _extensions.Keys;

    /// <summary>Gives a picture as it stands in HTML, of what a notebook has: SVG as text, others in base64.</summary>
    public static string DataUri(string type, string content) => $"data:{type};base64," + (
        type == "image/svg+xml" && content.Contains('<', StringComparison.Ordinal)
            ? Convert.ToBase64String(Encoding.UTF8.GetBytes(content)) : content.ReplaceLineEndings(""));

    /// <summary>Gives the HTML of an output as the page has it.</summary>
    public string Of(string html) => EmbeddedPicture().Replace(
        Drawings.Pattern().Replace(TintScale.AddTo(WithoutMeta(html)), OfDrawing),
        match => Saved(match.Groups["type"].Value, match.Groups["content"].Value) is { } file
            ? $"src=\"{file}\"" : match.Value);

    /// <summary>Gives the address of a picture that a cell holds itself; null where it has none of the name.</summary>
    public string? Attached(NotebookCell cell, string name)
    {
        if (!cell.Attachments.TryGetValue(name, out var formats)) return null;
        var type = PictureTypes.FirstOrDefault(type => MultilineText.Read(formats[type]) is not null);
        return type is null ? null : Saved(type, DataUri(type, MultilineText.Read(formats[type])!).Split(',', 2)[1]);
    }

    private string? Saved(string type, string content)
    {
        var picture = new byte[content.Length];
        return Convert.TryFromBase64String(content, picture, out var length)
            ? Link(files.AddContent(SiteFiles.Pictures, _extensions[type], picture[..length])) : null;
    }

    // It may lead the reader away as soon as the page opens, which no policy forbids.
    private static string WithoutMeta(string html) =>
        html.Replace("<meta", "&lt;meta", StringComparison.OrdinalIgnoreCase);

    private string OfDrawing(Match drawing)
    {
        var isChart = drawing.Groups["kind"].Value == "chart";
        // The script is the site's own: a saved output may have an older one, or one that means harm.
        var script = isChart ? $"\n{_chartScript}" : ExplorerHtml.Script(drawing.Groups["explorer"].Value);
        if (script is null || !IsJson(drawing.Groups["data"].Value)) return drawing.Value;
        HasCharts |= isChart;
        _scripts.Add($"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)))}'");
        var text = isChart ? $"<p>{drawing.Groups["told"].Value}. The chart itself needs JavaScript.</p>"
            : drawing.Groups["text"].Value;
        var (before, data) = Data(drawing, isChart);
        return $"{before}{drawing.Groups["box"].Value}{drawing.Groups["picture"].Value}{text}{data}</div>\n"
            + $"<script>{script}</script>";
    }

    private (string Before, string Inside) Data(Match drawing, bool isChart)
    {
        var data = drawing.Groups["data"].Value;
        if (isChart && data.Length <= MostInline) return ("", $"<script type=\"application/json\">{data}</script>");
        var file = files.AddContent(SiteFiles.Data, ".js", Encoding.UTF8.GetBytes(
            "window.gptEmbeddingsData = window.gptEmbeddingsData || {};\n"
            + $"window.gptEmbeddingsData[\"{drawing.Groups["key"].Value}\"] = {data};\n"));
        return ($"<script src=\"{Link(file)}\"></script>\n", "");
    }

    // It becomes a script where it lies in a file.
    private static bool IsJson(string data)
    {
        try
        {
            using var parsed = JsonDocument.Parse(data, new() { MaxDepth = 1_000 });
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private string Link(string file) => SiteAddress.Between(address, file);

    [GeneratedRegex("""src="data:(?<type>image/(?:png|jpeg|gif|webp|svg\+xml));base64,(?<content>[^"]*)["]""")]
    private static partial Regex EmbeddedPicture();
}
