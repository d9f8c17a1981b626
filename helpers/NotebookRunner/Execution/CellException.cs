namespace GptEmbeddings.NotebookRunner.Execution;

/// <summary>A cell cannot run here as it is written.</summary>
/// <param name="message">What is wrong, where in the cell, and what to do.</param>
internal sealed class CellException(string message) : Exception(message);
