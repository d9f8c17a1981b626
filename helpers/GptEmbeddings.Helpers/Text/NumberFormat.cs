using System.Globalization;
using static TorchSharp.torch;

namespace GptEmbeddings;

/// <summary>How all numbers of a tensor are written, so that they line up.</summary>
/// <remarks>
/// The rules are those of <c>_Formatter</c> in PyTorch 1.13's <c>_tensor_str.py</c>. Two of them surprise:
/// zeros, inf and nan have no say in the width, and a forced notation keeps the width of the one it replaces.
/// </remarks>
internal sealed class NumberFormat
{
    // Whole: integers of a floating type, such as 2.
    private enum Notation { Bool, Integer, Whole, Fixed, Scientific }

    private const int Room = 24;
    private const int MostDigits = 999_999_999; // of .NET's own formatting

    private readonly int _precision;
    private Notation _notation;

    /// <summary>Finds the format for one part of the elements, 1 for the imaginary parts of complex numbers.</summary>
    public NumberFormat(ShownElements elements, int part, PrintOptions options)
    {
        _precision = options.Precision;
        TextLines.RequireFits(_precision > MostDigits ? long.MaxValue : _precision);
        if (elements.Floats is { } floats) FitFloats(floats, part, elements.Parts, options.SciMode);
        else
        {
            _notation = elements.DType == ScalarType.Bool ? Notation.Bool : Notation.Integer;
            Widen(elements.Integers!.Min());
            Widen(elements.Integers!.Max());
        }
    }

    /// <summary>Numbers shorter than this are padded on the left.</summary>
    public int Width { get; private set; } = 1;

    /// <summary>Writes one element, padded on the left. Gives how many characters the number itself takes.</summary>
    public int Append(TextLines text, ShownElements elements, int index)
    {
        Span<char> room = stackalloc char[Room];
        var number = elements.Floats is { } floats ? Text(floats[index], room) : Text(elements.Integers![index], room);
        text.Append(' ', Math.Max(Width - number.Length, 0));
        text.Append(number);
        return number.Length;
    }

    /// <summary>The same for the imaginary part of a complex number: with a sign, and never padded.</summary>
    public int AppendImaginary(TextLines text, ShownElements elements, int index)
    {
        var before = text.Length;
        var number = Text(elements.Floats![index], stackalloc char[Room]);
        if (number[0] != '-') text.Append('+');
        text.Append(number);
        text.Append('j');
        return text.Length - before;
    }

    private void FitFloats(double[] floats, int first, int step, bool? sciMode)
    {
        // Among numbers of one sign the longest text is that of the smallest or of the largest magnitude.
        double leastPositive = double.PositiveInfinity, mostPositive = 0;
        double leastNegative = double.NegativeInfinity, mostNegative = 0;
        var whole = true;
        for (var i = first; i < floats.Length; i += step)
        {
            var value = floats[i];
            if (value == 0 || !double.IsFinite(value)) continue;
            whole = whole && value == Math.Truncate(value);
            if (value > 0) Extend(ref leastPositive, ref mostPositive, value);
            else Extend(ref mostNegative, ref leastNegative, value);
        }

        var most = Math.Max(mostPositive, -mostNegative);
        var least = Math.Min(leastPositive, -leastNegative);
        var plain = whole ? Notation.Whole : Notation.Fixed;
        _notation = plain;
        if (most == 0) return;

        if (most / least > 1000 || most > 1e8 || (!whole && least < 1e-4)) _notation = Notation.Scientific;
        foreach (var extreme in (double[])[leastPositive, mostPositive, leastNegative, mostNegative])
            if (double.IsFinite(extreme)) Widen(extreme);
        if (sciMode is { } scientific) _notation = scientific ? Notation.Scientific : plain;
    }

    private static void Extend(ref double low, ref double high, double value) =>
        (low, high) = (Math.Min(low, value), Math.Max(high, value));

    private void Widen(double value) => Width = Math.Max(Width, Text(value, stackalloc char[Room]).Length);

    private void Widen(long value) => Width = Math.Max(Width, Text(value, stackalloc char[Room]).Length);

    private ReadOnlySpan<char> Text(double value, Span<char> room) => _notation switch
    {
        _ when double.IsNaN(value) => "nan",
        _ when double.IsInfinity(value) => value > 0 ? "inf" : "-inf",
        Notation.Scientific => DecimalDigits.Scientific(value, _precision, room),
        Notation.Fixed => DecimalDigits.Fixed(value, _precision, room),
        _ => $"{DecimalDigits.Fixed(value, 0, room)}.",
    };

    private ReadOnlySpan<char> Text(long value, Span<char> room)
    {
        if (_notation == Notation.Bool) return value == 0 ? "False" : "True";
        value.TryFormat(room, out var length, default, CultureInfo.InvariantCulture);
        return room[..length];
    }
}
