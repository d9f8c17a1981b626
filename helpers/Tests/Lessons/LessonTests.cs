using System.Globalization;
using System.Text.RegularExpressions;
using Xunit;

namespace GptEmbeddings.Tests;

/// <summary>
/// What the prose of the notebooks says is what their cells show. That the cells still show it,
/// <see cref="TutorialTests"/> checks.
/// </summary>
public sealed partial class LessonTests
{
    [Fact]
    public void A_gradient_at_one_position_reaches_one_row_of_a_learned_table() =>
        Assert.Equal(
            "rows with a gradient: 3 of 16; numbers to learn: 512",
            Repository.Output(Repository.Lesson(6), "var rows = learnedTable"));

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
        [
            .. Number().Matches(text).Select(match => double.Parse(
                match.Value, NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture)),
        ];

    [GeneratedRegex(@"(?<![\w.])-?\d[\d,]*(\.\d+)?(e[+-]\d+)?(?![\w])")]
    private static partial Regex Number();
}
