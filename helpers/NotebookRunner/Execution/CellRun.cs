using GptEmbeddings.NotebookRunner.Notebook;

namespace GptEmbeddings.NotebookRunner.Execution;

/// <summary>What came of one cell.</summary>
/// <param name="Cell">The cell.</param>
/// <param name="Outputs">What it printed and displayed.</param>
/// <param name="Elapsed">How long it ran, without the time to compile it.</param>
/// <param name="Failure">Why it did not run to its end, or null.</param>
internal sealed record CellRun(
    NotebookCell Cell, IReadOnlyList<CellOutput> Outputs, TimeSpan Elapsed, string? Failure = null);
