namespace GptEmbeddings.NotebookRunner.Notebook;

/// <summary>A file is a notebook, but not in C#. It is left out where it was not named.</summary>
/// <param name="problem">Which file, and what is not C#.</param>
internal sealed class OtherLanguageException(string problem) : RequestException(problem);
