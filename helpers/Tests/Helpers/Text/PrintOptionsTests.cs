using Xunit;

namespace GptEmbeddings.Tests;

public sealed class PrintOptionsTests
{
    [Fact]
    public void Profiles_are_those_of_PyTorch()
    {
        var expected = new PrintOptions { Precision = 4, Threshold = 1000, EdgeItems = 3, LineWidth = 80 };
        Assert.Null(expected.SciMode);
        Assert.Equal(expected, PrintOptions.Default);
        Assert.Equal(expected with { Precision = 2, EdgeItems = 2 }, PrintOptions.Short);
        Assert.Equal(expected with { Threshold = long.MaxValue }, PrintOptions.Full);
    }

    [Fact]
    public void Values_out_of_range_are_refused_with_what_is_allowed()
    {
        Refuses("Precision", "0", () => new PrintOptions { Precision = -1 });
        Refuses("Precision", "10000", () => PrintOptions.Short with { Precision = 999_999_999 });
        Refuses("Threshold", "0", () => PrintOptions.Default with { Threshold = -1 });
        Refuses("EdgeItems", "0", () => PrintOptions.Short with { EdgeItems = -1 });
        Refuses("LineWidth", "1", () => PrintOptions.Full with { LineWidth = 0 });

        static void Refuses(string property, string limit, Func<PrintOptions> make)
        {
            var exception = Assert.Throws<ArgumentOutOfRangeException>(property, make);
            Assert.Contains($"than or equal to '{limit}'", exception.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_smallest_number_prints_with_all_its_digits()
    {
        TorchRuntime.Load();
        using var tensor = TorchSharp.torch.tensor(double.Epsilon);
        var options = new PrintOptions { Precision = 1074, SciMode = false };
        Assert.EndsWith(
            "5625,\n       dtype=torch.float64)", TensorText.Format(tensor, options), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_edge_items_a_summary_hides_all_and_every_size_is_told()
    {
        TorchRuntime.Load();
        using var scope = TorchSharp.torch.NewDisposeScope();
        var options = new PrintOptions { EdgeItems = 0, Threshold = 5 };
        string Text(TorchSharp.torch.Tensor tensor) => TensorText.Format(tensor, options);
        Assert.Equal("tensor([...], size=(10,))", Text(TorchSharp.torch.arange(10)));
        Assert.Equal("tensor([0, 1, 2, 3], size=(4,))", Text(TorchSharp.torch.arange(4)));
        Assert.Equal("tensor([...], size=(3, 4))", Text(TorchSharp.torch.ones(3, 4)));
        Assert.Equal("tensor(3, size=())", Text(TorchSharp.torch.tensor(3L)));
        Assert.Equal("tensor([])", Text(TorchSharp.torch.zeros(0)));
        Assert.Equal(
            "tensor([...], size=(2, 3), dtype=torch.float16, requires_grad=True)",
            Text(TorchSharp.torch.ones(2, 3, dtype: TorchSharp.torch.float16, requires_grad: true)));
        Assert.Equal(
            "tensor(indices=tensor([...]),\n       values=tensor([1., 1., 1.]),\n"
            + "       size=(3, 3), nnz=3, layout=torch.sparse_coo)",
            Text(TorchSharp.torch.eye(3).to_sparse()));
        options = options with { Threshold = 0 };
        Assert.Equal("tensor(3, size=())", Text(TorchSharp.torch.tensor(3L)));
    }

    [Fact]
    public void The_smallest_values_print()
    {
        TorchRuntime.Load();
        using var tensor = TorchSharp.torch.tensor([0.5, 1.5, 2.5]);
        var options = new PrintOptions { Precision = 0, Threshold = 0, EdgeItems = 1, LineWidth = 1 };
        Assert.Equal(
            "tensor([0,\n         ...,\n        2],\n       dtype=torch.float64)", TensorText.Format(tensor, options));
    }
}
