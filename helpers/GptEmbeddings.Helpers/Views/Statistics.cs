using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace GptEmbeddings;

/// <summary>The least, mean and greatest element of a tensor, for the line above it.</summary>
internal static class Statistics
{
    // PyTorch, too, changes to scientific notation here.
    private const double Small = 1e-4, Large = 1e8;

    private const long MostInDouble = 1_000_000;

    /// <summary>
    /// Three facts: <c>min -1.0000</c>, <c>mean 0.5000</c>, <c>max 2.0000</c>. A bool is 0 or 1. Integers are exact,
    /// and have no mean: most are ids, and ids are names.
    /// </summary>
    /// <returns>None where there are no ordered, stored numbers: empty, meta, sparse, complex and quantized
    /// tensors, and uint64; nor of a view that holds the same numbers millions of times over.</returns>
    public static IReadOnlyList<string> Of(Tensor tensor)
    {
        if (tensor.numel() == 0 || tensor.device_type == DeviceType.META
            || tensor.is_sparse || DTypes.IsComplex(tensor.dtype) || tensor.is_quantized()
            || tensor.dtype == DTypes.UInt64) return [];

        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        var distinct = WithoutRepetition(tensor);
        if (distinct.numel() > Math.Max(MostInDouble, Extent(distinct))) return [];
        if (tensor.dtype == ScalarType.Bool) distinct = distinct.to(ScalarType.Byte);
        // libtorch orders no other types.
        else if (tensor.dtype > ScalarType.BFloat16)
            distinct = distinct.to(DTypes.IsInteger(tensor.dtype) ? ScalarType.Int64 : ScalarType.Float32);
        var (least, most) = (distinct.min(), distinct.max());
        return DTypes.IsInteger(tensor.dtype) ? [$"min {Text(least)}", $"max {Text(most)}"]
            : [$"min {Text(least)}", $"mean {Text(Mean(distinct, Number(least), Number(most)))}", $"max {Text(most)}"];
    }

    private static double Mean(Tensor numbers, double least, double most)
    {
        // A huge table is not copied into doubles for it.
        var isDouble = numbers.dtype == ScalarType.Float64;
        var isHuge = !isDouble && numbers.numel() > MostInDouble;
        var mean = Number(numbers.to(isHuge ? ScalarType.Float32 : ScalarType.Float64).mean());
        var largest = Math.Max(-least, most);
        // Only their sum is infinite.
        if (!double.IsFinite(mean) && double.IsFinite(least) && double.IsFinite(most))
            return Number((numbers.to(ScalarType.Float64) / largest).mean()) * largest;
        // What is left of numbers that cancel out is the rounding of them, and differs between processors.
        return Math.Abs(mean) < Math.Min(Small, largest * (isDouble ? 1e-15 : 1e-6)) ? 0 : mean;
    }

    // How many elements of memory the view spans; more than these it holds only if they overlap.
    private static long Extent(Tensor tensor) =>
        Enumerable.Range(0, (int)tensor.dim()).Sum(i => (tensor.size(i) - 1) * tensor.stride(i)) + 1;

    // An expanded dimension holds the same elements over and over, possibly billions of times.
    private static Tensor WithoutRepetition(Tensor tensor)
    {
        for (var dimension = (int)tensor.dim() - 1; dimension >= 0; dimension--)
            if (tensor.stride(dimension) == 0)
                tensor = tensor.select(dimension, 0);
        return tensor;
    }

    private static double Number(Tensor scalar) => scalar.to(ScalarType.Float64).item<double>();

    private static string Text(Tensor scalar) => scalar.is_floating_point() ? Text(Number(scalar))
        : scalar.to(ScalarType.Int64).item<long>().ToString(CultureInfo.InvariantCulture);

    private static string Text(double value)
    {
        var isPlain = value == 0 || !double.IsFinite(value) || Math.Abs(value) is >= Small and < Large;
        // Adding 0 turns -0 into 0.
        return (value + 0).ToString(isPlain ? "0.0000" : "0.0000e+00", CultureInfo.InvariantCulture);
    }
}
