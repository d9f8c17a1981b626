using System.Globalization;
using System.Text.RegularExpressions;
using Xunit;

namespace GptEmbeddings.Tests;

/// <summary>What the prose of the notebooks says is what their cells show. That the cells still show it, <see cref="TutorialTests"/> checks.</summary>
public sealed partial class LessonTests
{
    private const double Rounding = 1e-5;

    [Fact]
    public void A_lookup_equals_the_one_hot_product_exactly() =>
        Assert.Equal("every number equal: True, largest difference: 0", Repository.Output(Repository.Lesson(1), "oneHot.matmul"));

    [Fact]
    public void One_step_moves_just_the_rows_that_were_looked_up()
    {
        var moved = Repository.Output(Repository.Lesson(1), "torch.optim.SGD").Split('\n').Select(row => Numbers(row).Any(x => x != 0));
        Assert.Equal([false, true, false, true, false, false], moved);
    }

    [Fact]
    public void A_fresh_table_is_drawn_from_the_standard_normal_distribution()
    {
        var numbers = Numbers(Repository.Output(Repository.Lesson(1), "nn.Embedding(10_000, 64).weight"));
        Assert.Equal(0, numbers[0], 0.01);
        Assert.Equal(1, numbers[1], 0.01);
    }

    [Theory]
    [InlineData(1, "new long[] { 6 }", "index out of range in self\n")]
    [InlineData(2, "new long[] { 8 }", "index out of range in self\n")]
    [InlineData(2, "var tooNarrow", "The size of tensor a (4) must match the size of tensor b (3) at non-singleton dimension 1\n")]
    public void What_goes_wrong_is_shown_with_its_message(int lesson, string code, string message) =>
        Assert.Equal(message, Repository.Output(Repository.Lesson(lesson), code));

    [Theory]
    [InlineData(2, "var difference", true)]
    [InlineData(2, "var one =", true)]
    [InlineData(2, "var twice =", false)]
    public void Attention_without_positions_misses_the_order_but_for_stacked_causal_layers(int lesson, string code, bool misses)
    {
        var change = Numbers(Repository.Output(Repository.Lesson(lesson), code))[^1];
        if (misses) Assert.Equal(0, change, Rounding);
        else Assert.True(change > 1000 * Rounding, $"changed by {change}");
    }

    [Fact]
    public void A_positional_table_of_width_1_adds_one_number_four_times() =>
        Assert.All(
            Repository.Output(Repository.Lesson(2), "var widthOne").Split('\n'),
            row => Assert.Single(Numbers(row).Distinct()));

    [Fact]
    public void A_gradient_at_one_position_reaches_one_row_of_a_learned_table() =>
        Assert.Equal("rows with a gradient: 3 of 16; numbers to learn: 512", Repository.Output(Repository.Lesson(6), "var rows = learnedTable"));

    [Fact]
    public void A_row_of_sinusoids_moves_on_by_a_fixed_matrix() =>
        Assert.Equal(0, Numbers(Repository.Output(Repository.Lesson(6), "Tensor Shift"))[^1], 1e-4);

    [Fact]
    public void A_rotary_score_depends_on_the_offset_only() =>
        Assert.All(
            Repository.Output(Repository.Lesson(6), "string Spread").Split('\n').Select(Numbers),
            line => Assert.Equal(line[1], line[2], 0.0015));

    [Fact]
    public void ALiBi_is_linear_in_the_distance()
    {
        var steps = Repository.Output(Repository.Lesson(6), "var steps").Split('\n').Select(Numbers).ToArray();
        Assert.Equal([0.5, 0.25, 0.125, 0.0625, 0.0312, 0.0156, 0.0078, 0.0039], steps[0]);
        Assert.Equal(steps[0], steps[1]);
    }

    internal static double[] Numbers(string text) =>
        [.. Number().Matches(text).Select(match => double.Parse(match.Value, NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture))];

    [GeneratedRegex(@"(?<![\w.])-?\d[\d,]*(\.\d+)?(e[+-]\d+)?(?![\w])")]
    private static partial Regex Number();
}
