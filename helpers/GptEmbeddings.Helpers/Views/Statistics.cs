using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace GptEmbeddings;

/// <summary>The least, mean and greatest element of a tensor, for the line above it.</summary>
internal sealed class Statistics
{
    // Elements are converted that many at a time: 8 bytes each, however large the tensor is.
    private const long MostAtOnce = 1 << 20;

    // PyTorch, too, changes to scientific notation here.
    private const double Large = 1e8;

    private readonly bool isFloat;
    private double leastFloat = double.PositiveInfinity, mostFloat = double.NegativeInfinity, sum;
    private long least = long.MaxValue, most = long.MinValue;

    private Statistics(bool isFloat) => this.isFloat = isFloat;

    /// <summary>Three facts: <c>min -1.0000</c>, <c>mean 0.5000</c>, <c>max 2.0000</c>. Integers are exact, a bool is 0 or 1.</summary>
    /// <returns>None where there are no ordered, stored numbers: empty, meta, sparse, complex and quantized tensors.</returns>
    public static IReadOnlyList<string> Of(Tensor tensor)
    {
        if (tensor.numel() == 0 || tensor.device_type == DeviceType.META || tensor.is_sparse || tensor.is_complex() || tensor.is_quantized())
            return [];

        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        var statistics = new Statistics(tensor.is_floating_point());
        var distinct = WithoutRepetition(tensor);
        statistics.Add(distinct);
        return
        [
            $"min {(statistics.isFloat ? Text(statistics.leastFloat) : Text(statistics.least))}",
            $"mean {Text(statistics.sum / distinct.numel())}",
            $"max {(statistics.isFloat ? Text(statistics.mostFloat) : Text(statistics.most))}",
        ];
    }

    // An expanded dimension holds the same elements over and over, possibly billions of times.
    private static Tensor WithoutRepetition(Tensor tensor)
    {
        for (var dimension = (int)tensor.dim() - 1; dimension >= 0; dimension--)
            if (tensor.stride(dimension) == 0)
                tensor = tensor.select(dimension, 0);
        return tensor;
    }

    private void Add(Tensor part)
    {
        using var scope = NewDisposeScope();
        if (part.numel() > MostAtOnce)
        {
            var shape = part.shape;
            var largest = Array.IndexOf(shape, shape.Max());
            var half = shape[largest] / 2;
            Add(part.narrow(largest, 0, half));
            Add(part.narrow(largest, half, shape[largest] - half));
            return;
        }

        var floats = part.to(ScalarType.Float64);
        sum += floats.sum().item<double>();
        if (isFloat)
        {
            leastFloat = Math.Min(leastFloat, floats.min().item<double>());
            mostFloat = Math.Max(mostFloat, floats.max().item<double>());
        }
        else
        {
            // A double does not hold every 64-bit integer.
            var integers = part.to(ScalarType.Int64);
            least = Math.Min(least, integers.min().item<long>());
            most = Math.Max(most, integers.max().item<long>());
        }
    }

    private static string Text(double value) =>
        value.ToString(double.IsFinite(value) && Math.Abs(value) >= Large ? "0.0000e+00" : "0.0000", CultureInfo.InvariantCulture);

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
