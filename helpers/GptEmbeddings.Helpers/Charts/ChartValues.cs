using System.Globalization;
using static TorchSharp.torch;

namespace GptEmbeddings;

/// <summary>The numbers of a chart: read once, rounded, and told in words.</summary>
internal static class ChartValues
{
    /// <summary>The most numbers of a chart: about 2 MB in a saved notebook; and no screen shows more.</summary>
    public const int Most = 200_000;

    private static readonly string _limit = string.Create(
        CultureInfo.InvariantCulture, $"A chart shows at most {Most:N0}.");

    /// <summary>Reads the numbers of a tensor, row by row, in whatever dtype, order and device it has them.</summary>
    /// <exception cref="ArgumentException">It has no numbers that could be drawn, or too many.</exception>
    public static double[] Read(Tensor tensor, string name, string parameter)
    {
        Require(!tensor.IsInvalid, $"The tensor '{name}' is disposed, so it has no numbers left to draw.",
            "Draw it before its dispose scope ends.", parameter);
        Require(!tensor.is_meta, $"The tensor '{name}' is a meta tensor: it has a shape and no numbers.",
            "Draw a tensor on the CPU.", parameter);
        Require(!DTypes.IsComplex(tensor.dtype), $"The tensor '{name}' holds complex numbers.",
            "Draw one part of it, such as tensor.abs() or tensor.real.", parameter);
        Require(tensor.numel() > 0, $"The tensor '{name}' of shape {Shape(tensor)} is empty: there is nothing to draw.",
            "Give one with at least one number.", parameter);
        Require(tensor.numel() <= Most,
            $"The tensor '{name}' of shape {Shape(tensor)} has {tensor.numel():N0} numbers.",
            $"{_limit} Draw a part of it, such as tensor[..100].", parameter);

        using var noGradients = no_grad();
        using var temporaries = NewDisposeScope();
        return Dense(tensor).to_type(ScalarType.Float64).contiguous().data<double>().ToArray();
    }

    /// <summary>Throws unless a chart has room for so many numbers.</summary>
    public static void CheckCount(long count, string parameter) => Require(
        count <= Most, $"All lines together have {count:N0} numbers.",
        $"{_limit} Draw fewer of them, such as every tenth.", parameter);

    /// <summary>The numbers of a tensor in whatever layout and on whatever device, to compute with.</summary>
    public static Tensor Dense(Tensor tensor)
    {
        if (tensor.is_sparse) tensor = tensor.to_dense();
        if (tensor.is_quantized()) tensor = tensor.dequantize();
        return tensor.detach().cpu();
    }

    /// <summary>The smallest and the largest finite number, and how many are not finite.</summary>
    /// <exception cref="ArgumentException">There is no finite number.</exception>
    public static (double Min, double Max, int Gaps) Range(
        IReadOnlyCollection<double> values, string name, string parameter)
    {
        var finite = values.Where(double.IsFinite).ToArray();
        Require(
            values.Count > 0, $"'{name}' is empty: there is nothing to draw.", "Give at least one number.", parameter);
        Require(finite.Length > 0,
            $"Each of the {values.Count} numbers of '{name}' is NaN or infinite: there is nothing to draw.",
            "Find out where they come from.", parameter);
        return (finite.Min(), finite.Max(), values.Count - finite.Length);
    }

    /// <summary>
    /// The numbers to about six digits of the largest, so that a chart differs neither in the last bits nor in the
    /// noise around zero. What is not finite becomes a gap.
    /// </summary>
    /// <param name="values">The numbers.</param>
    /// <param name="each">Whether to six digits of each instead, where small numbers show as well as large
    /// ones.</param>
    public static double?[] Rounded(IReadOnlyCollection<double> values, bool each = false)
    {
        var largest = values.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty().Max();
        // Not finer than double's own smallest numbers, where the step itself would become 0.
        var step = each ? 0 : largest == 0 ? 1 : Math.Pow(10, Math.Max(-300, Math.Floor(Math.Log10(largest)) - 6));
        return [.. values.Select(value => double.IsFinite(value)
            ? Digits(step == 0 ? value : Math.Round(value / step) * step) : (double?)null)];

        // Adding 0 turns -0 into 0.
        static double Digits(double value) =>
            double.Parse(value.ToString("G6", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) + 0;
    }

    /// <summary>The range in words, <c>from -0.9125 to 1.0000</c>, and how many numbers are not finite.</summary>
    public static string Describe(double min, double max, int gaps)
    {
        var largest = Math.Max(Math.Abs(min), Math.Abs(max));
        var format = largest >= 1e6 || (largest < 0.001 && largest > 0) ? "G4"
            : double.IsInteger(min) && double.IsInteger(max) ? "0" : "0.0000";
        return $"from {Text(min)} to {Text(max)}{(gaps > 0 ? $", {gaps} not finite" : "")}";

        string Text(double value) => value.ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary>A shape as Python writes it: <c>(6, 4)</c>.</summary>
    public static string Shape(Tensor tensor) => TensorText.PythonTuple(tensor.shape);

    /// <summary>Throws an <see cref="ArgumentException"/> of two sentences unless the condition holds.</summary>
    public static void Require(bool condition, FormattableString problem, string remedy, string parameter)
    {
        if (condition) return;
        throw new ArgumentException($"{problem.ToString(CultureInfo.InvariantCulture)} {remedy}", parameter);
    }
}
