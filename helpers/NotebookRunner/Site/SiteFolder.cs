namespace GptEmbeddings.NotebookRunner.Site;

/// <summary>The folder of the pages, which is replaced as a whole: readers see the old pages or the new ones.</summary>
internal sealed class SiteFolder
{
    private const string Mark = ".gpt-embeddings-site";

    /// <summary>Prepares the replacement of a folder.</summary>
    /// <param name="path">The folder, which need not exist.</param>
    /// <exception cref="RequestException">There is something else than an earlier site.</exception>
    public SiteFolder(string path)
    {
        FullPath = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Directory.Exists(FullPath))
            FullPath = Directory.ResolveLinkTarget(FullPath, returnFinalTarget: true)?.FullName ?? FullPath;
        if (File.Exists(FullPath))
            throw new RequestException($"{path}: a file. --site takes the folder to write the pages to.");
        if (Path.GetDirectoryName(FullPath) is null)
            throw new RequestException($"{path}: a whole drive. --site takes the folder to write the pages to.");
        if (Directory.Exists(FullPath) && !File.Exists(Path.Combine(FullPath, Mark))
            && Directory.EnumerateFileSystemEntries(FullPath).Any())
            throw new RequestException(
                $"{path}: the folder holds something else than pages of an earlier run, "
                + "which writing the pages would delete. Empty it, or name another one.");
    }

    /// <summary>The absolute path.</summary>
    public string FullPath { get; }

    /// <summary>Writes everything anew.</summary>
    /// <param name="write">Writes the files into the folder that it is given.</param>
    /// <exception cref="IOException">The folder cannot be written; the old one is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">The same, for want of rights.</exception>
    public void Replace(Action<string> write)
    {
        var parent = Directory.CreateDirectory(Path.GetDirectoryName(FullPath)!).FullName;
        var (next, last) = (Temporary(), Temporary());
        try
        {
            Directory.CreateDirectory(next);
            File.WriteAllText(Path.Combine(next, Mark), "The notebook runner wrote this folder and may replace it.\n");
            write(next);
            if (Directory.Exists(FullPath)) Directory.Move(FullPath, last);
            Directory.Move(next, FullPath);
        }
        catch when (Directory.Exists(last) && !Directory.Exists(FullPath))
        {
            Directory.Move(last, FullPath);
            throw;
        }
        finally
        {
            foreach (var folder in new[] { next, last }.Where(Directory.Exists))
                Directory.Delete(folder, recursive: true);
        }

        string Temporary() => Path.Combine(parent, $".{Path.GetFileName(FullPath)}.{Path.GetRandomFileName()}");
    }
}
