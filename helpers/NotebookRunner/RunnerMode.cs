namespace GptEmbeddings.NotebookRunner;

/// <summary>What to do with the outputs of a run: show them, compare them with the saved ones, save them.</summary>
internal enum RunnerMode
{
    Run,
    Check,
    Save,
}
