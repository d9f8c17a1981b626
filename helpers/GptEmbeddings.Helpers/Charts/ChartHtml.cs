using System.Globalization;
using Newtonsoft.Json.Linq;

namespace GptEmbeddings;

/// <summary>
/// The HTML of a chart: a box that holds a sentence and the figure as JSON, and the script (chart.js) that draws it
/// there. A box may also hold a picture, for readers where the script does not run.
/// </summary>
internal static class ChartHtml
{
    /// <summary>Where plotly.js comes from.</summary>
    public const string Url = "https://cdn.plot.ly/plotly-2.28.0.min.js";

    /// <summary>What plotly.js must be, as a browser checks it (https://www.w3.org/TR/SRI/).</summary>
    public const string Integrity = "sha384-53bFwj3AXyrFzPyqXWI5rZuuEa3GbWeuLmgC04XqmiE7CairskQMPvcdXh+OLuir";

    private static readonly string _script = Drawings.Resource("chart.js");

    /// <summary>Writes the box, at most so many pixels wide, with the sentence, and the script.</summary>
    public static string Write(string sentence, JArray data, JObject layout, int width)
    {
        var (json, key) = Drawings.Json(new
        {
            data,
            layout,
            colors = new { zeroOnLight = Palette.NeutralOnLight, zeroOnDark = Palette.NeutralOnDark },
            plotly = new { url = Url, integrity = Integrity },
        });
        var told = Html.Encode(sentence);
        var style = string.Create(CultureInfo.InvariantCulture, $"max-width:{width}px");
        return $"<div data-chart=\"{key}\" role=\"img\" aria-label=\"{told}\" style=\"{style}\">"
            + $"<p>{told}. The interactive chart needs plotly.js from {Url}, which has not been reached.</p>"
            + $"<script type=\"application/json\">{json}</script></div>\n<script>\n{_script}</script>";
    }
}
