using System.Globalization;

namespace GptEmbeddings;

/// <summary>
/// The color of a number: blue if it is negative, orange if it is positive, which people without full color vision tell
/// apart; the fuller, the larger its magnitude.
/// </summary>
internal static class Tint
{
    /// <summary>Red, green and blue, each up to 255.</summary>
    public const string Negative = "33,102,172", Positive = "230,97,1";

    // The tint lies over the reader's own background, light or dark. Up to half opaque, text stays readable on both.
    private const double MostOpaque = 0.5;

    /// <summary>A CSS background, or null where there is none: zero, NaN, nothing to compare with.</summary>
    public static string? Of(double value, double largest)
    {
        if (double.IsNaN(value) || value == 0 || !(largest > 0)) return null;
        var opacity = Math.Min(1, Math.Abs(value) / largest) * MostOpaque;
        return $"rgba({(value < 0 ? Negative : Positive)},{opacity.ToString("0.00", CultureInfo.InvariantCulture)})";
    }
}
