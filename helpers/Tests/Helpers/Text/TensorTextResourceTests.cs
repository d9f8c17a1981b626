using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Xunit;
using static TorchSharp.torch;

namespace GptEmbeddings.Tests;

/// <summary>What printing takes and leaves: memory, tensors, other threads' writes, other devices.</summary>
[Collection<WholeProcess>]
public sealed partial class TensorTextResourceTests
{
    static TensorTextResourceTests() => TorchRuntime.Load();

    [Fact]
    public void Printing_any_layout_leaves_no_tensor_behind()
    {
        using var scope = NewDisposeScope();
        var table = rand(50, 50);
        Tensor[] layouts =
        [
            table, table.t(), table.to_sparse(), table.to(ScalarType.BFloat16), complex(table, table).conj(),
            complex(table, table).conj().imag, table.to(device("meta")), table.requires_grad_(), table * 2,
            quantize_per_tensor(table.detach(), 0.1, 0, ScalarType.QInt8),
            quantize_per_channel(table.detach(), ones(50, float64), zeros(50, int64), 0, ScalarType.QInt8),
        ];
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = Tensor.TotalCount;
        foreach (var layout in layouts)
        {
            TensorText.Format(layout);
            TensorText.Print(layout, PrintOptions.Full);
            Assert.Throws<ArgumentException>(() => TensorText.Format(layout, rowLabels: ["one"]));
        }

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void Two_thousand_prints_leave_native_memory_flat()
    {
        using var scope = NewDisposeScope();
        var table = zeros(20_000, int32);
        TensorText.Format(table, PrintOptions.Full);
        var before = NativeMemory();
        for (var i = 0; i < 2000; i++) TensorText.Format(table, PrintOptions.Full);

        // Each print copies 0.16 MB to native memory; kept, they would add up to 320 MB.
        Assert.InRange(NativeMemory() - before, long.MinValue, 100_000_000);
    }

    [Fact]
    public void Ten_thousand_prints_and_views_leave_native_memory_flat()
    {
        using var scope = NewDisposeScope();
        var table = randn(20, 50, requires_grad: true);
        Repeat(100);
        // What other tests left to the garbage collector must not go meanwhile.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var (tensors, memory) = (Tensor.TotalCount, NativeMemory());
        Repeat(10_000);
        Assert.Equal(tensors, Tensor.TotalCount);

        // Each time some 24 KB are copied to native memory; kept, they would add up to 240 MB.
        Assert.InRange(NativeMemory() - memory, long.MinValue, 80_000_000);

        void Repeat(int times)
        {
            for (var i = 0; i < times; i++)
            {
                TensorText.Format(table);
                Tutorial.Show(table);
            }
        }
    }

    // What .NET's own garbage takes is collected first, and given back to the system.
    private static long NativeMemory()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    [Theory]
    [InlineData(ScalarType.Float32, "1.0000")]
    [InlineData(ScalarType.Float16, "1.0000")]
    [InlineData(ScalarType.Int32, "1")]
    [InlineData(ScalarType.Int64, "1")]
    [InlineData(ScalarType.Bool, "1")]
    public void Billions_of_elements_expanded_from_a_few_are_printed_and_shown(ScalarType dtype, string most)
    {
        // Copied, they would take 16 GB or more.
        using var scope = NewDisposeScope();
        var huge = tensor([0, 1, 1, 1], dtype).reshape(4, 1, 1).expand(4, 1 << 20, 1 << 10);
        Assert.Equal(1L << 32, huge.numel());
        Assert.Equal(4 * 7 + 3, TensorText.Format(huge).Split('\n').Length);
        Assert.Contains($"(4, 1048576, 1024) · {DTypes.PythonName(dtype)} · min 0", Tutorial.Show(huge).ToHtml(),
            StringComparison.Ordinal);
        var mean = is_integral(dtype) && dtype != ScalarType.Bool ? "" : "mean 0.7500 · ";
        Assert.Contains($"{mean}max {most}<", Tutorial.Show(huge).ToHtml(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    public void A_tensor_disposed_while_it_is_printed_is_printed_to_the_end(int row)
    {
        using var scope = NewDisposeScope();
        string Expected(Tensor table) => TensorText.Format(table, rowLabels: ["a", "b", "c", "d", "e", "f"]);
        var tables =
            new[] { randn(6, 4), nn.Parameter(randn(6, 4)), randn(6, 4, requires_grad: true) * 2,
            arange(24).reshape(6, 4) };
        foreach (var table in tables)
        {
            var expected = Expected(table);
            var copy = table.alias();
            Assert.Equal(expected, TensorText.Format(table, rowLabels: new DisposingLabels(table, row)));
            Assert.True(table.IsInvalid);
            Assert.Equal(TensorText.Format(copy),
                Comments().Replace(Tutorial.Show(copy, new DisposingLabels(copy, row)).ToString(), ""));
        }
    }

    [Fact]
    public async Task A_tensor_that_another_thread_writes_to_is_printed_as_it_was_at_one_moment()
    {
        using var scope = NewDisposeScope();
        var stored = zeros(900, int64);
        var table = stored.reshape(30, 30);
        using var end = new CancellationTokenSource();
        var writing = Task.Run(
            () =>
            {
                var cells = stored.data<long>();
                for (var value = 1L; !end.IsCancellationRequested; value = unchecked(value * -31 + 7))
                    for (var i = 0; i < cells.Count; i++)
                        cells[i] = value >> (int)(value & 63);
            },
            TestContext.Current.CancellationToken);
        for (var i = 0; i < 500; i++)
        {
            var printed = TensorText.Print(table, PrintOptions.Full with { LineWidth = 10_000 });
            Assert.Equal(table.numel(), printed.Numbers.Count);
            Assert.All(printed.Numbers, number =>
                Assert.Equal(number.Value,
                double.Parse(printed.Text.AsSpan(number.Start, number.Length), CultureInfo.InvariantCulture)));
            // Every number has the width of the widest, so all rows have the same length.
            Assert.Single(printed.Text.Split('\n')[..^1].Skip(1).Select(line => line.Length).Distinct());
        }

        await end.CancelAsync();
        await writing;
    }

    private sealed class DisposingLabels(Tensor table, int row) : IReadOnlyList<string>
    {
        public int Count => 6;

        public string this[int index]
        {
            get
            {
                if (index == row) table.Dispose();
                return $"{(char)('a' + index)}";
            }
        }

        public IEnumerator<string> GetEnumerator() =>
            Enumerable.Range(0, Count).Select(index => this[index]).GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }

    [GeneratedRegex("  # .*$", RegexOptions.Multiline)]
    private static partial Regex Comments();

    [Fact]
    public void Only_a_device_that_is_not_the_default_is_told()
    {
        using var scope = NewDisposeScope();
        var table = tensor([1f, 2f]);
        var conjugate = complex(table, table).conj();
        set_default_device("meta");
        try
        {
            Assert.Equal("tensor([1., 2.], device='cpu')", TensorText.Format(table));
            Assert.Equal("tensor([1.-1.j, 2.-2.j], device='cpu')", TensorText.Format(conjugate));
            Assert.Equal("tensor(..., size=(2,))", TensorText.Format(ones(2)));
        }
        finally
        {
            set_default_device("cpu");
        }
    }
}
