using GptEmbeddings.NotebookRunner.Notebook;
using Xunit;
using static System.FormattableString;
using static GptEmbeddings.Tests.PrintedNumbers;
using static TorchSharp.torch;

namespace GptEmbeddings.Tests;

/// <summary>
/// What notebook 2, its drawings and its solutions say is so. That their cells
/// still show it, <see cref="SavedOutputsTests"/> checks.
/// </summary>
public sealed class PositionalEmbeddingsTests
{
    private const double Rounding = 1e-5, Printed = 0.0002;

    private static readonly NotebookFile _lesson = Repository.Lesson(2);
    private static readonly NotebookFile _solution = Repository.Solution(2);

    static PositionalEmbeddingsTests() => TorchRuntime.Load();

    [Fact]
    public void A_dot_product_is_the_sum_of_the_products()
    {
        var numbers = Numbers(Output("var (cat, mat)"));
        Assert.Equal(numbers[..4].Sum(), numbers[4], Printed);
    }

    [Fact]
    public void A_score_is_the_dot_product_of_a_query_and_a_key_and_not_mutual()
    {
        var rows = Rows(Output("var queries"));
        var (query, key) = (rows[0], rows[1]);
        var scores = Numbers(Output("var byHand"));
        Assert.Equal(query.Zip(key, (q, k) => q * k).Sum(), scores[0], 0.001);
        Assert.Equal(scores[1], scores[0], Printed);
        Assert.True(Math.Abs(scores[2] - scores[0]) > 0.5);
        var shown = Rows(Output("var scores"));
        Assert.Equal((scores[0], scores[2]), (shown[1][5], shown[5][1]));
    }

    [Fact]
    public void Dot_products_spread_by_the_root_of_the_width()
    {
        foreach (var line in Output("string[] Spread").Split('\n')[1..].Select(Numbers))
        {
            Assert.Equal(Math.Sqrt(line[0]), line[1], 0.05 * Math.Sqrt(line[0]));
            Assert.Equal(1, line[2], 0.05);
        }
    }

    [Fact]
    public void Softmax_makes_shares_that_are_positive_add_up_to_1_and_keep_the_order()
    {
        var rows = Rows(Output("var powers"));
        var (scaled, powers, shares) = (rows[0], rows[1], rows[2]);
        Assert.All(scaled.Zip(powers), pair => Assert.Equal(Math.Exp(pair.First), pair.Second, 0.001));
        Assert.All(powers.Zip(shares), pair => Assert.Equal(pair.First / powers.Sum(), pair.Second, Printed));
        Assert.Equal(1, shares.Sum(), 0.001);
        Assert.Equal(Ranks(scaled), Ranks(shares));
        var scores = Rows(Output("var scores"))[1];
        Assert.All(scores.Zip(scaled), pair => Assert.Equal(pair.First / 2, pair.Second, Printed));

        static int[] Ranks(double[] numbers) => [.. Enumerable.Range(0, 6).OrderBy(i => numbers[i])];
    }

    [Fact]
    public void The_riddle_is_not_solved_by_a_sum_of_rows_with_or_without_positions()
    {
        var sums = Rows(Output("Show(one.sum(dim: 0)"));
        Assert.Equal([3, 0, 1, 1], sums[0]);
        Assert.Equal(sums[0], sums[1]);
        var rows = Rows(Output("var places"));
        Assert.Equal(rows[3], rows[7]);
        Assert.NotEqual(rows[0], rows[6]);
        var positions = Rows(Output("Show(posEmbed.weight)"))[..3];
        Assert.All(Enumerable.Range(0, 4),
            c => Assert.Equal(sums[0][c] + positions.Sum(row => row[c]), rows[3][c], Printed));
    }

    [Fact]
    public void Attention_solves_it_with_positions_and_not_without()
    {
        var lines = Output("double Change").Split('\n')[1..].Select(Numbers).ToArray();
        Assert.Equal(0, lines[0][^1], Rounding);
        Assert.True(lines[1][^1] > 1000 * Rounding);
    }

    [Fact]
    public void An_output_is_the_average_of_the_values_weighted_by_the_shares()
    {
        var (numbers, shares) = (Rows(Output("var collected")), Rows(Output("var powers"))[2]);
        var average = Enumerable.Range(0, 4).Select(c => shares.Zip(numbers, (share, row) => share * row[c]).Sum());
        Assert.All(average.Zip(numbers[6]), pair => Assert.Equal(pair.First, pair.Second, 0.001));
        Assert.Equal(numbers[6], numbers[7]);
        Assert.Equal(numbers[7], Rows(Output("Tensor Attention(Tensor x)"))[1]);
    }

    [Fact]
    public void The_shuffled_sentence_gives_each_word_the_same_output()
    {
        var (inOrder, shuffled) = (Lines("Tensor Attention(Tensor x)"), Lines("var shuffledOutput"));
        Assert.Equal(["on", "the", "mat", "cat", "a", "sat"], shuffled.Select(line => line.Word));
        var outputs = inOrder.ToDictionary(line => line.Word, line => line.Numbers);
        Assert.All(shuffled, line => Assert.Equal(outputs[line.Word], line.Numbers));
    }

    [Fact]
    public void Attention_without_positions_misses_the_order_but_for_stacked_causal_layers()
    {
        Assert.Equal(0, Numbers(Output("var difference"))[^1], Rounding);
        Assert.Equal(0, Numbers(Output("var toldOtherwise"))[^1], Rounding);
        Assert.True(Numbers(Repository.Output(_solution, "Tensor Twice"))[^1] > 1000 * Rounding);
    }

    [Fact]
    public void So_it_is_with_any_words_any_matrices_and_any_order()
    {
        foreach (var seed in Enumerable.Range(1, 30))
        {
            using var scope = NewDisposeScope();
            using var random = new Generator((ulong)seed);
            Tensor Any(int rows) => randn(rows, 4, generator: random);
            var (x, query, key, value) = (Any(7), Any(4) / 2, Any(4) / 2, Any(4) / 2);
            Tensor Attend(Tensor words, bool causal) => Attention(words, query, key, value, causal);

            var any = randperm(7, generator: random);
            Assert.Equal(0, Largest(Attend(x, causal: false)[any] - Attend(x[any], causal: false)), Rounding);

            // Never the order itself: the first two words change places.
            var lastStays = tensor(new long[] { 1, 0, 4, 2, 5, 3, 6 });
            var (told, toldOtherwise) = (Attend(x, causal: true), Attend(x[lastStays], causal: true));
            Assert.Equal(0, Largest((told - toldOtherwise)[-1]), Rounding);
            var twice = Attend(told, causal: true) - Attend(toldOtherwise, causal: true);
            Assert.True(Largest(twice[-1]) > 100 * Rounding, $"seed {seed}");
        }
    }

    [Fact]
    public void A_causal_layer_shares_out_only_what_came_before()
    {
        using var scope = NewDisposeScope();
        var (x, query, key) = (randn(6, 4), randn(4, 4), randn(4, 4));
        var shares = Weights(x, query, key, causal: true);
        Assert.Equal(0, Largest(shares.triu(1)));
        Assert.Equal(0, Largest(shares.sum(dim: 1) - 1), Rounding);
        Assert.Equal(1, shares[0, 0].item<float>());
        Assert.EndsWith("from 0 to 1", Output("Tensor CausalWeights"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_two_tables_of_GPT_2_have_their_own_numbers_of_rows() => Assert.Equal(
        "words: 50,257 rows, 38,597,376 numbers\npositions: 1,024 rows, 786,432 numbers",
        Output("var (gpt2Words"));

    [Theory]
    [InlineData("new long[] { 6 }", "index out of range in self\n")]
    [InlineData(
        "var tooNarrow",
        "The size of tensor a (4) must match the size of tensor b (3) at non-singleton dimension 1\n")]
    public void What_a_positional_table_gives_is_shown(string code, string output) =>
        Assert.Equal(output, Output(code));

    [Fact]
    public void A_positional_table_of_width_1_adds_one_number_four_times()
    {
        var rows = Rows(Output("var widthOne"));
        Assert.All(rows, row => Assert.Single(row.Distinct()));
        Assert.Equal(6, rows.Select(row => row[0]).Distinct().Count());
    }

    [Fact]
    public void The_drawings_show_what_the_cells_print()
    {
        var (softmax, values) = (Rows(Output("var powers")), Rows(Output("var collected")));
        var (scaled, shares, output) = (softmax[0], softmax[2], values[6]);
        Assert.Equal(
            [.. Enumerable.Range(0, 6).SelectMany(t => (double[])[scaled[t], shares[t], .. values[t]]), .. output],
            Repository.DrawnNumbers("attention.svg"));
        Assert.Equal(
            [.. shares, .. output, .. new[] { 3, 0, 5, 1, 4, 2 }.Select(id => shares[id]), .. output],
            Repository.DrawnNumbers("same-sum.svg"));
        var (words, positions) = (Rows(Output("var x = Lookup")), Rows(Output("Show(posEmbed.weight)")));
        Assert.Equal(
            words.Zip(positions).SelectMany(pair => pair.First.Concat(pair.Second)),
            Repository.DrawnNumbers("two-tables.svg"));
        var told = "the cat sat on a mat".Split(' ').Zip(shares, (word, share) => Invariant($"{word} {share:F4}"));
        Assert.Contains(_lesson.Cells, cell => cell.Source.Contains(string.Join(", ", told), StringComparison.Ordinal));
    }

    [Fact]
    public void With_one_causal_layer_only_the_last_position_keeps_its_output()
    {
        var changes = Repository.Output(_solution, "var reordered").Split('\n')[1..]
            .Select(line => Numbers(line)[^1]).ToArray();
        Assert.All(changes[..5], change => Assert.True(change > 0.01));
        Assert.Equal(0, changes[5], Rounding);
    }

    [Fact]
    public void Places_with_the_same_row_are_one_place_to_attention()
    {
        var changes = Rows(Repository.Output(_solution, "var changes"));
        Assert.Equal([6, 6, 6, 6, 6, 6], changes.Select(row => row.Length));
        Assert.All(Places(), pair =>
        {
            if (pair.AreAlike) Assert.Equal(0, changes[pair.I][pair.J]);
            else Assert.True(changes[pair.I][pair.J] > 0.1, $"{pair}");
        });
    }

    [Fact]
    public void So_it_is_with_any_two_rows_and_any_words()
    {
        foreach (var seed in Enumerable.Range(1, 10))
        {
            using var scope = NewDisposeScope();
            using var random = new Generator((ulong)seed);
            Tensor Any(int rows) => randn(rows, 4, generator: random);
            var (x, two, query, key, value) = (Any(6), Any(2), Any(4) / 2, Any(4) / 2, Any(4) / 2);
            var positions = cat([two, two, two], 0);
            Tensor Attend(Tensor words) => Attention(words + positions, query, key, value, causal: false);
            Assert.All(Places().Where(pair => pair.I != pair.J), pair =>
            {
                long[] order = [.. Enumerable.Range(0, 6).Select(t => t == pair.I ? pair.J : t == pair.J ? pair.I : t)];
                var change = Largest(Attend(x[tensor(order)]) - Attend(x)[tensor(order)]);
                if (pair.AreAlike) Assert.Equal(0, change, Rounding);
                else Assert.True(change > 100 * Rounding, $"seed {seed}, {pair}: {change}");
            });
        }
    }

    private static IEnumerable<(int I, int J, bool AreAlike)> Places() =>
        from i in Enumerable.Range(0, 6) from j in Enumerable.Range(0, 6) select (i, j, i % 2 == j % 2);

    private static string Output(string code) => Repository.Output(_lesson, code);

    private static double[][] Rows(string output) =>
        [.. output.Split('\n').Select(Numbers).Where(row => row.Length > 1)];

    private static (string Word, double[] Numbers)[] Lines(string code) =>
        [.. Output(code).Split('\n').Select(line => (line[(line.LastIndexOf(' ') + 1)..], Numbers(line)))];

    private static Tensor Weights(Tensor x, Tensor query, Tensor key, bool causal)
    {
        var scores = x.mm(query).mm(x.mm(key).T) / Math.Sqrt(x.shape[1]);
        var future = ones_like(scores).triu(1).to(@bool);
        return (causal ? scores.masked_fill(future, float.NegativeInfinity) : scores).softmax(-1);
    }

    private static Tensor Attention(Tensor x, Tensor query, Tensor key, Tensor value, bool causal) =>
        Weights(x, query, key, causal).mm(x.mm(value));

    private static double Largest(Tensor difference) => difference.abs().max().item<float>();
}
