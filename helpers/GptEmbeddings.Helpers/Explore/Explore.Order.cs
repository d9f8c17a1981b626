using static GptEmbeddings.ChartValues;
using static TorchSharp.torch;

namespace GptEmbeddings;

public static partial class Explore
{
    /// <summary>
    /// A sentence whose words the reader puts in another order: one head of attention, softmax(Q Kᵀ / √d) V, its
    /// weights, each word's output, and whether that is still the output of the first order.
    /// </summary>
    /// <param name="words">The words of the sentence in their first order: T of them, at most 8.</param>
    /// <param name="x">The row of each word, without its position: (T, C).</param>
    /// <param name="query">The matrix that makes queries of rows: (C, d), with d at most 8.</param>
    /// <param name="key">The matrix that makes keys of rows: (C, d).</param>
    /// <param name="value">The matrix that makes values of rows: (C, D), with D at most 8.</param>
    /// <param name="positions">A row for each position, T of them or more: (T, C). The reader switches them on.
    /// Without, there is no such switch.</param>
    /// <param name="title">What to call it.</param>
    /// <returns>A view that computes as TorchSharp does, to four decimals.</returns>
    /// <exception cref="ArgumentException">
    /// A tensor is null, disposed, not 2-d, too large or has a number that is not finite, or the shapes do not go
    /// together.
    /// </exception>
    public static ExplorerView Order(
        IReadOnlyList<string> words, Tensor x, Tensor query, Tensor key, Tensor value, Tensor? positions = null,
        string? title = null)
    {
        CheckWords(words, MostTokens);
        var rows = Matrix(x, words.Count, null, nameof(x));
        var width = rows[0].Length;
        var queries = Matrix(query, width, null, nameof(query));
        var keys = Matrix(key, width, queries[0].Length, nameof(key));
        var values = Matrix(value, width, null, nameof(value));
        CheckWidth(queries[0].Length, MostColumns, nameof(query));
        CheckWidth(values[0].Length, MostColumns, nameof(value));
        var places = positions is null ? null : Matrix(positions, null, width, nameof(positions));
        Require(
            (places?.Length ?? words.Count) >= words.Count,
            $"There are {words.Count} words and only {places?.Length} positions.",
            "Give a positional table with a row for each word.",
            nameof(positions));

        title ??= "Does the order count?";
        var data = new
        {
            words,
            x = rows,
            query = queries,
            key = keys,
            value = values,
            positions = places?[..words.Count],
        };
        return new("order", title, OrderText(title, words, x, query, key, value), data);
    }

    private static string OrderText(
        string title, IReadOnlyList<string> words, Tensor x, Tensor query, Tensor key, Tensor value)
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        Tensor Double(Tensor tensor) => Dense(tensor).to(ScalarType.Float64);
        var rows = Double(x);
        var scores = rows.mm(Double(query)).mm(rows.mm(Double(key)).T) / Math.Sqrt(query.shape[1]);
        var weights = scores.softmax(-1);
        var output = weights.mm(rows.mm(Double(value)));
        string Text(Tensor tensor) => TensorText.Format(tensor.to(ScalarType.Float32), rowLabels: words);
        return $"Explorer \"{RowLabels.Escape(title)}\": {Line(words)}\n"
            + $"weights: how much each word looks at each\n{Text(weights)}\n"
            + $"output of each word\n{Text(output)}";
    }
}
