using System.Globalization;
using static GptEmbeddings.ChartValues;
using static TorchSharp.torch;

namespace GptEmbeddings;

public static partial class Explore
{
    private const int MostSteps = 200;

    /// <summary>
    /// Words as points and arrows on a map, two numbers a word. The reader moves a word; the lengths of two words,
    /// their distance, angle, dot product and cosine follow, as numbers and in the drawing.
    /// </summary>
    /// <param name="words">The words, by id: V of them, at most 12.</param>
    /// <param name="table">A row for each word: (V, 2); or such a table before a training and after each of its steps:
    /// (S, V, 2), with S at most 200, over which a slider moves.</param>
    /// <param name="first">The id of the first word that is measured.</param>
    /// <param name="second">The id of the second.</param>
    /// <param name="title">What to call it.</param>
    /// <returns>A view whose measures are those of the tensor to four decimals, its angles to two.</returns>
    /// <exception cref="ArgumentException">
    /// The tensor is null, disposed, of another shape, too large or has a number that is not finite; there are fewer
    /// than two words; an id is not that of a word, or both are the same.
    /// </exception>
    public static ExplorerView Map(
        IReadOnlyList<string> words, Tensor table, int first = 0, int second = 1, string? title = null)
    {
        CheckWords(words, MostWords);
        ArgumentNullException.ThrowIfNull(table);
        var values = Read(table, nameof(table), nameof(table));
        Require(
            table.dim() is 2 or 3 && table.shape[^2] == words.Count && table.shape[^1] == 2,
            $"'{nameof(table)}' must have {words.Count} rows and 2 columns, and has shape {Shape(table)}.",
            "Give two numbers for each word, such as embedding.weight, or several steps by torch.stack.",
            nameof(table));
        Require(
            values.Length <= 2 * words.Count * MostSteps,
            $"'{nameof(table)}' holds {table.shape[0]:N0} steps, and the explorer takes at most {MostSteps}.",
            "Keep every tenth.",
            nameof(table));
        Require(
            first >= 0 && second >= 0 && first < words.Count && second < words.Count && first != second,
            $"The ids {first} and {second} are not those of two words; there are {words.Count}.",
            "Give two different ids.",
            nameof(first));
        double[][][] steps =
            [.. Finite(values, table, nameof(table)).Chunk(2).Chunk(words.Count).Select(step => step.ToArray())];
        title ??= "Words on a map";
        return new("map", title, MapText(title, words, table, first, second), new
        {
            words,
            steps,
            pair = new[] { first, second },
            colors = Palette.Groups,
        });
    }

    private static string MapText(string title, IReadOnlyList<string> words, Tensor table, int first, int second)
    {
        using var scope = NewDisposeScope();
        var steps = Dense(table).to(ScalarType.Float64).reshape(-1, words.Count, 2);
        var last = steps.shape[0] - 1;
        long[] shown = last == 0 ? [0] : [0, last];
        var measured = shown.Select(step =>
            (last == 0 ? "" : $"step {step}: ") + Measured(steps[step][first], steps[step][second]));
        return $"Explorer \"{RowLabels.Escape(title)}\": {Line(words)}\n"
            + $"{RowLabels.Escape(words[first])} and {RowLabels.Escape(words[second])}\n"
            + $"{string.Join('\n', measured)}\n"
            + TensorText.Format(steps[0].to(ScalarType.Float32), rowLabels: words);
    }

    private static string Measured(Tensor first, Tensor second)
    {
        double Number(Tensor tensor) => tensor.item<double>();
        var (one, other, dot) = (Number(first.norm()), Number(second.norm()), Number(first.dot(second)));
        var cosine = Math.Clamp(dot / (one * other), -1, 1);
        var told = string.Create(CultureInfo.InvariantCulture,
            $"lengths {one:0.00} and {other:0.00}, distance {Number((first - second).norm()):0.00}");
        return double.IsNaN(cosine) ? told : told + string.Create(CultureInfo.InvariantCulture,
            $", angle {Math.Acos(cosine) * 180 / Math.PI:0.0}°, dot product {dot:0.00}, cosine {cosine:0.00}");
    }
}
