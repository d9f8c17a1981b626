using System.Globalization;

namespace GptEmbeddings;

/// <summary>Writes a finite double as Python's format types <c>f</c> and <c>e</c> do, ties to even.</summary>
/// <remarks>
/// .NET's own formats F and E are exact and round ties alike, but take some 200 ns a number. Short texts are written
/// into the given room of 24 characters.
/// </remarks>
internal static class DecimalDigits
{
    private static ReadOnlySpan<double> PowersOfTen =>
        [1, 10, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12];

    /// <summary>Writes like <c>{:.Nf}</c>: <c>-0.1250</c>.</summary>
    public static ReadOnlySpan<char> Fixed(double value, int precision, Span<char> room) =>
        Units(value, precision) is { } units
            ? Write(double.IsNegative(value), units, precision, room)
            : value.ToString($"F{precision}", CultureInfo.InvariantCulture);

    /// <summary>Writes like <c>{:.Ne}</c>: <c>-1.2500e-01</c>.</summary>
    public static ReadOnlySpan<char> Scientific(double value, int precision, Span<char> room)
    {
        // log10(2) is 315653 / 2^20: this is the power of ten or, as rounding may carry, one less.
        var power = value == 0 ? 0 : (Math.ILogB(value) * 315653) >> 20;
        var most = precision < PowersOfTen.Length ? 10 * PowersOfTen[precision] : 0;
        var units = Units(value, (long)precision - power);
        if (units >= most) units = Units(value, (long)precision - ++power);
        if (units < most) return Write(double.IsNegative(value), units.Value, precision, room, power);

        // .NET writes e-001 where Python writes e-01.
        var text = value.ToString($"e{precision}", CultureInfo.InvariantCulture);
        return text[^3] == '0' ? text.Remove(text.Length - 3, 1) : text;
    }

    /// <summary>The value times 10^scale, rounded, where that is exact and quick; else null.</summary>
    private static ulong? Units(double value, long scale)
    {
        // A float32 has 24 bits and 5^12 has 28: their product is exact in a double, and so is its rounding.
        if (value != (float)value || scale < 0 || scale >= PowersOfTen.Length) return null;
        var units = Math.Round(Math.Abs(value) * PowersOfTen[(int)scale]);
        return units <= 1e15 ? (ulong)units : null;
    }

    /// <summary>Writes from the end to the front: the digits are found in that order.</summary>
    private static ReadOnlySpan<char> Write(
        bool isNegative, ulong units, int precision, Span<char> room, int? power = null)
    {
        var start = room.Length;
        if (power is { } exponent)
        {
            room[--start] = (char)('0' + Math.Abs(exponent) % 10);
            room[--start] = (char)('0' + Math.Abs(exponent) / 10);
            room[--start] = exponent < 0 ? '-' : '+';
            room[--start] = 'e';
        }

        for (var digit = 0; digit <= precision || units > 0; digit++)
        {
            if (digit == precision && precision > 0) room[--start] = '.';
            (units, var last) = Math.DivRem(units, 10);
            room[--start] = (char)('0' + last);
        }

        if (isNegative) room[--start] = '-';
        return room[start..];
    }
}
