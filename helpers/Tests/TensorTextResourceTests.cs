using System.Diagnostics;
using Xunit;
using static TorchSharp.torch;

namespace GptEmbeddings.Tests;

[Collection<ProcessWideState>]
public sealed class TensorTextResourceTests
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
        using var process = Process.GetCurrentProcess();
        var before = process.WorkingSet64;
        for (var i = 0; i < 2000; i++) TensorText.Format(table, PrintOptions.Full);
        process.Refresh();

        // Each print copies 0.16 MB to native memory; kept, they would add up to 320 MB.
        Assert.InRange(process.WorkingSet64 - before, long.MinValue, 100_000_000);
    }

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
