using GptEmbeddings.NotebookRunner.Notebook;
using Xunit;
using static GptEmbeddings.Tests.PrintedNumbers;
using static TorchSharp.torch;

namespace GptEmbeddings.Tests;

/// <summary>
/// What notebook 1, its drawings and its solutions say is so. That their cells
/// still show it, <see cref="SavedOutputsTests"/> checks.
/// </summary>
public sealed class WordEmbeddingsTests
{
    private static readonly NotebookFile _lesson = Repository.Lesson(1);
    private static readonly NotebookFile _solution = Repository.Solution(1);

    private static readonly double[][] _table = Rows("Show(wordEmbed.weight)");

    static WordEmbeddingsTests() => TorchRuntime.Load();

    [Fact]
    public void The_words_that_a_reader_is_asked_about_lie_in_one_direction_opposite_and_at_a_right_angle() =>
        Assert.Equal(
            "the, a: distance 2.50, cosine 1.00\nthe, sat: distance 10.00, cosine -1.00\n"
            + "the, cat: distance 7.07, cosine 0.00", Output("string Measure("));

    [Fact]
    public void A_lookup_returns_the_rows_of_its_ids_in_their_order() =>
        Assert.Equal([_table[5], _table[0], _table[5]], Rows("var picked = wordEmbed.call(ids)"));

    [Fact]
    public void A_lookup_equals_the_one_hot_product_exactly() =>
        Assert.Equal("every number equal: True, largest difference: 0", Output("oneHot.mm"));

    [Fact]
    public void The_one_hot_product_multiplies_every_number_of_the_table()
    {
        Assert.Equal("768 numbers copied, or 38,597,376 numbers multiplied", Output("var (gpt2Words, gpt2Width)"));
        Assert.Contains(_lesson.Cells, cell => cell.Source.Contains("38.6 million", StringComparison.Ordinal));
    }

    [Fact]
    public void One_hot_vectors_are_all_the_root_of_2_apart_and_embeddings_are_not()
    {
        var oneHot = Rows("torch.cdist(oneHots, oneHots)");
        Assert.All(
            oneHot.SelectMany((row, i) => row.Where((_, j) => i != j)),
            distance => Assert.Equal(Math.Sqrt(2), distance, 0.0001));
        var embeddings = Rows("torch.cdist(table, table)");
        for (var (i, j) = (0, 0); i < 6; (i, j) = j < 5 ? (i, j + 1) : (i + 1, 0))
            Assert.Equal(Distance(_table[i], _table[j]), embeddings[i][j], 0.0002);
        Assert.Equal(15, embeddings.SelectMany((row, i) => row.Skip(i + 1)).Distinct().Count());
    }

    [Fact]
    public void A_fresh_table_is_drawn_from_the_standard_normal_distribution()
    {
        Assert.Equal("mean 0.00, standard deviation 1.00, 68 % of them between -1 and 1", Output("var (mean, std)"));
        var spread = Numbers(Repository.Output(_solution, "nn.init.normal_"));
        Assert.Equal(1, spread[0], 0.01);
        Assert.Equal(0.02, spread[1], 0.001);

        using var scope = NewDisposeScope();
        var middles = linspace(-3.875, 3.875, 32);
        var drawn = histc(nn.Embedding(10_000, 64).weight!.detach(), 32, -4, 4) / 640_000 / 0.25;
        var bell = (-middles.pow(2) / 2).exp() / Math.Sqrt(2 * Math.PI);
        Assert.InRange((drawn - bell).abs().max().item<float>(), 0, 0.01);
    }

    [Fact]
    public void The_gradient_of_a_squared_distance_is_zero_but_for_two_rows_and_opposite_for_these()
    {
        var gradient = Rows("Show(drawn.weight.grad");
        for (var row = 0; row < 6; row++)
            Assert.Equal(row is 0 or 4, gradient[row].All(x => x != 0));
        Assert.Equal(gradient[0], gradient[4].Select(x => -x));
    }

    [Fact]
    public void One_step_moves_just_the_rows_that_were_looked_up_each_by_a_tenth_of_the_way_to_the_other()
    {
        var (gradient, moved) = (Rows("Show(drawn.weight.grad"), Rows("learningRate: 0.05"));
        for (var row = 0; row < 6; row++)
            Assert.All(moved[row].Zip(gradient[row]), pair => Assert.Equal(-0.05 * pair.Second, pair.First, 0.0001));
        // The gradient is twice the difference of the two rows.
        Assert.All(moved[0].Zip(gradient[4]), pair => Assert.Equal(0.1 * pair.Second / 2, pair.First, 0.0001));
    }

    [Theory]
    [InlineData(false, 2)]
    [InlineData(true, 6)]
    public void A_table_that_also_scores_the_next_word_moves_whole(bool isTied, int moving)
    {
        using var scope = NewDisposeScope();
        var (table, output) = (nn.Embedding(6, 4), randn(6, 4));
        var scores = nn.functional.linear(table.call(tensor(new long[] { 1, 3 })), isTied ? table.weight! : output);
        nn.functional.cross_entropy(scores, tensor(new long[] { 3, 4 })).backward();
        Assert.Equal(moving, table.weight!.grad!.abs().sum(dim: 1).gt(0).sum().item<long>());
    }

    [Fact]
    public void Pulling_two_rows_together_takes_a_fifth_off_their_distance_at_each_step()
    {
        var apart = Output("var steps = new List<Tensor>").Split('\n').Select(Numbers).ToArray();
        Assert.Equal(apart[0][0] * Math.Pow(0.8, 20), apart[0][1], 0.006);
        Assert.NotEqual(apart[1][0], apart[1][1]);
        Assert.Equal(apart[2][0], apart[2][1]);
    }

    [Fact]
    public void Rows_that_take_no_part_keep_their_distance_and_the_others_change_theirs()
    {
        using var scope = NewDisposeScope();
        var table = nn.Embedding(6, 4);
        var before = cdist(table.weight!, table.weight!).detach();
        var pair = table.call(tensor(new long[] { 0, 4 }));
        (pair[0] - pair[1]).pow(2).sum().backward();
        optim.SGD(table.parameters(), 0.05).step();
        var change = (cdist(table.weight!, table.weight!) - before).abs();
        Assert.Equal(0, change[1, 5].item<float>());
        Assert.Equal(0.2 * before[0, 4].item<float>(), change[0, 4].item<float>(), 0.00001);
        Assert.True(change[0, 1].item<float>() > 0.0001);
    }

    [Fact]
    public void An_id_outside_the_vocabulary_is_an_error() =>
        Assert.Equal("index out of range in self\n", Output("new long[] { 6 }"));

    [Theory]
    [InlineData("lookup.svg", new[] { 0, 1, 2, 3, 4, 5, 5, 0, 5 })]
    [InlineData("one-hot-row.svg", new[] { 0, 1, 2, 3, 4, 5, 5, 5 })]
    public void The_drawings_show_the_rows_of_the_table(string drawing, int[] rows) =>
        Assert.Equal(rows.SelectMany(row => _table[row]), Repository.DrawnNumbers(drawing));

    [Fact]
    public void Looking_a_row_up_twice_doubles_its_gradient() =>
        Assert.Equal("the second is twice the first: True", Repository.Output(_solution, "var (once, twice)"));

    [Fact]
    public void Adam_moves_a_row_again_that_was_looked_up_before_and_SGD_does_not()
    {
        foreach (var (code, movesAgain) in new[] { ("\"Adam, step 1", true), ("\"SGD, step 1", false) })
        {
            var moved = Repository.Output(_solution, code).Split('\n')
                .Where(line => line.Contains("# ", StringComparison.Ordinal))
                .Select(line => Numbers(line).Any(x => x != 0)).ToArray();
            Assert.Equal([false, true, false, false, false, true], moved[..6]);
            Assert.Equal([true, movesAgain, false, false, true, movesAgain], moved[6..]);
        }
    }

    [Fact]
    public void AdamW_shrinks_rows_that_nobody_looked_up()
    {
        var numbers = Repository.Output(_solution, "torch.optim.AdamW").Split('\n')
            .SelectMany(line => Numbers(line)).ToArray();
        Assert.Equal(24, numbers.Length);
        Assert.All(numbers, number => Assert.Equal(Math.Pow(0.99, 3), number, 0.00011));
    }

    private static string Output(string code) => Repository.Output(_lesson, code);

    private static double[][] Rows(string code) =>
        [.. Output(code).Split('\n').Select(Numbers).Where(row => row.Length > 1)];

    private static double Distance(double[] first, double[] second) =>
        Math.Sqrt(first.Zip(second, (a, b) => (a - b) * (a - b)).Sum());
}
