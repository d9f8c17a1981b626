using GptEmbeddings.NotebookRunner.Notebook;

namespace GptEmbeddings.NotebookRunner.Execution;

/// <summary>What came of one cell: how long it ran, without being compiled, and why it failed, or null.</summary>
internal sealed record CellRun(
    NotebookCell Cell, IReadOnlyList<CellOutput> Outputs, TimeSpan Elapsed, string? Failure = null);
