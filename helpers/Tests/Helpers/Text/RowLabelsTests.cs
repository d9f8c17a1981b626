using System.Text.RegularExpressions;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GptEmbeddings.Tests;

public sealed class RowLabelsTests : IDisposable
{
    private readonly DisposeScope _scope;

    public RowLabelsTests()
    {
        TorchRuntime.Load();
        _scope = NewDisposeScope();
    }

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void A_label_stands_after_all_else_on_the_line_where_its_row_ends()
    {
        var table = tensor(new float[,] { { 1, -2 }, { 3, 4 }, { 5, 6 } }, requires_grad: true);
        Assert.Equal(
            """
            tensor([[ 1., -2.],  # the
                    [ 3.,  4.],  # cat
                    [ 5.,  6.]], requires_grad=True)  # sat
            """.ReplaceLineEndings("\n"),
            TensorText.Format(table, rowLabels: ["the", "cat", "sat"]));
    }

    [Fact]
    public void The_last_label_stays_with_its_row_when_the_suffix_moves_to_a_line_of_its_own()
    {
        var options = PrintOptions.Default with { LineWidth = 25 };
        Assert.Equal(
            """
            tensor([[1, 2],  # a
                    [3, 4]],  # b
                   dtype=torch.int32)
            """.ReplaceLineEndings("\n"),
            TensorText.Format(tensor(new[,] { { 1, 2 }, { 3, 4 } }), options, ["a", "b"]));
    }

    [Fact]
    public void A_wrapped_row_has_its_label_on_its_last_line()
    {
        var options = PrintOptions.Default with { LineWidth = 16 };
        Assert.Equal(
            """
            tensor([[0, 1,
                     2],  # x
                    [3, 4,
                     5]])  # y
            """.ReplaceLineEndings("\n"),
            TensorText.Format(arange(6).reshape(2, 3), options, ["x", "y"]));
    }

    [Fact]
    public void A_summary_shows_the_labels_of_the_rows_it_shows()
    {
        var labels = Enumerable.Range(0, 5 * 6).Select(row => $"{row / 6}/{row % 6}").ToArray();
        var options = PrintOptions.Default with { Threshold = 10, EdgeItems = 1 };
        Assert.Equal(
            """
            tensor([[[ 0,  ...,  2],  # 0/0
                     ...,
                     [15,  ..., 17]],  # 0/5

                    ...,

                    [[72,  ..., 74],  # 4/0
                     ...,
                     [87,  ..., 89]]])  # 4/5
            """.ReplaceLineEndings("\n"),
            TensorText.Format(arange(90).reshape(5, 6, 3), options, labels));
    }

    [Fact]
    public void A_vector_is_one_row()
    {
        Assert.Equal("tensor([1., 2.])  # only", TensorText.Format(tensor([1f, 2f]), rowLabels: ["only"]));
        Assert.Equal("tensor([1., 2.])", TensorText.Format(tensor([1f, 2f]), rowLabels: [""]));
    }

    [Fact]
    public void Quantized_rows_take_labels()
    {
        var table = quantize_per_tensor(tensor(new float[,] { { 1 }, { 2 } }), 1, 0, ScalarType.QInt8);
        var text = TensorText.Format(table, rowLabels: ["a", "b"]);
        Assert.StartsWith("tensor([[1.],  # a\n        [2.]], size=(2, 1),", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("two\nlines\r\n", @"two\nlines\r\n")]
    [InlineData("a\tb\0c\u0085d\u2028e\u2029f\u000bg", @"a\tb\u0000c\u0085d\u2028e\u2029f\u000bg")]
    [InlineData("été 🐈 # 1", "été 🐈 # 1")]
    public void A_label_never_breaks_its_line(string label, string shown) =>
        Assert.Equal($"tensor([1])  # {shown}", TensorText.Format(tensor([1L]), rowLabels: [label]));

    [Fact]
    public void A_wrong_number_of_labels_is_refused_with_both_numbers()
    {
        var exception = Assert.Throws<ArgumentException>(
            "rowLabels", () => TensorText.Format(ones(2, 3, 4), rowLabels: ["one"]));
        Assert.Contains("6 rows", exception.Message, StringComparison.Ordinal);
        Assert.Contains("labels is 1", exception.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("rowLabels", () => TensorText.Format(tensor(1f), rowLabels: ["one"]));
    }

    [Fact]
    public void Sparse_and_meta_tensors_refuse_labels()
    {
        var sparse = Assert.Throws<ArgumentException>(
            "rowLabels", () => TensorText.Format(eye(2).to_sparse(), rowLabels: ["a", "b"]));
        Assert.Contains("sparse", sparse.Message, StringComparison.Ordinal);
        var meta = Assert.Throws<ArgumentException>(
            "rowLabels", () => TensorText.Format(ones(1, device: device("meta")), rowLabels: ["a"]));
        Assert.Contains("meta", meta.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_its_comments_a_labeled_text_is_the_plain_one()
    {
        foreach (var reference in ReferenceCase.Load("more-printed-tensors.json"))
        {
            using var inner = NewDisposeScope();
            var table = reference.Build();
            if (table.is_sparse || table.is_meta || table.dim() == 0 || table.numel() > 1_000_000) continue;

            var rows = table.shape[..^1].Aggregate(1L, (product, size) => product * size);
            var labels = Enumerable.Range(0, (int)rows).Select(row => $"row {row} # \n").ToArray();
            var labeled = TensorText.Format(table, reference.Options, labels);
            var plain = TensorText.Format(table, reference.Options);
            Assert.Equal(plain, Regex.Replace(labeled, "  # row .*$", "", RegexOptions.Multiline));
            if (table.numel() > 0) Assert.Contains($"  # row {rows - 1} # \\n", labeled, StringComparison.Ordinal);
        }
    }
}
