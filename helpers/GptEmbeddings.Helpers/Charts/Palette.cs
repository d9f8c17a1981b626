using static GptEmbeddings.Tint;

namespace GptEmbeddings;

/// <summary>The colors of charts: the tints' two for a scale through zero, and a few for groups.</summary>
internal static class Palette
{
    /// <summary>Zero, on a light page and on a dark one: next to the background, and yet not a gap.</summary>
    public const string NeutralOnLight = "rgb(242,242,242)", NeutralOnDark = "rgb(58,58,58)";

    /// <summary>
    /// The color of each group or series, in order. From Okabe and Ito, "Color Universal Design" (2008),
    /// https://jfly.uni-koeln.de/color/, without black and yellow, which a dark or a light page would hide.
    /// </summary>
    public static IReadOnlyList<string> Groups { get; } =
        ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"];

    /// <summary>The color scale from low to high, one of them 0 or each the other's negative.</summary>
    public static object[][] Scale(double low, double high) =>
        low == 0 ? [[0, NeutralOnLight], [1, $"rgb({Positive})"]]
        : high == 0 ? [[0, $"rgb({Negative})"], [1, NeutralOnLight]]
        : [[0, $"rgb({Negative})"], [0.5, NeutralOnLight], [1, $"rgb({Positive})"]];
}
