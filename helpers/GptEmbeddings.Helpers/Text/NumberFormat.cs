using System.Globalization;
using static TorchSharp.torch;

namespace GptEmbeddings;

/// <summary>How all numbers of a tensor are written, so that they line up.</summary>
/// <remarks>
/// The rules are those of <c>_Formatter</c> in PyTorch 2.10's <c>_tensor_str.py</c>. One of them surprises: zeros, inf
/// and nan have no say in the width.
/// </remarks>
internal sealed class NumberFormat
{
    // Whole: integers of a floating type, such as 2.
    private enum Notation { Bool, Integer, Unsigned, Whole, Fixed, Scientific }

    private readonly int _precision;
    private Notation _notation;

    /// <summary>Finds the format for one part of the elements, 1 for the imaginary parts of complex numbers.</summary>
    public NumberFormat(ShownElements elements, int part, PrintOptions options)
    {
        _precision = options.Precision;
        _notation = elements.DType switch
        {
            ScalarType.Bool => Notation.Bool,
            DTypes.UInt64 => Notation.Unsigned,
            _ => Notation.Integer,
        };
        foreach (var integer in elements.Integers ?? []) Widen(integer);
        if (elements.Floats is { } floats) FitFloats(floats, part, elements.Parts, options.SciMode);
    }

    /// <summary>Numbers shorter than this are padded on the left.</summary>
    public int Width { get; private set; } = 1;

    /// <summary>One number, not padded.</summary>
    public string Text(ShownElements elements, int index) =>
        elements.Floats is { } floats ? Text(floats[index]) : Text(elements.Integers![index]);

    private void FitFloats(double[] floats, int first, int step, bool? sciMode)
    {
        // Among numbers of one sign the longest text is that of the smallest or of the largest magnitude.
        double min = 0, max = 0, leastPositive = double.PositiveInfinity, leastNegative = double.NegativeInfinity;
        var whole = true;
        for (var i = first; i < floats.Length; i += step)
        {
            var value = floats[i];
            if (value == 0 || !double.IsFinite(value)) continue;
            whole = whole && value == Math.Truncate(value);
            (min, max) = (Math.Min(min, value), Math.Max(max, value));
            if (value > 0) leastPositive = Math.Min(leastPositive, value);
            else leastNegative = Math.Max(leastNegative, value);
        }

        var (least, most) = (Math.Min(leastPositive, -leastNegative), Math.Max(max, -min));
        _notation = whole ? Notation.Whole : Notation.Fixed;
        if (most == 0) return;

        if (sciMode ?? (most / least > 1000 || most > 1e8 || least < 1e-4)) _notation = Notation.Scientific;
        foreach (var extreme in (double[])[min, max, leastPositive, leastNegative])
            if (double.IsFinite(extreme)) Widen(extreme);
    }

    // Not in the method with the loop: .NET would optimize that one before its first call, which takes 1 ms.
    private void Widen(double number) => Width = Math.Max(Width, Text(number).Length);

    private void Widen(long number) => Width = Math.Max(Width, Text(number).Length);

    private string Text(double value) => _notation switch
    {
        _ when double.IsNaN(value) => "nan",
        _ when double.IsInfinity(value) => value > 0 ? "inf" : "-inf",
        Notation.Scientific => DecimalDigits.Scientific(value, _precision),
        Notation.Fixed => DecimalDigits.Fixed(value, _precision),
        _ => $"{DecimalDigits.Fixed(value, 0)}.",
    };

    private string Text(long value) => _notation switch
    {
        Notation.Bool => value == 0 ? "False" : "True",
        Notation.Unsigned => ((ulong)value).ToString(CultureInfo.InvariantCulture),
        _ => value.ToString(CultureInfo.InvariantCulture),
    };
}
