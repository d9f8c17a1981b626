using BenchmarkDotNet.Attributes;
using TorchSharp;

namespace GptEmbeddings.Benchmarks;

/// <summary>A tensor as text and as HTML, beside what TorchSharp itself prints.</summary>
[MemoryDiagnoser(displayGenColumns: false)]
[WarmupCount(2), IterationCount(5), IterationTime(200)]
public class FormatBenchmarks
{
    private torch.Tensor _table = null!;

    /// <summary>GPT-2's table of words, which is summarized; and a table of which every number is printed.</summary>
    [Params("50257x768 summarized", "1000x100 full")]
    public string Size { get; set; } = "";

    private bool Full => Size.EndsWith("full", StringComparison.Ordinal);

    /// <summary>Makes the table.</summary>
    [GlobalSetup]
    public void Setup()
    {
        Tutorial.Begin();
        _table = Full ? torch.randn(1000, 100) : torch.randn(50257, 768);
    }

    /// <summary>Frees the table.</summary>
    [GlobalCleanup]
    public void Cleanup() => _table.Dispose();

    /// <summary>The text of PyTorch.</summary>
    [Benchmark]
    public string TensorTextFormat() => TensorText.Format(_table, Full ? PrintOptions.Full : PrintOptions.Default);

    /// <summary>TorchSharp's own text in the style of NumPy, which is always summarized.</summary>
    [Benchmark]
    public string TorchSharpNumpy() => _table.ToString(TensorStringStyle.Numpy);

    /// <summary>TorchSharp's own text in the style of Julia, which is never summarized.</summary>
    [Benchmark]
    public string TorchSharpJulia() => _table.ToString(TensorStringStyle.Julia);

    /// <summary>The view with its HTML; it always summarizes, and its header tells about all elements.</summary>
    [Benchmark]
    public string ShowToHtml() => Tutorial.Show(_table).ToHtml();
}
