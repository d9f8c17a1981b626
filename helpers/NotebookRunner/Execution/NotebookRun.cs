using GptEmbeddings.NotebookRunner.Notebook;

namespace GptEmbeddings.NotebookRunner.Execution;

/// <summary>What came of one notebook.</summary>
/// <param name="Notebook">The notebook.</param>
/// <param name="Cells">The cells that were run, in order; the last of them is the only one that can have
/// failed.</param>
/// <param name="Elapsed">How long all of it took.</param>
internal sealed record NotebookRun(NotebookFile Notebook, IReadOnlyList<CellRun> Cells, TimeSpan Elapsed)
{
    /// <summary>The cell that failed, or null.</summary>
    public CellRun? Failed => Cells.LastOrDefault(cell => cell.Failure is not null);
}
