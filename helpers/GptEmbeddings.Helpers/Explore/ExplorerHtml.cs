using Newtonsoft.Json;

namespace GptEmbeddings;

/// <summary>
/// The HTML of an explorer: a box that holds a text and the data as JSON, and the script that makes the explorer of
/// them: explore.css, explore.js and the file of its kind.
/// </summary>
internal static class ExplorerHtml
{
    // The scale's ends and its middle, as charts have them.
    private static readonly object _colors = new
    {
        negative = $"rgb({Tint.Negative})",
        positive = $"rgb({Tint.Positive})",
        zeroOnLight = Palette.NeutralOnLight,
        zeroOnDark = Palette.NeutralOnDark,
    };

    private static readonly string _common =
        $"const css = {JsonConvert.SerializeObject(Drawings.Resource("explore.css"))};\n"
        + $"{Drawings.Resource("explore.js")}";

    // Each has a script of its name.
    private static readonly string[] _kinds = ["lookup-and-add", "map", "order", "positions", "training", "write"];

    /// <summary>What draws an explorer of a kind, without the tags; null where there is no such kind.</summary>
    public static string? Script(string kind) =>
        _kinds.Contains(kind) ? $"\n(function () {{\n{_common}{Drawings.Resource($"{kind}.js")}}})();\n" : null;

    /// <summary>Writes the box and the script.</summary>
    public static string Write(string kind, string title, string text, object data)
    {
        var (json, key) = Drawings.Json(new { colors = _colors, data });
        const string style = "white-space:pre;overflow-x:auto";
        return $"<div data-explore=\"{kind}\" data-key=\"{key}\" role=\"group\" aria-label=\"{Html.Encode(title)}\" "
            + $"style=\"max-width:720px\"><pre style=\"{style}\">{Html.Encode(text)}</pre>"
            + $"<script type=\"application/json\">{json}</script></div>\n"
            + $"<script>{Script(kind)}</script>";
    }
}
