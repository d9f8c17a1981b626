using GptEmbeddings.NotebookRunner.Notebook;

namespace GptEmbeddings.NotebookRunner.Export;

/// <summary>A cell cannot be part of a file-based app.</summary>
/// <param name="cell">The cell.</param>
/// <param name="message">What is wrong with it, and what to do.</param>
internal sealed class ExportException(NotebookCell cell, string message) : Exception(message)
{
    public NotebookCell Cell { get; } = cell;
}
