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
        Refuses("Threshold", "0", () => PrintOptions.Default with { Threshold = -1 });
        Refuses("EdgeItems", "1", () => PrintOptions.Short with { EdgeItems = 0 });
        Refuses("LineWidth", "1", () => PrintOptions.Full with { LineWidth = 0 });

        static void Refuses(string property, string least, Func<PrintOptions> make)
        {
            var exception = Assert.Throws<ArgumentOutOfRangeException>(property, make);
            Assert.Contains($"greater than or equal to '{least}'", exception.Message, StringComparison.Ordinal);
        }
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
