namespace GptEmbeddings.NotebookRunner;

/// <summary>The request itself is wrong: no such file, not a notebook, another language. The runner exits with
/// 2.</summary>
/// <param name="message">What is wrong, where, and what to do.</param>
internal sealed class RequestException(string message) : Exception(message);
