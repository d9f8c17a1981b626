using GptEmbeddings.NotebookRunner;
using Xunit;

namespace GptEmbeddings.Tests;

/// <summary>
/// A reader changes ids, words, widths and sizes, and sometimes to what does not fit. The cell must then fail with
/// libtorch's own words; TorchSharp lets some mistakes end the whole process.
/// </summary>
public sealed class MistakeTests : IDisposable
{
    private const string OutOfRange = "index out of range in self";

    // One line for each. A test fails that finds its code in no cell, or in several.
    private static readonly Mistake[] _mistakes =
    [
        // a word too many, one too few, another width
        new(1, "\"a\", \"mat\"];", "\"a\", \"mat\", \"hat\"];", "string[] words",
            "'table' must have 7 rows and 2 columns, and has shape (6, 2)."),
        new(1, "\"a\", \"mat\"];", "\"a\"];", "string[] words",
            "'table' must have 5 rows and 2 columns, and has shape (6, 2)."),
        new(1, "wordEmbeddingSize = 4;", "wordEmbeddingSize = 5;", "var original", Sizes(5, 4, 1)),
        // an id that the table does not have, negative, no whole number; a label more than rows
        new(1, "{ 5, 0, 5 }", "{ 5, 0, 6 }", "var ids", OutOfRange),
        new(1, "{ 5, 0, 5 }", "{ 5, 0, -1 }", "var ids", OutOfRange),
        new(1, "long[] { 5, 0, 5 }", "float[] { 5, 0, 5 }", "var ids",
            "Expected tensor for argument #1 'indices' to have one of the following scalar types: Long, Int"),
        new(1, "torch.eye(vocabSize)", "torch.eye(5)", "var oneHots",
            "A tensor of shape [5, 5] has 5 rows (vectors along the last dimension), "
            + "but the number of row labels is 6."),
        // too small a vocabulary, or too large
        new(1, "one_hot(ids, vocabSize)", "one_hot(ids, 5)", "var oneHot",
            "Class values must be smaller than num_classes."),
        new(1, "{ the, a }", "{ the, 6 }", "var drawn", OutOfRange),

        new(2, "order = [3, 0, 5, 1, 4, 2]", "order = [3, 0, 6, 1, 4, 2]", "long[] order", OutOfRange),
        new(2, "second = [5, 2, 3]", "second = [5, 2, 3, 4]", "long[] first", Sizes(3, 4, 0)),

        // more tokens than positions
        new(3, "numTokens = 1;", "numTokens = 7;", "var numTokens", OutOfRange),
        new(3, "{ 0, 1, 2, 3, 0, 5 }", "{ 0, 1, 2, 3, 0, 5, 1 }", "var sentence", Sizes(7, 6, 0)),
        new(3, "{ 0, 1, 2, 3, 0, 5 }", "{ 0, 1, 2, 3, 0 }", "var sentence", Sizes(5, 6, 0)),
        new(3, "{ 0, 1, 2, 3, 0, 5 }", "{ 0, 1, 2, 3, 0, 6 }", "var sentence", OutOfRange),
        new(3, "{ 4, 5, 2 } }", "{ 4, 6, 2 } }", "var batch", OutOfRange),
        new(3, "torch.arange(3)", "torch.arange(2)", "var batch", Sizes(3, 2, 1)),

        // products whose sizes do not fit
        new(1, "one_hot(ids, vocabSize)", "one_hot(ids, 7)", "var product", Product("3x7", "6x4")),
        new(2, "var keyMatrix = torch.randn(4, 4)", "var keyMatrix = torch.randn(5, 4)", "var queryMatrix",
            Product("6x4", "5x4")),
        new(2, "var queryMatrix = torch.randn(4, 4)", "var queryMatrix = torch.randn(4, 3)", "var scores",
            Product("6x3", "4x6")),
        new(2, "torch.zeros(4);", "torch.zeros(5);", "var output", Sizes(5, 4, 0)),
        new(9, "var W = torch.randn(8, 4)", "var W = torch.randn(9, 4)", "var W", Product("6x8", "9x4")),
        new(3, "var query = torch.randn(4, 4)", "var query = torch.randn(5, 4)", "var order", Product("6x4", "5x4")),
        new(3, "layer_norm(dropped, [4])", "layer_norm(dropped, [5])", "var dropped",
            "Given normalized_shape=[5], expected input with shape [*, 5], but got input of size[6, 4]"),
        new(4, "const int T = 8;", "const int T = 32;", "const int B", "stack expects each tensor to be equal size"),
        new(4, "int B = 4;", "int B = 12;", "const int B", "stack expects each tensor to be equal size"),
        new(5, "nn.Linear(C, 4 * C)", "nn.Linear(C, 3 * C)", "int RowsWithGradient", Product("16x96", "128x32")),
        new(7, "Heatmap(Sinusoids(50, 32)", "Heatmap(Sinusoids(50, 33)", "Tensor Angles",
            "shape '[50, 33]' is invalid for input of size 1700"),
        new(7, "Results(8)", "Results(5)", "var (train, test)",
            "unflatten: Provided sizes [5, -1] don't multiply up to the size of dim 2 (32)"),
        new(8, "word = \"king\"", "word = \"King\"", "string word", "The vocabulary has no token 'King'."),
    ];

    private readonly NotebookFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_readers_mistake_fails_its_cell_with_libtorchs_own_words_and_the_runner_goes_on()
    {
        foreach (var (number, mistake) in _mistakes.Index()) Make(Name(number), mistake);
        using var process = RunnerProcess.Start(_folder.FullPath, "--quiet", _folder.FullPath);
        var result = await RunnerProcess.Result(process);

        var errors = result.Errors.Split("error: ")
            .ToDictionary(error => error.Split(',')[0], error => error.Split('\n'));
        Assert.All(_mistakes.Index(), one =>
        {
            var error = errors.GetValueOrDefault(Name(one.Index), [result.Errors, ""]);
            Assert.Contains($"] `{one.Item.Cell}", error[0], StringComparison.Ordinal);
            Assert.Contains($"Exception: {one.Item.Words}", error[1], StringComparison.Ordinal);
        });
        Assert.Equal(Runner.Failed, result.ExitCode);
        Assert.Contains($"{_mistakes.Length} notebooks, ", result.Output, StringComparison.Ordinal);
    }

    private static string Name(int number) => $"{number:00}.ipynb";

    private static string Sizes(int a, int b, int dimension) =>
        $"The size of tensor a ({a}) must match the size of tensor b ({b}) at non-singleton dimension {dimension}";

    private static string Product(string a, string b) =>
        $"mat1 and mat2 shapes cannot be multiplied ({a} and {b})";

    private void Make(string name, Mistake mistake)
    {
        var cells = Repository.Lesson(mistake.Lesson).CodeCells.Select(cell => cell.Source).ToArray();
        var changed = Assert.Single(cells.Index(), cell => cell.Item.Contains(mistake.Code, StringComparison.Ordinal))
            .Index;
        cells[changed] = cells[changed].Replace(mistake.Code, mistake.Mistaken, StringComparison.Ordinal);
        _folder.Write(name, cells);
    }
}
