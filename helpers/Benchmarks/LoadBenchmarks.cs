using BenchmarkDotNet.Attributes;

namespace GptEmbeddings.Benchmarks;

/// <summary>Loading libtorch, which happens once in a process: so each time in a new one.</summary>
[WarmupCount(1), IterationCount(5), InvocationCount(1, 1)]
#pragma warning disable CA1822 // BenchmarkDotNet calls methods of an instance only.
public class LoadBenchmarks
{
    /// <summary>Given as the only argument, this program loads libtorch and ends.</summary>
    internal const string LoadOnly = "--load-only";

    /// <summary>Given as the only argument, this program just ends.</summary>
    internal const string Nothing = "--nothing";

    private static readonly string _thisProgram = typeof(LoadBenchmarks).Assembly.Location;

    /// <summary>A .NET process that does nothing.</summary>
    [Benchmark]
    public void EmptyProcess() => DotnetProcess.Run(_thisProgram, Nothing);

    /// <summary>A .NET process that loads libtorch.</summary>
    [Benchmark]
    public void TorchRuntimeLoad() => DotnetProcess.Run(_thisProgram, LoadOnly);
}
