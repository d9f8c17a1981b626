namespace GptEmbeddings.NotebookRunner;

/// <summary>What to do with the outputs of a run.</summary>
internal enum RunnerMode
{
    /// <summary>Show them.</summary>
    Run,

    /// <summary>Compare them with the saved ones.</summary>
    Check,

    /// <summary>Write them into the notebooks.</summary>
    Save,
}
