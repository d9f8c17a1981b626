using Xunit;

namespace GptEmbeddings.Tests;

/// <summary>Every step of the PyTorch notebook that the tutorial retells is found in it, in that order, with the same
/// figures.</summary>
public sealed class OriginalTutorialTests
{
    private const string Words =
        """
        Parameter containing:
        tensor([[ 0.8803,  0.9265, -0.2485, -0.7905],
                [ 0.1671, -0.4548, -1.1456,  0.5138],
                [-0.9792,  0.3675,  0.9125, -0.9021],
                [ 1.7908,  2.7524,  0.6820, -1.3109],
                [-0.5740,  0.0056, -1.2501,  1.0403],
                [ 1.7969,  1.1708, -1.1153,  0.3860]], requires_grad=True)
        """;

    private const string Positions =
        """
        Parameter containing:
        tensor([[-0.1031, -0.9458,  1.0143,  0.8707],
                [-1.2417,  0.0516,  0.9171, -0.1363],
                [ 1.3295, -0.3977, -1.3267, -0.7087],
                [ 1.4948, -0.9895,  1.0575,  0.6096],
                [-0.3655, -0.7516,  0.5253,  0.2481],
                [-0.1067,  0.1675,  0.7256,  0.7739]], requires_grad=True)
        """;

    private const string FinalEmbedding =
        """
        tEmbed =
        tensor([[ 0.8803,  0.9265, -0.2485, -0.7905]], grad_fn=<...>)

        pEmbed =
        tensor([[-0.1031, -0.9458,  1.0143,  0.8707]], grad_fn=<...>)

        finalEmbed =
        tensor([[ 0.7772, -0.0193,  0.7658,  0.0802]], grad_fn=<...>)
        """;

    // Step, notebook, how its cell ends, what the cell shows.
    private static readonly (int Step, int Lesson, string CodeEnd, string Output)[] _steps =
    [
        (1, 1, "Tutorial.Begin();", ""),
        (2, 1, "$\"{vocabSize} words, {wordEmbeddingSize} numbers for each\"", "6 words, 4 numbers for each"),
        (4, 1, "Show(wordEmbed.weight)", Words),
        (5, 1, "Show(wordEmbed.weight.shape)", "torch.Size([6, 4])"),
        (6, 1, "Show(wordEmbed.weight[0])   // (C)", "tensor([ 0.8803,  0.9265, -0.2485, -0.7905], grad_fn=<...>)"),
        (8, 2, "Show(posEmbed.weight)", Positions),
        (9, 2, "Show(posEmbed.weight.shape)", "torch.Size([6, 4])"),
        (10, 3, "Show(tEmbed, pEmbed, finalEmbed)", FinalEmbedding),
    ];

    [Fact]
    public void Every_figure_that_the_original_printed_stands_in_the_notebooks_in_its_order()
    {
        var last = (Lesson: 0, Cell: 0);
        foreach (var step in _steps)
        {
            var cell = Repository.Lesson(step.Lesson)
                .CodeCells.Single(cell => cell.Source.EndsWith(step.CodeEnd, StringComparison.Ordinal));
            Assert.Equal(step.Output, Repository.Text(cell));
            Assert.True((step.Lesson, cell.Number!.Value)
                .CompareTo(last) > 0, $"step {step.Step} comes before the one it follows");
            last = (step.Lesson, cell.Number.Value);
        }
    }

    [Theory]
    [InlineData(1, "var wordEmbed = nn.Embedding(vocabSize, wordEmbeddingSize);")]
    [InlineData(2, "var posEmbed = nn.Embedding(vocabSize, posEmbeddingSize);")]
    public void Both_tables_are_created_with_the_sizes_of_the_original(int lesson, string code) =>
        Assert.Contains("Embedding(6, 4): 6 rows of width 4, 24 numbers",
            Repository.Output(Repository.Lesson(lesson), code), StringComparison.Ordinal);

    [Fact]
    public void Seed_123_draws_the_table_that_LLMs_from_Scratch_prints() => Assert.Equal(
        """
        Parameter containing:
        tensor([[ 0.3374, -0.1778, -0.1690],
                [ 0.9178,  1.5810,  1.3010],
                [ 1.2753, -0.2010, -0.1606],
                [-0.4015,  0.9666, -1.1481],
                [-1.1589,  0.3255, -0.6315],
                [-2.8400, -0.7849, -1.4096]], requires_grad=True)
        """,
        Repository.Output(Repository.Lesson(1), "torch.manual_seed(123);"));
}
