using Xunit.Sdk;
using Xunit.v3;

[assembly: Xunit.TestCollectionOrderer(typeof(GptEmbeddings.Tests.LongestFirst))]

namespace GptEmbeddings.Tests;

/// <summary>
/// Classes that take minutes begin first: one that begins last would run alone at the end, and leave a core idle.
/// </summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] _longest =
        [
            nameof(GptThatWritesTests), nameof(ProcessorTests), nameof(JupyterTests), nameof(ExportedAppTests),
            nameof(TrainingTests), nameof(TrainingSolutionsTests), nameof(PolyglotTests), nameof(SavedOutputsTests),
            nameof(RunnerProcessTests),
        ];

    /// <inheritdoc/>
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(
        IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderByDescending(collection => _longest.Any(name =>
            collection.TestCollectionDisplayName.Contains($".{name} ", StringComparison.Ordinal)))];
}
