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
        var spread = Numbers(Output("nn.init.normal_"));
        Assert.Equal(1, spread[0], 0.01);
        Assert.Equal(0.02, spread[1], 0.001);

        using var scope = NewDisposeScope();
        var middles = linspace(-3.875, 3.875, 32);
        var drawn = histc(nn.Embedding(10_000, 64).weight!.detach(), 32, -4, 4) / 640_000 / 0.25;
        var bell = (-middles.pow(2) / 2).exp() / Math.Sqrt(2 * Math.PI);
        Assert.InRange((drawn - bell).abs().max().item<float>(), 0, 0.01);
    }

    [Fact]
    public void The_gradient_of_a_square_is_twice_the_number_and_only_for_rows_that_were_looked_up()
    {
        var gradient = Rows("error.backward();");
        for (var row = 0; row < 6; row++)
            Assert.All(
                gradient[row].Zip(_table[row]),
                pair => Assert.Equal(row is 1 or 3 ? 2 * pair.Second : 0, pair.First, 0.00011));
    }

    [Fact]
    public void One_step_moves_just_the_rows_that_were_looked_up_by_a_tenth_of_the_gradient()
    {
        var (gradient, moved) = (Rows("error.backward();"), Rows("learningRate: 0.1"));
        for (var row = 0; row < 6; row++)
            Assert.All(moved[row].Zip(gradient[row]), pair => Assert.Equal(-0.1 * pair.Second, pair.First, 0.0001));
        Assert.Equal([1, 3], Enumerable.Range(0, 6).Where(row => moved[row].Any(x => x != 0)));
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
        var range = Numbers(Output("var (theA, theCat, catMat)"))[^2..];
        Assert.Equal(Distance(_table[0], _table[4]), range[1], 0.0002);
        Assert.Equal(range[1] * Math.Pow(0.8, 20), range[0], 0.0002);
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
            Assert.Equal([false, true, false, false, false, false], moved[..6]);
            Assert.Equal([false, movesAgain, false, true, false, false], moved[6..]);
        }
    }

    private static string Output(string code) => Repository.Output(_lesson, code);

    private static double[][] Rows(string code) =>
        [.. Output(code).Split('\n').Select(Numbers).Where(row => row.Length > 1)];

    private static double Distance(double[] first, double[] second) =>
        Math.Sqrt(first.Zip(second, (a, b) => (a - b) * (a - b)).Sum());
}
