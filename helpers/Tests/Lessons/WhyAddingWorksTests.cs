using System.Globalization;
using GptEmbeddings.NotebookRunner.Notebook;
using TorchSharp;
using Xunit;
using static GptEmbeddings.Tests.PrintedNumbers;
using static TorchSharp.torch;

namespace GptEmbeddings.Tests;

/// <summary>What notebook 9 and its solutions say of adding word and position, and that it holds for other numbers than
/// theirs.</summary>
public sealed class WhyAddingWorksTests : IDisposable
{
    private static readonly NotebookFile _lesson = Repository.Lesson(9);
    private static readonly NotebookFile _solution = Repository.Solution(9);

    private readonly DisposeScope _scope;

    public WhyAddingWorksTests()
    {
        TorchRuntime.Load();
        _scope = NewDisposeScope();
    }

    public static TheoryData<long> Seeds => [1, 2, 3, 4, 5];

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Side_by_side_is_a_sum_of_tables_with_zeros() =>
        Assert.Equal("every number equal: True", Output("var sideBySide"));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Side_by_side_then_a_matrix_is_a_sum_of_two_other_tables(long seed)
    {
        using var generator = new Generator((ulong)seed);
        var (words, positions, matrix) = (Randn(generator, 50, 16), Randn(generator, 20, 16), Randn(generator, 32, 16));
        var (ids, places) = (Draw(generator, 50, 10), Draw(generator, 20, 10));
        var projected = cat([words[ids], positions[places]], 1).mm(matrix);
        var added = words.mm(matrix[..16])[ids] + positions.mm(matrix[16..])[places];
        Assert.Equal(0, (projected - added).abs().max().item<float>(), 1e-4);
        Assert.Equal("largest difference: 0.00000", Output("var projected"));
    }

    [Fact]
    public void The_parts_of_a_block_are_12_times_the_square_of_its_width_and_13_times_it()
    {
        var counts = Output("const int C").Split('\n')[1..].Select(line => Numbers(line)[^1]).ToArray();
        Assert.Equal(counts[^1], counts[..^2].Sum());
        Assert.Equal(counts[^1], counts[^2]);
        Assert.EndsWith(" 4.0", Output("string[] Wide(long width)"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_score_of_sums_falls_into_four()
    {
        Assert.Equal("largest difference: 0.00000", Output("var together"));
        var scores = Output("float Score").Split('\n')[1..].Select(line => Numbers(line)[^1]).ToArray();
        Assert.Equal(scores[..4].Sum(), scores[4], 2.1e-4);
        Assert.Equal(scores[4], scores[5], 1e-4);
        Assert.True(Numbers(Output("var bent"))[0] > 0.1);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Word_and_position_come_back_from_their_sum_from_width_64_on(long seed)
    {
        using var generator = new Generator((ulong)seed);
        Assert.All(Recovered(4), share => Assert.InRange(share, 0, 0.3));
        Assert.All(Recovered(32), share => Assert.InRange(share, 0.85, 1));
        Assert.All((int[])[64, 128, 768], width =>
            Assert.All(Recovered(width), share => Assert.InRange(share, 0.99, 1)));
        var pairs = (Randn(generator, 1000, 4).unsqueeze(1) + Randn(generator, 100, 4)).view(-1, 4);
        Assert.Equal(100_000, unique(pairs, dim: 0).output.shape[0]);

        double[] Recovered(int width)
        {
            var (words, places) = (Randn(generator, 1000, width), Randn(generator, 100, width));
            var (ids, at) = (Draw(generator, 1000, 200), Draw(generator, 100, 200));
            var sums = words[ids] + places[at];
            return [Right(sums, words, ids), Right(sums, places, at)];
        }

        static double Right(Tensor sums, Tensor rows, Tensor wanted) =>
            cdist(sums, rows).argmin(1).eq(wanted).to(float64).mean().item<double>();
    }

    [Fact]
    public void The_lesson_reads_back_what_its_prose_says()
    {
        var lines = Output("int[] widths").Split('\n')[1..].Select(Numbers)
            .ToDictionary(line => line[0], line => line[1..]);
        Assert.All(lines[4], share => Assert.True(share < 50));
        var different = Output("string[] Different").Split('\n')[1..].Select(Numbers).ToArray();
        Assert.Equal([100_000, 100_000, 100_000], different[1][1..]);
        Assert.Equal(100_000, different[0][1]);
        Assert.InRange(different[0][2], 99_800, 99_999);
        Assert.InRange(different[0][3], 1_000, 4_000);
        var louder = Output("var louder").Split('\n')[1..].Select(Numbers).ToDictionary(line => line[0]);
        Assert.InRange(louder[64][2], 50, 90);
        Assert.InRange(louder[128][2], 95, 100);
        Assert.Equal([768, 100, 100], louder[768]);
        Assert.All(lines.Where(line => line.Key >= 64), line => Assert.Equal([100, 100], line.Value));
        Assert.Equal("words 100.0 %, positions 100.0 %", Repository.Output(_solution, "torch.randint(50_257"));
    }

    // For normal vectors of width C the mean size of the cosine is Γ(C/2) / (√π Γ((C+1)/2)):
    // 0.424 at 4 and 0.029 at 768.
    [Fact]
    public void Random_directions_overlap_at_width_4_and_hardly_at_768()
    {
        var numbers = Numbers(Output("double TypicalCosine"));
        Assert.Equal((4, 768), (numbers[1], numbers[3]));
        Assert.Equal(0.424, numbers[0], 0.03);
        Assert.Equal(0.029, numbers[2], 0.005);
    }

    [Fact]
    public void The_sum_lies_nearest_its_own_word_at_width_768_and_not_at_width_4()
    {
        var lines = Output("string Distances").Split('\n').Select(Numbers).ToArray();
        Assert.True(lines[0][1] > lines[0][2]);
        Assert.True(lines[1][1] < lines[1][2]);
        Assert.InRange(lines[1][1], Math.Sqrt(768) - 3, Math.Sqrt(768) + 3);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_tied_table_that_starts_large_makes_an_untrained_model_sure_of_the_token_just_read(long seed)
    {
        manual_seed(seed);
        var network = nn.Sequential(nn.Linear(768, 3072), nn.GELU(), nn.Linear(3072, 768));
        var (large, small) = (Start(1, 1), Start(0.02, 0.01));
        Assert.Equal(1, large.Echo);
        Assert.InRange(large.Loss, 400, 700);
        Assert.InRange(small.Loss, Math.Log(5000), Math.Log(5000) + 0.5);
        var saved = Output("Start(1, 1)").Split('\n')[^2..].Select(Numbers).ToArray();
        Assert.Equal(100, saved[0][1]);
        Assert.Equal(large.Loss, saved[0][^1], 50.0);
        Assert.Equal(small.Loss, saved[1][^1], 0.3);

        (double Echo, double Loss) Start(double words, double positions)
        {
            var (table, text) = (randn(5000, 768) * words, randint(5000, 101));
            var sums = table[text[..100]] + randn(100, 768) * positions;
            var scores = Normed(sums + network.call(Normed(sums))).mm(table.T);
            return (scores.argmax(1).eq(text[..100]).to(float64).mean().item<double>(),
                nn.functional.cross_entropy(scores, text[1..]).item<float>());
        }

        static Tensor Normed(Tensor z) => nn.functional.layer_norm(z, [768]);
    }

    [Fact]
    public void GPT3_has_a_tied_head_as_its_total_shows() => // arXiv 2005.14165, table D.1: 174,600 million
        Assert.Equal([174_604, 175_222], Numbers(Output("in millions"))[^2..]);

    // Totals as released: 124M, 355M, 774M, 1558M (openai/gpt-2) and 175 billion (arXiv 2005.14165, table 2.1).
    [Theory]
    [InlineData("GPT-2 small", 1024, 124, 1e6)]
    [InlineData("GPT-2 medium", 1024, 355, 1e6)]
    [InlineData("GPT-2 large", 1024, 774, 1e6)]
    [InlineData("GPT-2 XL", 1024, 1558, 1e6)]
    [InlineData("GPT-3", 2048, 175, 1e9)]
    public void The_sizes_add_up_to_the_published_totals(string model, int context, double published, double unit)
    {
        var row = Output("string[] Row(Model m)").Split('\n')
            .Single(row => row.StartsWith(model + " ", StringComparison.Ordinal));
        var numbers = Numbers(row[model.Length..]);
        var (width, words, positions, total) = (numbers[0], numbers[1], numbers[2], numbers[3]);
        Assert.Equal((50_257 * width, context * width), (words, positions));
        Assert.Equal(published, Math.Round(total / unit));
        Assert.Equal(100 * words / total, numbers[4], 0.005);
        Assert.Equal(context == 2048, published == Math.Round((total + words) / unit));
    }

    [Fact]
    public void A_head_of_its_own_would_add_the_word_table_once_more()
    {
        var numbers = Output("string[] Line(string what").Split('\n')[1..].Select(line => Numbers(line)[0]).ToArray();
        Assert.Equal((124_439_808, 163_037_184, 38_597_376), (numbers[0], numbers[1], numbers[2]));
        Assert.Contains($"add {numbers[2].ToString("N0", CultureInfo.InvariantCulture)} parameters",
            _lesson.Cells.Single(cell => cell.Source.StartsWith("## Self-test", StringComparison.Ordinal))
            .Source, StringComparison.Ordinal);
    }

    [Fact]
    public void A_layer_norm_divides_word_and_position_by_one_number() =>
        Assert.InRange(Numbers(Repository.Output(_solution, "Tensor Center"))[0], 0, 0.001);

    [Fact]
    public void Tables_of_half_the_width_would_save_nearly_a_sixth_of_GPT2_small()
    {
        var numbers = Numbers(Repository.Output(_solution, "Layers = 12"));
        Assert.Equal((124_439_808, 15.8), (numbers[1], numbers[2]));
    }

    private static string Output(string code) => Repository.Output(_lesson, code);

    private static Tensor Randn(Generator generator, long rows, long width) => randn(rows, width, generator: generator);

    private static Tensor Draw(Generator generator, long below, long count) =>
        randint(below, new[] { count }, generator: generator);
}
