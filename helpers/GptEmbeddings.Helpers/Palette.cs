using System.Globalization;

namespace GptEmbeddings;

/// <summary>
/// The project's colors: one diverging scale, blue for negative and orange for positive, which people without full color
/// vision tell apart.
/// </summary>
internal static class Palette
{
    private const string Negative = "33,102,172";
    private const string Positive = "230,97,1";

    // The tint lies over the reader's own background, light or dark. Up to half opaque, text stays readable on both.
    private const double MostOpaque = 0.5;

    /// <summary>The CSS background of a number, or null where there is none: zero, NaN, nothing to compare with.</summary>
    public static string? Tint(double value, double largest)
    {
        if (double.IsNaN(value) || value == 0 || !(largest > 0)) return null;
        var opacity = Math.Min(1, Math.Abs(value) / largest) * MostOpaque;
        return $"rgba({(value < 0 ? Negative : Positive)},{opacity.ToString("0.00", CultureInfo.InvariantCulture)})";
    }
}
