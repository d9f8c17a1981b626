using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace GptEmbeddings;

/// <summary>The least, mean and greatest element of a tensor, for the line above it.</summary>
internal static class Statistics
{
    // PyTorch, too, changes to scientific notation here.
    private const double Large = 1e8;

    private const long MostInDouble = 1_000_000;

    /// <summary>
    /// Three facts: <c>min -1.0000</c>, <c>mean 0.5000</c>, <c>max 2.0000</c>. A bool is 0 or 1. Integers are exact,
    /// and have no mean: most are ids, and ids are names.
    /// </summary>
    /// <returns>None where there are no ordered, stored numbers: empty, meta, sparse, complex and quantized
    /// tensors.</returns>
    public static IReadOnlyList<string> Of(Tensor tensor)
    {
        if (tensor.numel() == 0 || tensor.device_type == DeviceType.META
            || tensor.is_sparse || tensor.is_complex() || tensor.is_quantized()) return [];

        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        var distinct = WithoutRepetition(tensor);
        var isBool = tensor.dtype == ScalarType.Bool;
        if (isBool) distinct = distinct.to(ScalarType.Byte);
        var (least, most) = (Text(distinct.min()), Text(distinct.max()));
        if (!isBool && !tensor.is_floating_point()) return [$"min {least}", $"max {most}"];

        // A huge table is not copied into doubles for it.
        var isHuge = distinct.dtype != ScalarType.Float64 && distinct.numel() > MostInDouble;
        var mean = distinct.to(isHuge ? ScalarType.Float32 : ScalarType.Float64).mean();
        return [$"min {least}", $"mean {Text(mean)}", $"max {most}"];
    }

    // An expanded dimension holds the same elements over and over, possibly billions of times.
    private static Tensor WithoutRepetition(Tensor tensor)
    {
        for (var dimension = (int)tensor.dim() - 1; dimension >= 0; dimension--)
            if (tensor.stride(dimension) == 0)
                tensor = tensor.select(dimension, 0);
        return tensor;
    }

    private static string Text(Tensor scalar)
    {
        if (!scalar.is_floating_point())
            return scalar.to(ScalarType.Int64).item<long>().ToString(CultureInfo.InvariantCulture);
        var value = scalar.to(ScalarType.Float64).item<double>();
        var isLarge = double.IsFinite(value) && Math.Abs(value) >= Large;
        return value.ToString(isLarge ? "0.0000e+00" : "0.0000", CultureInfo.InvariantCulture);
    }
}
