using System.Globalization;

namespace GptEmbeddings;

/// <summary>
/// The project's colors, which people without full color vision tell apart: one diverging scale, blue for negative and
/// orange for positive, and a few colors for groups.
/// </summary>
internal static class Palette
{
    private const string Negative = "33,102,172";
    private const string Positive = "230,97,1";

    // The tint lies over the reader's own background, light or dark. Up to half opaque, text stays readable on both.
    private const double MostOpaque = 0.5;

    /// <summary>Zero in a chart, on a light page and on a dark one: next to the background, and yet not a
    /// gap.</summary>
    public const string NeutralOnLight = "rgb(242,242,242)", NeutralOnDark = "rgb(58,58,58)";

    /// <summary>
    /// The color of each group or series, in order. From Okabe and Ito, "Color Universal Design" (2008),
    /// https://jfly.uni-koeln.de/color/, without black and yellow, which a dark or a light page would hide.
    /// </summary>
    public static IReadOnlyList<string> Groups { get; } =
        ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"];

    /// <summary>The color scale of a chart from <paramref name="low"/> to <paramref name="high"/>, one of them 0 or
    /// each other's negative.</summary>
    public static object[][] Scale(double low, double high) =>
        low == 0 ? [[0, NeutralOnLight], [1, $"rgb({Positive})"]]
        : high == 0 ? [[0, $"rgb({Negative})"], [1, NeutralOnLight]]
        : [[0, $"rgb({Negative})"], [0.5, NeutralOnLight], [1, $"rgb({Positive})"]];

    /// <summary>The CSS background of a number, or null where there is none: zero, NaN, nothing to compare
    /// with.</summary>
    public static string? Tint(double value, double largest)
    {
        if (double.IsNaN(value) || value == 0 || !(largest > 0)) return null;
        var opacity = Math.Min(1, Math.Abs(value) / largest) * MostOpaque;
        return $"rgba({(value < 0 ? Negative : Positive)},{opacity.ToString("0.00", CultureInfo.InvariantCulture)})";
    }
}
