using static TorchSharp.torch;

namespace GptEmbeddings;

/// <summary>
/// A named series of numbers for <see cref="Charts.Lines"/>. It converts from a pair of a name and numbers, a tensor or
/// any doubles, floats or ints: <c>("loss", losses)</c>; a pair with a single number, <c>("entropy", 2.3)</c>, is a
/// level, a horizontal line. It keeps the numbers of that moment.
/// </summary>
public sealed class ChartSeries
{
    private ChartSeries(string name, IEnumerable<double> values, bool isLevel = false)
    {
        CheckName(name);
        ArgumentNullException.ThrowIfNull(values, name);
        (Name, IsLevel, Values) = (name, isLevel, [.. values]);
    }

    /// <summary>What the legend calls the series.</summary>
    public string Name { get; }

    /// <summary>The numbers; a number that is not finite is a gap in the line.</summary>
    public IReadOnlyList<double> Values { get; }

    /// <summary>Whether this is one number for the whole width of the chart.</summary>
    public bool IsLevel { get; }

    private static void CheckName(string name) => ChartValues.Require(
        name is not null, $"The name of a series is null.", "Give a string, if need be an empty one.", "series");

    /// <summary>A series from a 1-d tensor of any real dtype.</summary>
    /// <exception cref="ArgumentException">The tensor is null, disposed, or not 1-d.</exception>
    public static implicit operator ChartSeries((string Name, Tensor Values) series)
    {
        var (name, values) = series;
        CheckName(name);
        ArgumentNullException.ThrowIfNull(values, name);
        var numbers = ChartValues.Read(values, name, nameof(series));
        ChartValues.Require(
            values.dim() == 1,
            $"A series is a 1-d tensor, and '{name}' has shape {ChartValues.Shape(values)}.",
            "Flatten it, or give each of its rows as a series.",
            nameof(series));
        return new(name, numbers);
    }

#pragma warning disable CS1591 // The class says what converts.
    public static implicit operator ChartSeries((string Name, IEnumerable<double> Values) s) => new(s.Name, s.Values);

    public static implicit operator ChartSeries((string Name, IEnumerable<float> Values) s) =>
        new(s.Name, s.Values?.Select(value => (double)value)!);

    public static implicit operator ChartSeries((string Name, IEnumerable<int> Values) s) =>
        new(s.Name, s.Values?.Select(value => (double)value)!);

    // TorchSharp turns arrays and single numbers into tensors as well: these say which conversion is meant.

    public static implicit operator ChartSeries((string Name, double[] Values) s) => new(s.Name, s.Values);

    public static implicit operator ChartSeries((string Name, float[] Values) s) => (s.Name, s.Values.AsEnumerable());

    public static implicit operator ChartSeries((string Name, int[] Values) s) => (s.Name, s.Values.AsEnumerable());

    public static implicit operator ChartSeries((string Name, double Level) s) => new(s.Name, [s.Level], isLevel: true);

    public static implicit operator ChartSeries((string Name, float Level) s) => (s.Name, (double)s.Level);

    public static implicit operator ChartSeries((string Name, int Level) s) => (s.Name, (double)s.Level);
#pragma warning restore CS1591
}
