using BenchmarkDotNet.Attributes;

namespace GptEmbeddings.Benchmarks;

/// <summary>How long a reader waits for the runner to show something.</summary>
[WarmupCount(1), IterationCount(5), InvocationCount(1, 1)]
#pragma warning disable CA1822 // BenchmarkDotNet calls methods of an instance only.
public class RunnerBenchmarks
{
    private static readonly string Notebook = NotebookBenchmarks.PathOf(NotebookBenchmarks.Names.First());

    /// <summary>From the start of the process to the first line.</summary>
    [Benchmark]
    public void FirstLine() => DotnetProcess.RunUntil(line => line.Length > 0, DotnetProcess.Runner, "run", Notebook);

    /// <summary>From the start of the process to the output of the first cell that has torch.</summary>
    [Benchmark]
    public void FirstTorchCell() => DotnetProcess.RunUntil(
        line => line.Contains("[2] │", StringComparison.Ordinal), DotnetProcess.Runner, "run", Notebook);
}
