using static TorchSharp.torch;

namespace GptEmbeddings;

/// <summary>
/// A named series of numbers for <see cref="Charts.Lines"/>. It converts from a pair of a name and numbers:
/// <c>("loss", losses)</c>; a pair with a single number, <c>("entropy", 2.3)</c>, is a level that stays the same.
/// It keeps the numbers of that moment.
/// </summary>
public sealed class ChartSeries
{
    private ChartSeries(string name, IEnumerable<double> values, bool isLevel = false)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(values, name);
        (Name, IsLevel, Values) = (name, isLevel, [.. values]);
    }

    /// <summary>What the legend calls the series.</summary>
    public string Name { get; }

    /// <summary>The numbers; a number that is not finite is a gap in the line.</summary>
    public IReadOnlyList<double> Values { get; }

    /// <summary>Whether this is one number for the whole width of the chart.</summary>
    public bool IsLevel { get; }

    /// <summary>A series from a 1-d tensor of any real dtype.</summary>
    /// <exception cref="ArgumentException">The tensor is null, disposed, or not 1-d.</exception>
    public static implicit operator ChartSeries((string Name, Tensor Values) series)
    {
        var (name, values) = series;
        ArgumentNullException.ThrowIfNull(name, nameof(series));
        ArgumentNullException.ThrowIfNull(values, name);
        var numbers = ChartValues.Read(values, name, nameof(series));
        ChartValues.Require(
            values.dim() == 1,
            $"A series is a 1-d tensor, and '{name}' has shape {ChartValues.Shape(values)}.",
            "Flatten it, or give each of its rows as a series.",
            nameof(series));
        return new(name, numbers);
    }

    /// <summary>A series from numbers.</summary>
    public static implicit operator ChartSeries((string Name, IEnumerable<double> Values) series) =>
        new(series.Name, series.Values);

    /// <summary>A series from numbers.</summary>
    public static implicit operator ChartSeries((string Name, IEnumerable<float> Values) series) =>
        new(series.Name, series.Values?.Select(value => (double)value)!);

    /// <summary>A series from whole numbers.</summary>
    public static implicit operator ChartSeries((string Name, IEnumerable<int> Values) series) =>
        new(series.Name, series.Values?.Select(value => (double)value)!);

    // TorchSharp turns arrays and single numbers into tensors as well: these say which conversion is meant.

    /// <summary>A series from numbers.</summary>
    public static implicit operator ChartSeries((string Name, double[] Values) series) =>
        (series.Name, (IEnumerable<double>)series.Values);

    /// <summary>A series from numbers.</summary>
    public static implicit operator ChartSeries((string Name, float[] Values) series) =>
        (series.Name, (IEnumerable<float>)series.Values);

    /// <summary>A series from whole numbers.</summary>
    public static implicit operator ChartSeries((string Name, int[] Values) series) =>
        (series.Name, (IEnumerable<int>)series.Values);

    /// <summary>A level: a horizontal line.</summary>
    public static implicit operator ChartSeries((string Name, double Level) series) =>
        new(series.Name, [series.Level], isLevel: true);

    /// <summary>A level: a horizontal line.</summary>
    public static implicit operator ChartSeries((string Name, float Level) series) =>
        (series.Name, (double)series.Level);

    /// <summary>A level: a horizontal line.</summary>
    public static implicit operator ChartSeries((string Name, int Level) series) => (series.Name, (double)series.Level);
}
