using GptEmbeddings.NotebookRunner.Notebook;

namespace GptEmbeddings.NotebookRunner.Execution;

/// <summary>What came of one notebook: of its cells in order, of which only the last can have failed.</summary>
internal sealed record NotebookRun(NotebookFile Notebook, IReadOnlyList<CellRun> Cells, TimeSpan Elapsed)
{
    /// <summary>The cell that failed, or null.</summary>
    public CellRun? Failed => Cells.LastOrDefault(cell => cell.Failure is not null);
}
