using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using GptEmbeddings.NotebookRunner.Notebook;

namespace GptEmbeddings.NotebookRunner.Comparison;

/// <summary>
/// HTML taken apart for a comparison: its markup without what follows from the numbers (tints, hashes, pictures of
/// charts), and the figures that its charts are drawn from.
/// </summary>
internal sealed partial class HtmlOutput
{
    // A fainter tint may have the other color on another processor: its number is next to 0.
    private const double Faint = 0.05;

    private readonly List<(string Color, double Opacity)> _tints = [];

    public HtmlOutput(string html)
    {
        html = EmbeddedPicture().Replace(html, "");
        foreach (var key in ChartKey().Matches(html).Select(match => match.Groups[1].Value).Distinct())
            html = html.Replace(key, "KEY", StringComparison.Ordinal);
        html = Tint().Replace(html, match =>
        {
            _tints.Add((match.Groups[1].Value, double.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture)));
            return "";
        });
        Markup = WithoutFigures(html.Replace(" style=\"\"", "", StringComparison.Ordinal));
        Text = HtmlText.Of(Markup.Replace("</div>", "</div>\n", StringComparison.Ordinal));
    }

    public string Markup { get; }

    /// <summary>What a reader sees of it.</summary>
    public string Text { get; }

    /// <summary>What its charts are drawn from.</summary>
    public List<JsonElement> Figures { get; } = [];

    /// <summary>
    /// Whether the tints may be of the same numbers: either has the colors that the other shows clearly, and both are
    /// as full. Tells a changed palette from numbers that changed.
    /// </summary>
    public bool IsTintedLike(HtmlOutput other) =>
        Fullest == other.Fullest && HasClearColorsOf(other) && other.HasClearColorsOf(this);

    private double Fullest => _tints.Select(tint => tint.Opacity).DefaultIfEmpty().Max();

    private bool HasClearColorsOf(HtmlOutput other) =>
        other._tints.Where(tint => tint.Opacity > Faint).All(tint => _tints.Exists(own => own.Color == tint.Color));

    private string WithoutFigures(string html)
    {
        var rest = new StringBuilder();
        var end = 0;
        foreach (var start in FigureStart().Matches(html).Select(match => match.Index))
        {
            if (start < end || Comparison.Figures.Read(html, start) is not { } figure) continue;
            Figures.Add(figure.Value);
            rest.Append(html, end, start - end).Append("FIGURE");
            end = start + figure.Length;
        }

        return rest.Append(html, end, html.Length - end).ToString();
    }

    [GeneratedRegex("""<img\b[^<>]*\bsrc="data:image/[^<>]*>""")]
    private static partial Regex EmbeddedPicture();

    [GeneratedRegex("\\bdata-(?:chart|key)=\"([0-9A-Fa-f]{8,})\"")]
    private static partial Regex ChartKey();

    [GeneratedRegex(@"\bbackground(?:-color)?:\s*rgba\(([\d, ]+),\s*([0-9]*\.?[0-9]+)\);?")]
    private static partial Regex Tint();

    // As a script of its own, or an object within code.
    [GeneratedRegex("""(?<=<script\b[^<>]*\bjson\b[^<>]*>\s*)[\[{]|\{(?=")""")]
    private static partial Regex FigureStart();
}
