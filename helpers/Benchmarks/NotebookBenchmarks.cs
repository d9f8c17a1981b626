using BenchmarkDotNet.Attributes;
using GptEmbeddings.NotebookRunner.Notebook;

namespace GptEmbeddings.Benchmarks;

/// <summary>Each notebook, run from top to bottom in a process of its own and compared with its saved
/// outputs.</summary>
[WarmupCount(1), IterationCount(3), InvocationCount(1, 1)]
public class NotebookBenchmarks
{
    private static readonly string _folder = Path.Combine(NotebookPaths.Root, "notebooks");

    /// <summary>All notebooks of the tutorial.</summary>
    public static IEnumerable<string> Names =>
        Directory.GetFiles(_folder, "*.ipynb").Select(path => Path.GetFileNameWithoutExtension(path))
            .Order(StringComparer.Ordinal);

    /// <summary>The notebook.</summary>
    [ParamsSource(nameof(Names))]
    public string Name { get; set; } = "";

    /// <summary>The command <c>check</c> on it.</summary>
    [Benchmark]
    public void Check() => DotnetProcess.Run(DotnetProcess.Runner, "check", "--quiet", PathOf(Name));

    internal static string PathOf(string name) => Path.Combine(_folder, $"{name}.ipynb");
}
