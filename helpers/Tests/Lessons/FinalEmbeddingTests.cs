using GptEmbeddings.NotebookRunner.Notebook;
using Xunit;
using static GptEmbeddings.Tests.PrintedNumbers;

namespace GptEmbeddings.Tests;

/// <summary>What notebook 3 and its solutions say of the sum of word and position.</summary>
public sealed class FinalEmbeddingTests
{
    private static readonly NotebookFile _lesson = Repository.Lesson(3);
    private static readonly NotebookFile _solution = Repository.Solution(3);

    [Fact]
    public void The_same_word_at_two_places_differs_by_its_positions()
    {
        var differences = Output("x[4] - x[0]").Split('\n')
            .Where(line => line.StartsWith("tensor", StringComparison.Ordinal)).Select(Numbers).ToArray();
        Assert.Equal([0, 0, 0, 0], differences[0]);
        Assert.Equal(differences[2], differences[1]);
        Assert.DoesNotContain(0, differences[1]);
    }

    [Fact]
    public void A_batch_has_one_vector_for_each_token_of_each_text()
    {
        Assert.Equal(
            ["torch.Size([2, 3, 4])", "torch.Size([3, 4])", "torch.Size([2, 3, 4])"],
            Output("var batchEmbed").Split('\n')
                .Where(line => line.StartsWith("torch.Size", StringComparison.Ordinal)));
        Assert.Equal("both sentences got the same positions: True", Output("var gained"));
    }

    [Fact]
    public void With_positions_added_attention_sees_the_order()
    {
        var changes = Numbers(Output("float Difference"));
        Assert.Equal(0, changes[0]);
        Assert.True(changes[1] > 0.1, $"changed by {changes[1]}");
    }

    [Fact]
    public void A_text_that_is_too_long_is_refused_in_words() =>
        Assert.Equal("The text has 9 tokens and the model reads at most 8: cut it.\n", Output("torch.zeros(1, 9"));

    [Fact]
    public void Dropout_sets_numbers_to_0_or_divides_them_by_nine_tenths()
    {
        var sums = Rows(Output("var sentenceEmbed"));
        var dropped = Rows(Output("var dropped"))[..sums.Length];
        Assert.All(sums.Zip(dropped), pair =>
            Assert.True(pair.Second == 0 || Math.Abs(pair.Second - pair.First / 0.9) < 2e-4, $"{pair}"));
        Assert.Contains(0, dropped);
    }

    [Fact]
    public void A_layer_norm_gives_every_token_mean_0_and_deviation_1() =>
        Assert.All(Rows(Output("var dropped"))[24..].Chunk(4), row =>
    {
        Assert.Equal(0, row.Average(), 1e-4);
        Assert.Equal(1, Math.Sqrt(row.Average(x => x * x)), 1e-3);
    });

    [Fact]
    public void A_row_is_static_and_what_leaves_a_block_is_not()
    {
        var (before, after) = (Rows(Output("Tensor HalfBlock"))[..4], Rows(Output("Tensor HalfBlock"))[4..]);
        Assert.All(before, difference => Assert.Equal(0, difference));
        Assert.Contains(after, difference => Math.Abs(difference) > 0.1);
    }

    [Fact]
    public void GPT2_starts_with_words_twice_as_loud_as_positions() => Assert.Equal(
        "a word vector has length 0.554, a position vector 0.277, ratio 2.00",
            Repository.Output(_solution, "var gpt = new GptEmbedding"));

    [Fact]
    public void Every_word_and_every_position_comes_back_at_width_768_and_few_at_width_4()
    {
        var lines = Output("string[] ComeBack").Split('\n')[1..].Select(Numbers).ToArray();
        Assert.True(lines[0][1] < 20, $"of 200 words at width 4: {lines[0][1]}");
        Assert.Equal([768, 200, 200], lines[1]);
    }

    [Fact]
    public void A_part_of_a_text_keeps_its_vectors_only_with_its_places() => Assert.Equal(
        "by itself the same: False, with arange(1, 3): True", Repository.Output(_solution, "var alone"));

    private static string Output(string code) => Repository.Output(_lesson, code);

    private static double[] Rows(string text) =>
        [.. text.Split('\n').Where(line => line.Contains('[')).SelectMany(line => Numbers(line.Split("],")[0]))];
}
