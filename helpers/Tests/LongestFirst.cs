using Xunit.Sdk;
using Xunit.v3;

[assembly: Xunit.TestCollectionOrderer(typeof(GptEmbeddings.Tests.LongestFirst))]

namespace GptEmbeddings.Tests;

/// <summary>
/// Classes that take minutes begin first, in this order: one that begins last would run alone at the end, and leave a
/// core idle.
/// </summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] _longest =
        [
            nameof(GptThatWritesTests), nameof(TrainingSolutionsTests), nameof(JupyterTests), nameof(SavedOutputsTests),
            nameof(ProcessorTests), nameof(ExportedAppTests), nameof(TrainingTests), nameof(PolyglotTests),
            nameof(RunnerProcessTests),
        ];

    /// <inheritdoc/>
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(
        IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(collection => Array.FindIndex(_longest, name =>
            collection.TestCollectionDisplayName.Contains($".{name} ", StringComparison.Ordinal)) is >= 0 and var place
                ? place : _longest.Length)];
}
