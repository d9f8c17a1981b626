using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace GptEmbeddings;

/// <summary>
/// The HTML of a chart: a box that holds a sentence and the figure as JSON, and the script (chart.js) that draws it
/// there. A box may also hold a picture, for readers where the script does not run.
/// </summary>
internal static partial class ChartHtml
{
    /// <summary>Where plotly.js comes from.</summary>
    public const string Url = "https://cdn.plot.ly/plotly-2.28.0.min.js";

    /// <summary>What plotly.js must be, as a browser checks it (https://www.w3.org/TR/SRI/).</summary>
    public const string Integrity = "sha384-53bFwj3AXyrFzPyqXWI5rZuuEa3GbWeuLmgC04XqmiE7CairskQMPvcdXh+OLuir";

    private static readonly JsonSerializerSettings Safe =
        new() { StringEscapeHandling = StringEscapeHandling.EscapeHtml };

    private static readonly string Script = ReadScript();

    /// <summary>Writes the box and the script.</summary>
    /// <param name="sentence">What the chart shows, as a reader without scripts is told it.</param>
    /// <param name="data">Plotly's traces.</param>
    /// <param name="layout">Plotly's layout.</param>
    /// <param name="width">The largest width, in pixels.</param>
    public static string Write(string sentence, JArray data, JObject layout, int width)
    {
        var json = JsonConvert.SerializeObject(
            new
            {
                data,
                layout,
                colors = new { zeroOnLight = Palette.NeutralOnLight, zeroOnDark = Palette.NeutralOnDark },
                plotly = new { url = Url, integrity = Integrity },
            },
            Safe);
        // Of the content, not random: running a notebook again must not change what it saves.
        var key = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(json)))[..12];
        var told = Html.Encode(sentence);
        var style = string.Create(CultureInfo.InvariantCulture, $"max-width:{width}px");
        return $"<div data-chart=\"{key}\" role=\"img\" aria-label=\"{told}\" style=\"{style}\">"
            + $"<p>{told}. The interactive chart needs plotly.js from {Url}, which has not been reached.</p>"
            + $"<script type=\"application/json\">{json}</script></div>\n<script>\n{Script}</script>";
    }

    /// <summary>The charts in a piece of HTML, each with its box and its script, as <see cref="Write"/> wrote
    /// them.</summary>
    public static IReadOnlyList<ChartInHtml> Find(string html) =>
        [.. Chart().Matches(html).Select(match => new ChartInHtml(
            WithoutPictures(match.Value),
            match.Groups["told"].Value,
            match.Groups["picture"] is { Success: true } picture ? picture.Value : null))];

    /// <summary>The HTML with these pictures in the boxes of its charts, in their order.</summary>
    public static string WithPictures(string html, IReadOnlyList<string> pictures)
    {
        var next = 0;
        return Chart().Replace(WithoutPictures(html), match =>
            match.Groups["box"].Value + pictures[next++] + match.Value[match.Groups["box"].Length..]);
    }

    /// <summary>The HTML as <see cref="Write"/> gave it.</summary>
    public static string WithoutPictures(string html) => Chart().Replace(html, match =>
        match.Groups["picture"].Success
            ? match.Value.Remove(match.Groups["box"].Length, match.Groups["picture"].Length) : match.Value);

    private static string ReadScript()
    {
        using var resource = new StreamReader(typeof(ChartHtml).Assembly.GetManifestResourceStream("chart.js")!);
        return resource.ReadToEnd().ReplaceLineEndings("\n");
    }

    [GeneratedRegex(
        """(?<box><div data-chart="[0-9A-F]{12}" role="img" aria-label="(?<told>[^"]*)" style="[^"]*">)"""
        + """(?<picture><img [^>]*>)?<p>[^<]*</p><script type="application/json">[^<]*</script></div>\n"""
        + "<script>.*?</script>",
        RegexOptions.Singleline)]
    private static partial Regex Chart();
}

/// <summary>A chart in a piece of HTML.</summary>
/// <param name="Html">Its box and its script, without a picture.</param>
/// <param name="Description">The sentence of its kind, shape and range, as HTML.</param>
/// <param name="Picture">The <c>img</c> in its box, or null.</param>
internal sealed record ChartInHtml(string Html, string Description, string? Picture);
