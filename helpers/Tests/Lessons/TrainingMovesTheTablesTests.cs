using GptEmbeddings.NotebookRunner.Notebook;
using Xunit;
using static GptEmbeddings.Tests.PrintedNumbers;

namespace GptEmbeddings.Tests;

/// <summary>What notebook 5 says, in the outputs that are saved. That other seeds agree, <see cref="TrainingTests"/>
/// checks.</summary>
public sealed class TrainingMovesTheTablesTests
{
    private static readonly NotebookFile _lesson = Repository.Lesson(5);
    private static readonly NotebookFile _solution =
        Repository.Solutions.Single(solution => solution.Name == _lesson.Name);

    [Fact]
    public void The_entropy_is_known_exactly_and_lies_far_below_that_of_33_equal_words()
    {
        Assert.Equal([Math.Log(33), Math.Log(8), ToyLanguage.Entropy(16)],
            Output("var entropy").Split('\n')[1..].Select(line => Numbers(line)[^1]),
            (a, b) => Math.Abs(a - b) < 0.006);
        Assert.Equal(1.35, ToyLanguage.Entropy(16), 0.005);
    }

    [Fact]
    public void A_tied_head_gives_every_row_a_gradient_and_the_input_alone_only_its_own()
    {
        var rows = Output("int RowsWithGradient").Split('\n')[1..].Select(line => Numbers(line)[0]).ToArray();
        Assert.InRange(rows[0], 8, 16);
        Assert.Equal([rows[0], 33], rows[1..]);
    }

    [Fact]
    public void A_tied_table_that_starts_large_starts_far_above_no_idea()
    {
        var losses = Numbers(Output("double Untrained"));
        Assert.Equal((0.02, 3.5, 1), (losses[0], losses[1], losses[2]));
        Assert.True(losses[3] > 10, $"{losses[3]} nats");
    }

    [Fact]
    public void Without_order_half_the_answers_are_right_and_the_loss_is_ln_2() =>
        Assert.Equal("best possible without order: 50 % right, loss 0.693",
            Repository.Output(_solution, "var bags"));

    [Fact]
    public void Five_seeds_with_and_without_positions_are_quoted_as_they_came_out()
    {
        var seeds = FiveSeeds("seed  loss with", "\"loss with\"");
        Assert.Equal([1, 2, 3, 4, 5], seeds.Select(seed => seed[0]));
        Quoted(FormattableString.Invariant($"a plateau at {seeds.Max(seed => seed[1]):F2}"));
        Quoted($"{Range(seeds, 2)} without positions");
        Quoted($"Blanked, the five are at {Range(seeds, 3)}");
        Quoted($"between {Range(seeds, 5, "and")} with seeds 1 to 5");
        Quoted($"{Range(seeds, 7)} with the seeds 1 to 5");
        Assert.True(seeds.Count(seed => seed[1] < ToyLanguage.Entropy(16) + 0.04) >= 4);
        Assert.All(seeds, seed =>
        {
            Assert.InRange(seed[2], 1.33, ToyLanguage.Entropy(16) + 0.04);
            Assert.InRange(seed[4], 4, 10);
            Assert.InRange(seed[5], 0.3, 0.6);
            Assert.True(seed[6] > seed[7], $"words of a class {seed[6]}, the and a {seed[7]}");
        });
    }

    [Fact]
    public void A_word_that_never_occurs_moves_and_becomes_unlikely() => Assert.All(
        FiveSeeds("unicorn's probability\n", "string[] Unicorn"),
        seed => Assert.True(seed[1] > 0.1 && seed[3] < 0.002, $"moved {seed[1]}, probability {seed[3]}"));

    [Fact]
    public void Neighboring_positions_are_alike_also_where_every_position_sees_the_same_mix_of_words()
    {
        var differs = Repository.Output(_solution, "double Differ").Split('\n')[1..].Select(Numbers).ToArray();
        Assert.All(differs[0], lesson => Assert.True(lesson > 0.2, $"{lesson}"));
        Assert.All(differs[1], cut => Assert.True(cut < 0.1, $"{cut}"));
        Assert.All(FiveSeeds("seed, cut texts  1 apart", "string[] Near"), seed => Assert.True(
            seed[1] > 0.6 && seed[1] > seed[2] && seed[2] > seed[3] && seed[3] > seed[4], string.Join(" ", seed)));
    }

    [Fact]
    public void Positions_or_a_second_block_answer_all_questions_and_without_both_half() => Assert.Equal(
        [56, 56, 56, 56, 56, 28, 28, 28, 28, 28, 56, 56, 56, 56, 56],
        FiveSeeds("right of 56               seed 1", "string[] Results").SelectMany(right => right));

    [Fact]
    public void Freezing_a_tied_table_costs_more_than_freezing_the_input_alone()
    {
        // Loss and gain by turns.
        var losses = FiveSeeds("loss (gain)                      seed 1     seed 2", "string[] Losses");
        Assert.All(Enumerable.Range(0, 5).Select(seed => 2 * seed), loss =>
        {
            Assert.True(losses[0][loss] > losses[2][loss] + 0.3 && losses[0][loss] > losses[3][loss] + 0.3,
                $"tied {losses[0][loss]}, input alone {losses[2][loss]}, ten times as long {losses[3][loss]}");
            Assert.True(losses[0][loss + 1] > 1.5 * losses[2][loss + 1]);
        });
    }

    // What the solution quotes of five seeds; its own run of the first stands above it.
    private static double[][] FiveSeeds(string quoted, string run)
    {
        var five = Lines(quoted);
        Assert.All(Lines(run).Zip(five, (made, told) => (Figures(made), Figures(told))), lines =>
            Assert.Equal(lines.Item2[..lines.Item1.Length], lines.Item1, Near));
        return [.. five.Select(Numbers)];

        static string[] Lines(string code) => Repository.Output(_solution, code).Trim().Split('\n')[1..];
    }

    /// <summary>Whether a figure of a training is the quoted one: within one unit of its last digit and 4 %.</summary>
    internal static bool Near(decimal quoted, decimal made) =>
        Math.Abs(quoted - made) <= new decimal(1, 0, 0, false, quoted.Scale) + (0.04m * Math.Abs(quoted));

    private static string Output(string code) => Repository.Output(_lesson, code);

    private static void Quoted(string row) =>
        Assert.Contains(_lesson.Cells, cell => cell.Source.Contains(row, StringComparison.Ordinal));

    private static string Range(double[][] seeds, int column, string to = "to") => FormattableString.Invariant(
        $"{seeds.Min(seed => seed[column]):F2} {to} {seeds.Max(seed => seed[column]):F2}");
}
