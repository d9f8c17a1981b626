using System.Globalization;
using static GptEmbeddings.ChartValues;
using static TorchSharp.torch;

namespace GptEmbeddings;

public static partial class Explore
{
    /// <summary>
    /// Four ways to tell positions apart: a learned table, sinusoids, rotary embedding and ALiBi. The reader picks one,
    /// a length and two positions, and sees what the way says of the two: the dot product of their rows, the score of a
    /// query and a key put there, or the bias on a score; and whether that follows from their distance alone.
    /// </summary>
    /// <param name="learned">A learned table: (T, C), C even. The sinusoids have its width.</param>
    /// <param name="query">One query, for rotary embedding: (C), C even.</param>
    /// <param name="key">One key: (C).</param>
    /// <param name="heads">How many heads ALiBi has.</param>
    /// <param name="longest">The largest length that can be picked.</param>
    /// <remarks>
    /// Sources: Vaswani et al. 2017, arXiv 1706.03762, section 3.5; Su et al. 2021, arXiv 2104.09864, section 3.2;
    /// Press et al. 2022, arXiv 2108.12409, section 3.
    /// </remarks>
    /// <exception cref="ArgumentException">
    /// A tensor is disposed, of another shape, or not finite; there are no heads; the length is not 4 to 100.
    /// </exception>
    public static ExplorerView Positions(Tensor learned, Tensor query, Tensor key, int heads = 8, int longest = 64)
    {
        var table = Matrix(learned, null, null, nameof(learned));
        var (queries, keys) = (Vector(query, nameof(query)), Vector(key, nameof(key)));
        CheckWidth(table[0].Length, 128, nameof(learned));
        CheckWidth(queries.Length, 128, nameof(query));
        CheckPairs(table[0].Length, nameof(learned));
        CheckPairs(queries.Length, nameof(query));
        Require(queries.Length == keys.Length,
            $"The query has {queries.Length} numbers, the key {keys.Length}.", "Give both of one width.", nameof(key));
        Require(heads is >= 1 and <= 64, $"There are {heads} heads.", "Give 1 to 64.", nameof(heads));
        Require(longest is >= 4 and <= 100, $"The largest length is {longest}.", "Give 4 to 100.", nameof(longest));
        var data = new { learned = table, query = queries, key = keys, heads, longest };
        const string title = "Four ways to place a word";
        return new("positions", title, PositionsText(title, learned, query, key, heads), data);
    }

    private static double[] Vector(Tensor vector, string parameter)
    {
        ArgumentNullException.ThrowIfNull(vector, parameter);
        var values = Read(vector, parameter, parameter);
        Require(
            vector.dim() == 1,
            $"'{parameter}' must be one vector, and has shape {Shape(vector)}.",
            "Give a 1-d tensor, such as tensor[0].",
            parameter);
        return [.. Finite(values, vector, parameter)];
    }

    private static void CheckPairs(int width, string parameter) => Require(
        width % 2 == 0,
        $"'{parameter}' has {width} columns, and its numbers are taken in pairs.",
        "Give an even number of them.",
        parameter);

    // What a reader without scripts is told: for a few offsets, from what to what each way goes.
    private static string PositionsText(string title, Tensor learned, Tensor query, Tensor key, int heads)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var (T, C) = (learned.shape[0], learned.shape[1]);
        var (rows, waves) = (Dense(learned).to(float64), Waves(T, C));
        var slope = Math.Pow(2, -8.0 / heads);
        var ways = new[]
        {
            ("learned table, dot product of two rows", rows.mm(rows.T)),
            ("sinusoids, dot product of two rows", waves.mm(waves.T)),
            ("rotary, score of one query and one key", Turned(query, T).mm(Turned(key, T).T)),
            ("ALiBi, bias in head 0", -slope * (arange(T).unsqueeze(1) - arange(T)).to(float64)),
        };
        long[] offsets = [.. new long[] { -1, -2, -4, -8 }.Where(offset => -offset < T)];
        var lines = ways.Select(way => $"{way.Item1,-40}" + string.Concat(offsets.Select(offset =>
        {
            var stripe = way.Item2.diagonal(offset);
            var (low, high) = (stripe.min().item<double>(), stripe.max().item<double>());
            return $"{(high - low < 0.005 ? Two(low) : $"{Two(low)} to {Two(high)}"),18}";
        })));
        return $"Explorer \"{title}\": {T} positions, over all pairs at an offset\n"
            + $"{"",-40}{string.Concat(offsets.Select(Heading))}\n"
            + string.Join('\n', lines);

        static string Heading(long offset) =>
            string.Create(CultureInfo.InvariantCulture, $"offset {offset}").PadLeft(18);

        static string Two(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
    }

    private static Tensor Angles(long length, long width) =>   // (length, width / 2)
        arange(length, dtype: float64).unsqueeze(1)
        * pow(10_000.0, -arange(0, width, 2, dtype: float64) / (double)width);

    private static Tensor Waves(long length, long width) =>   // (length, width)
        stack([Angles(length, width).sin(), Angles(length, width).cos()], 2).view(length, width);

    // A vector (C) put at each position: (length, C), its even numbers first.
    private static Tensor Turned(Tensor vector, long length)
    {
        var angles = Angles(length, vector.shape[0]);
        var pairs = Dense(vector).to(float64).view(-1, 2);
        var (even, odd) = (pairs[.., 0], pairs[.., 1]);
        return cat([even * angles.cos() - odd * angles.sin(), even * angles.sin() + odd * angles.cos()], 1);
    }
}
