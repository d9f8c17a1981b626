using System.Globalization;
using System.Text.RegularExpressions;
using Xunit;

namespace GptEmbeddings.Tests;

/// <summary>What the prose of the notebooks says is what their cells show. That the cells still show it, <see cref="TutorialTests"/> checks.</summary>
public sealed partial class LessonTests
{
    private const double Rounding = 1e-5;

    [Theory]
    [InlineData(3, "torch.zeros(1, 9", "The text has 9 tokens and the model reads at most 8: cut it.\n")]
    public void What_goes_wrong_is_shown_with_its_message(int lesson, string code, string message) =>
        Assert.Equal(message, Repository.Output(Repository.Lesson(lesson), code));

    [Fact]
    public void With_positions_added_attention_sees_the_order()
    {
        var changes = Numbers(Repository.Output(Repository.Lesson(3), "float Difference"));
        Assert.Equal(0, changes[0], Rounding);
        Assert.True(changes[1] > 0.1, $"changed by {changes[1]}");
    }

    [Theory]
    [InlineData("the", 4, 0)]
    public void The_same_word_at_two_places_gets_two_vectors(string word, int later, int earlier)
    {
        var rows = Repository.Output(Repository.Lesson(3), "var sentenceEmbed").Split('\n');
        Assert.EndsWith($"# {word}", rows[later], StringComparison.Ordinal);
        Assert.EndsWith($"# {word}", rows[earlier], StringComparison.Ordinal);
        Assert.NotEqual(Numbers(rows[later]), Numbers(rows[earlier]));
    }

    [Fact]
    public void A_batch_has_one_vector_for_each_token_of_each_text() => Assert.Equal(
        ["torch.Size([2, 3, 4])", "torch.Size([3, 4])", "torch.Size([2, 3, 4])"],
        Repository.Output(Repository.Lesson(3), "var batchEmbed").Split('\n').Where(line => line.StartsWith("torch.Size", StringComparison.Ordinal)));

    // For normal vectors of width C the mean size of the cosine is Γ(C/2) / (√π Γ((C+1)/2)): 0.424 at 4 and 0.029 at 768.
    [Fact]
    public void Random_directions_overlap_at_width_4_and_hardly_at_768()
    {
        var numbers = Numbers(Repository.Output(Repository.Lesson(3), "double TypicalCosine"));
        Assert.Equal((0.424, 4, 0.029, 768), (Near(numbers[0], 0.424), numbers[1], Near(numbers[2], 0.029), numbers[3]));

        static double Near(double value, double expected) => Math.Abs(value - expected) < 0.03 ? expected : value;
    }

    // Totals as released: 124M, 355M, 774M, 1558M (openai/gpt-2) and 175 billion (arXiv 2005.14165, table 2.1).
    [Theory]
    [InlineData("GPT-2 small", 124, 1e6)]
    [InlineData("GPT-2 medium", 355, 1e6)]
    [InlineData("GPT-2 large", 774, 1e6)]
    [InlineData("GPT-2 XL", 1558, 1e6)]
    [InlineData("GPT-3", 175, 1e9)]
    public void The_sizes_add_up_to_the_published_totals(string model, double published, double unit)
    {
        var row = Repository.Output(Repository.Lesson(3), "string Row(Model m)").Split('\n').Single(row => row.StartsWith(model + " ", StringComparison.Ordinal));
        var numbers = Numbers(row[model.Length..]);
        var (vocabulary, context, width, words, positions, total) = (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]);
        Assert.Equal(published, Math.Round(total / unit));
        Assert.Equal((vocabulary * width, context * width), (words, positions));
        Assert.Equal(100 * words / total, numbers[6], 0.05);
    }

    [Fact]
    public void The_ids_of_cl100k_base_need_100277_rows() =>
        Assert.EndsWith("100,277 rows", Repository.Output(Repository.Lesson(4), "var vocabSize"), StringComparison.Ordinal);

    [Theory]
    [InlineData("KeyNotFoundException", "The given key 'sofa' was not present in the dictionary.\n")]
    [InlineData("var gpt2Words", "largest id 85,342: index out of range in self\n")]
    [InlineData("var novel =", "1,201 tokens: index out of range in self\n")]
    public void What_goes_wrong_with_text_is_shown_with_its_message(string code, string message) =>
        Assert.Equal(message, Repository.Output(Repository.Lesson(4), code));

    [Fact]
    public void Tokens_give_back_their_text() =>
        Assert.EndsWith("decoding gives back the text: True", Repository.Output(Repository.Lesson(4), "var ids = tokenizer"), StringComparison.Ordinal);

    [Fact]
    public void A_target_is_the_input_one_token_later()
    {
        var lines = Repository.Output(Repository.Lesson(4), "long[] Window(int start)").Split('\n').Select(line => line[8..].Split('|')).ToArray();
        Assert.Equal(lines[0][1..], lines[1][..^1]);
    }

    [Fact]
    public void A_lookup_is_far_faster_than_the_one_hot_product() =>
        Assert.True(Numbers(Repository.Output(Repository.Lesson(4), "TimeSpan Time"))[0] > 100);

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
