using GptEmbeddings.NotebookRunner.Notebook;

namespace GptEmbeddings.NotebookRunner.Export;

/// <summary>A notebook cannot be a file-based app.</summary>
/// <param name="cell">The cell at fault, or null where no single one is.</param>
/// <param name="message">What is wrong, and what to do.</param>
internal sealed class ExportException(NotebookCell? cell, string message) : Exception(message)
{
    public NotebookCell? Cell { get; } = cell;
}
