using System.Globalization;

namespace GptEmbeddings;

/// <summary>Writes a finite double as Python's format types <c>f</c> and <c>e</c> do, ties to even.</summary>
internal static class DecimalDigits
{
    /// <summary>Writes like <c>{:.Nf}</c>: <c>-0.1250</c>.</summary>
    public static string Fixed(double value, int precision) =>
        value.ToString($"F{precision}", CultureInfo.InvariantCulture);

    /// <summary>Writes like <c>{:.Ne}</c>: <c>-1.2500e-01</c>.</summary>
    public static string Scientific(double value, int precision)
    {
        // .NET writes e-001 where Python writes e-01.
        var text = value.ToString($"e{precision}", CultureInfo.InvariantCulture);
        return text[^3] == '0' ? text.Remove(text.Length - 3, 1) : text;
    }
}
