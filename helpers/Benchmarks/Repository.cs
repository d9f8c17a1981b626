namespace GptEmbeddings.Benchmarks;

/// <summary>Where things are.</summary>
public static class Repository
{
    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "GptEmbeddings.slnx"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException($"No GptEmbeddings.slnx above {AppContext.BaseDirectory}.");
    }
}
