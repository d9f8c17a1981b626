using System.Globalization;
using System.Numerics;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GptEmbeddings.Tests;

/// <summary>
/// What printing refuses and leaves alone, and where it says the numbers stand. Which text a tensor has,
/// <see cref="PrintedReferenceTests"/> and <see cref="TensorTextPropertyTests"/> check.
/// </summary>
public sealed class TensorTextTests : IDisposable
{
    private readonly DisposeScope _scope;

    public TensorTextTests()
    {
        TorchRuntime.Load();
        _scope = NewDisposeScope();
    }

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void No_tensor_is_refused() =>
        Assert.Throws<ArgumentNullException>("tensor", () => TensorText.Format(null!));

    [Fact]
    public void A_disposed_tensor_is_refused_by_its_name()
    {
        var table = ones(2);
        table.Dispose();
        var exception = Assert.Throws<ObjectDisposedException>(() => TensorText.Print(table, name: "wordEmbed.weight"));
        Assert.Contains("'wordEmbed.weight' is disposed", exception.Message, StringComparison.Ordinal);

        table.name = "weights";
        exception = Assert.Throws<ObjectDisposedException>(() => TensorText.Format(table));
        Assert.Contains("'weights' is disposed", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_that_no_string_can_hold_is_refused_at_once()
    {
        var huge = ones(1).expand(1L << 31);
        Refuses(huge, PrintOptions.Full);
        Refuses(huge, PrintOptions.Default with { EdgeItems = int.MaxValue / 2, Threshold = 0 });
        Refuses(huge, PrintOptions.Full with { Precision = 10_000 });

        static void Refuses(Tensor tensor, PrintOptions options)
        {
            var exception = Assert.Throws<InvalidOperationException>(() => TensorText.Format(tensor, options));
            Assert.Contains("PrintOptions.Default", exception.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_summary_reads_only_what_it_shows()
    {
        // 2^34 elements: 137 GB, were they copied.
        var huge = tensor([0.5f]).expand(8, 1L << 31);
        var row = "[0.5000, 0.5000, 0.5000,  ..., 0.5000, 0.5000, 0.5000]";
        Assert.Equal(
            $"tensor([{row},\n        {row},\n        {row},\n        ...,\n"
            + $"        {row},\n        {row},\n        {row}])",
            TensorText.Format(huge));
    }

    [Fact]
    public void Printing_leaves_the_tensor_and_the_gradient_mode_alone()
    {
        var leaf = ones(3, requires_grad: true);
        var result = leaf * 2;
        foreach (var enabled in (bool[])[true, false])
        {
            using var mode = set_grad_enabled(enabled);
            Assert.Equal("tensor([1., 1., 1.], requires_grad=True)", TensorText.Format(leaf));
            Assert.Equal("tensor([2., 2., 2.], grad_fn=<...>)", TensorText.Format(result));
            Assert.Equal(enabled, is_grad_enabled());
        }

        Assert.True(leaf.requires_grad && leaf.is_leaf && result.requires_grad && !result.is_leaf);
        result.sum().backward();
        Assert.Equal("tensor([2., 2., 2.])", TensorText.Format(leaf.grad!));
    }

    [Fact]
    public void The_tensors_of_the_callers_scope_stay_and_none_is_added()
    {
        var table = complex(ones(4, 4), zeros(4, 4));
        var before = _scope.DisposablesCount;
        TensorText.Format(table, PrintOptions.Default with { Threshold = 1, EdgeItems = 1 });
        Assert.False(table.IsInvalid);
        Assert.Equal(before, _scope.DisposablesCount);
    }

    [Fact]
    public void Two_threads_print_at_once()
    {
        var cases = ReferenceCase.Load("printed-tensors.json");
        Parallel.ForEach(cases, new ParallelOptions { MaxDegreeOfParallelism = 2 }, reference =>
        {
            using var own = NewDisposeScope();
            Assert.Equal(reference.Expected, TensorText.Format(reference.Build(), reference.Options));
        });
    }

    [Fact]
    public void The_callers_culture_does_not_matter()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NegativeSign = "minus";
        culture.NumberFormat.NumberDecimalSeparator = ",";
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = culture;
        try
        {
            Assert.Equal("tensor([-1, -2])", TensorText.Format(tensor([-1L, -2L])));
            Assert.Equal("tensor([-1.5000e+06,  2.5000e-03])", TensorText.Format(tensor([-1.5e6f, 2.5e-3f])));
            Assert.EndsWith(
                "scale=0.5, zero_point=-3)",
                TensorText.Format(quantize_per_tensor(ones(1), 0.5, -3, ScalarType.QInt8)),
                StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Complex_numbers_from_NET_arrays_print_whatever_their_alignment()
    {
        var options = PrintOptions.Default with { Threshold = 1, EdgeItems = 1 };
        for (var i = 0; i < 50; i++)
        {
            // Arrays of odd lengths between them shift the next one by 8 bytes.
            GC.KeepAlive(new byte[8 * (i % 3) + 1]);
            var numbers = tensor(Enumerable.Repeat(new Complex(1, 2), 40 + i).ToArray());
            Assert.StartsWith("tensor([1.+2.j,  ..., 1.+2.j]", TensorText.Format(numbers, options),
                StringComparison.Ordinal);
            Assert.StartsWith("tensor([1.-2.j,  ...,", TensorText.Format(numbers.conj(), options),
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Types_that_TorchSharp_has_no_name_for_print_as_in_PyTorch()
    {
        var numbers = tensor(new float[] { 1, 2.5f, 3 });
        foreach (var (name, code) in new[]
        {
            ("float8_e5m2", 23), ("float8_e4m3fn", 24), ("float8_e5m2fnuz", 25), ("float8_e4m3fnuz", 26),
        })
        {
            Prints($"tensor([1.0000, 2.5000, 3.0000], dtype=torch.{name})", numbers.to((ScalarType)code));
            Prints($"tensor([], dtype=torch.{name})", zeros(0, dtype: (ScalarType)code));
        }

        foreach (var (name, code) in new[] { ("uint16", 27), ("uint32", 28), ("uint64", 29) })
            Prints($"tensor([1, 2, 3], dtype=torch.{name})", numbers.to((ScalarType)code));
        Prints("tensor([1., 2., 4.], dtype=torch.float8_e8m0fnu)", tensor([1f, 2, 4]).to((ScalarType)44));
        Prints("tensor([18446744073709551615,                    5], dtype=torch.uint64)",
            tensor([-1L, 5]).to((ScalarType)29));
        var halves = tensor(new float[] { 1, 2, 3, -4.5f }).to(float16).reshape(2, 2).view_as_complex();
        Prints("tensor([1.+2.0000j, 3.-4.5000j], dtype=torch.complex32)", halves);
        Prints("tensor([1.-2.0000j, 3.+4.5000j], dtype=torch.complex32)", halves.conj());
        Prints("tensor([], dtype=torch.complex32)", zeros(0, dtype: (ScalarType)8));

        static void Prints(string text, Tensor tensor)
        {
            Assert.Equal(text, TensorText.Format(tensor));
            Assert.Equal(text, Tutorial.Show(tensor).ToString());
        }
    }

    [Fact]
    public void Print_tells_where_each_number_stands()
    {
        var table = tensor(new float[,] { { 1, -2.5f, 0 }, { float.NaN, float.PositiveInfinity, 100 } });
        var printed = TensorText.Print(table, rowLabels: ["a", "b"]);
        Assert.Equal(TensorText.Format(table, rowLabels: ["a", "b"]), printed.Text);
        Assert.Equal(
            ["1.0000", "-2.5000", "0.0000", "nan", "inf", "100.0000"],
            Texts(printed));
        Assert.Equal([1, -2.5, 0, double.NaN, double.PositiveInfinity, 100], printed.Numbers.Select(n => n.Value));
        Assert.Equal([0, 1, 2, 3, 4, 5], printed.Numbers.Select(number => number.Position));
    }

    [Fact]
    public void Print_counts_positions_in_the_whole_tensor_though_a_summary_hides_most()
    {
        var table = arange(10 * 20).reshape(10, 20).t().contiguous().t();
        var printed = TensorText.Print(table, PrintOptions.Short with { Threshold = 10 });
        Assert.Equal(16, printed.Numbers.Count);
        Assert.All(printed.Numbers, number => Assert.Equal(number.Position, number.Value));
        Assert.Equal(printed.Numbers.Select(n => n.Position.ToString(CultureInfo.InvariantCulture)), Texts(printed));
    }

    [Fact]
    public void Print_covers_bools_and_complex_numbers_and_nothing_of_a_sparse_tensor()
    {
        var bools = TensorText.Print(tensor([true, false]));
        Assert.Equal(["True", "False"], Texts(bools));
        Assert.Equal([1, 0], bools.Numbers.Select(number => number.Value));

        var complexes = TensorText.Print(tensor([new Complex(1, -2), new Complex(-10, 0.5)]));
        Assert.Equal(["1.-2.0000j", "-10.+0.5000j"], Texts(complexes));

        Assert.Empty(TensorText.Print(eye(2).to_sparse()).Numbers);
    }

    private static IEnumerable<string> Texts(PrintedTensor printed) =>
        printed.Numbers.Select(number => printed.Text.Substring(number.Start, number.Length));
}
