using System.Globalization;
using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace GptEmbeddings;

/// <summary>How all numbers of a tensor are written, so that they line up.</summary>
/// <remarks>
/// <para>The rules are those of <c>_Formatter</c> in PyTorch 1.13's <c>_tensor_str.py</c>. Two of them surprise:
/// zeros, inf and nan have no say in the width, and a forced notation keeps the width of the one it replaces.</para>
/// <para>Elements come as 64 bits each: an integer, a bool as 0 or 1, or the bits of a double.</para>
/// </remarks>
internal readonly record struct NumberFormat
{
    // Whole: integers of a floating type, such as 2.
    private enum Style { Bool, Integer, Whole, Fixed, Scientific }

    private readonly int precision;

    private NumberFormat(Style notation, int precision = 0) => (Notation, this.precision) = (notation, precision);

    /// <summary>Numbers shorter than this are padded on the left.</summary>
    public int Width { get; private init; } = 1;

    private Style Notation { get; init; }

    /// <summary>The format for elements of a type, found from the elements that are shown.</summary>
    /// <param name="dtype">Their type.</param>
    /// <param name="elements">The elements.</param>
    /// <param name="first">Index of the first to look at: 1 for the imaginary parts of complex numbers.</param>
    /// <param name="step">Distance to the next: 2 for one part of complex numbers.</param>
    /// <param name="options">Precision and notation.</param>
    /// <param name="scratch">Gives room to try numbers out.</param>
    public static NumberFormat For(
        ScalarType dtype, ReadOnlySpan<long> elements, int first, int step, PrintOptions options, TextLines scratch) =>
        dtype == ScalarType.Bool ? ForIntegers(Style.Bool, elements, scratch)
        : is_integral(dtype) ? ForIntegers(Style.Integer, elements, scratch)
        : ForFloats(elements, first, step, options, scratch);

    private static NumberFormat ForIntegers(Style notation, ReadOnlySpan<long> elements, TextLines scratch)
    {
        long least = elements[0], most = elements[0];
        foreach (var value in elements)
        {
            least = Math.Min(least, value);
            most = Math.Max(most, value);
        }

        return new NumberFormat(notation).WidenedFor([least, most], scratch);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static NumberFormat ForFloats(
        ReadOnlySpan<long> elements, int first, int step, PrintOptions options, TextLines scratch)
    {
        // Among numbers of one sign the longest text is that of the smallest or of the largest magnitude.
        double leastPositive = double.PositiveInfinity, mostPositive = 0;
        double leastNegative = double.NegativeInfinity, mostNegative = 0;
        var whole = true;
        for (var i = first; i < elements.Length; i += step)
        {
            var value = BitConverter.Int64BitsToDouble(elements[i]);
            if (value == 0 || !double.IsFinite(value)) continue;
            whole = whole && value == Math.Truncate(value);
            if (value > 0)
            {
                leastPositive = Math.Min(leastPositive, value);
                mostPositive = Math.Max(mostPositive, value);
            }
            else
            {
                leastNegative = Math.Max(leastNegative, value);
                mostNegative = Math.Min(mostNegative, value);
            }
        }

        var most = Math.Max(mostPositive, -mostNegative);
        var least = Math.Min(leastPositive, -leastNegative);
        if (most == 0) return new(Style.Whole);

        var plain = whole ? Style.Whole : Style.Fixed;
        var natural = most / least > 1000 || most > 1e8 || (!whole && least < 1e-4) ? Style.Scientific : plain;
        double[] extremes = [leastPositive, mostPositive, leastNegative, mostNegative];
        long[] longest = [.. extremes.Where(double.IsFinite).Select(BitConverter.DoubleToInt64Bits)];
        return new NumberFormat(natural, options.Precision).WidenedFor(longest, scratch) with
        {
            Notation = options.SciMode switch { null => natural, true => Style.Scientific, false => plain },
        };
    }

    // A notebook prints a table once. Tiered compilation would run the loop over its numbers unoptimized that one time,
    // three times slower. Hence AggressiveOptimization, and AggressiveInlining of what it calls, along this path.

    /// <summary>Writes one number, padded on the left.</summary>
    /// <returns>How many characters the number itself takes.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int WritePadded(long element, TextLines text)
    {
        var room = Room(text);
        var length = Write(element, room);
        var padding = Math.Max(Width - length, 0);
        if (padding > 0)
        {
            room[..length].CopyTo(room[padding..]);
            room[..padding].Fill(' ');
        }

        text.Advance(padding + length);
        return length;
    }

    /// <summary>Writes one number as the imaginary part of a complex one, with a sign and never padded.</summary>
    /// <returns>How many characters were written.</returns>
    public int WriteImaginary(long element, TextLines text)
    {
        var room = Room(text);
        var length = Write(element, room[1..]);
        if (room[1] == '-') room.Slice(1, length--).CopyTo(room);
        else room[0] = '+';
        room[length + 1] = 'j';
        text.Advance(length + 2);
        return length + 2;
    }

    /// <summary>The number that an element stands for.</summary>
    public double ValueOf(long element) =>
        Notation is Style.Bool or Style.Integer ? element : BitConverter.Int64BitsToDouble(element);

    private NumberFormat WidenedFor(ReadOnlySpan<long> elements, TextLines scratch)
    {
        var width = Width;
        foreach (var element in elements) width = Math.Max(width, Write(element, Room(scratch)));
        return this with { Width = width };
    }

    private Span<char> Room(TextLines text) => text.Reserve((long)precision + DecimalDigits.MostOtherCharacters);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Write(long element, Span<char> destination)
    {
        if (Notation == Style.Bool) return Copy(element == 0 ? "False" : "True", destination);
        if (Notation == Style.Integer)
        {
            element.TryFormat(destination, out var count, default, CultureInfo.InvariantCulture);
            return count;
        }

        var value = BitConverter.Int64BitsToDouble(element);
        if (double.IsNaN(value)) return Copy("nan", destination);
        if (double.IsInfinity(value)) return Copy(value > 0 ? "inf" : "-inf", destination);
        if (Notation == Style.Scientific) return DecimalDigits.WriteScientific(value, precision, destination);
        if (Notation == Style.Fixed) return DecimalDigits.WriteFixed(value, precision, destination);

        var length = DecimalDigits.WriteFixed(value, 0, destination);
        destination[length] = '.';
        return length + 1;
    }

    private static int Copy(string text, Span<char> destination)
    {
        text.CopyTo(destination);
        return text.Length;
    }
}
