using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using GptEmbeddings.NotebookRunner.Notebook;
using Perfolizer.Horology;

namespace GptEmbeddings.Benchmarks;

/// <summary>The command line: BenchmarkDotNet's own, such as <c>--filter '*'</c>.</summary>
internal static class Program
{
    /// <summary>Runs benchmarks, or is one of the processes that they start.</summary>
    public static int Main(string[] args)
    {
        switch (args)
        {
            case [LoadBenchmarks.LoadOnly]:
                TorchRuntime.Load();
                return 0;
            case [LoadBenchmarks.Nothing]:
                return 0;
            default:
                return Run(args);
        }
    }

    private static int Run(string[] args)
    {
        var config = DefaultConfig.Instance
            // In this process: the one that BenchmarkDotNet would build lacks the paths to the packages.
            .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance))
            .WithArtifactsPath(Path.Combine(NotebookPaths.Root, "artifacts", "benchmarks"))
            .WithSummaryStyle(SummaryStyle.Default.WithTimeUnit(TimeUnit.Millisecond).WithMaxParameterColumnWidth(40))
            .HideColumns(
                Column.Job, Column.Toolchain, Column.Error, Column.InvocationCount, Column.UnrollFactor,
                Column.IterationCount, Column.IterationTime, Column.WarmupCount);
        var summaries = BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, config);
        return summaries.All(summary =>
            !summary.HasCriticalValidationErrors && summary.Reports.All(report => report.Success)) ? 0 : 1;
    }
}
