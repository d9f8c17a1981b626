using System.Text;
using GptEmbeddings.NotebookRunner.Notebook;

namespace GptEmbeddings.NotebookRunner.Site;

/// <summary>
/// The folder of the pages. It holds the list of the files that a run wrote: these the next run replaces or deletes,
/// and no others.
/// </summary>
internal sealed class SiteFolder
{
    private const string ListName = ".gpt-embeddings-site";

    private readonly string _list;

    /// <summary>Prepares the replacement of the pages: of those files, as far as they are known.</summary>
    /// <exception cref="RequestException">There is something else than an earlier site, or no right.</exception>
    public SiteFolder(string path, IEnumerable<string>? addresses = null)
    {
        if (path.Length == 0) throw new RequestException("--site takes the folder to write the pages to, not \"\".");
        FullPath = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Directory.Exists(FullPath))
            FullPath = Directory.ResolveLinkTarget(FullPath, returnFinalTarget: true)?.FullName ?? FullPath;
        _list = Path.Combine(FullPath, ListName);
        if (File.Exists(FullPath))
            throw new RequestException($"{path}: a file. --site takes the folder to write the pages to.");
        if (Path.GetDirectoryName(FullPath) is null)
            throw new RequestException($"{path}: a whole drive. --site takes the folder to write the pages to.");
        RequestException.Naming(path, () =>
        {
            if (Directory.Exists(FullPath) && !FileStatus.IsRegularFile(_list)
                && Directory.EnumerateFileSystemEntries(FullPath).Any())
                throw new IOException(
                    "the folder holds something else than pages of an earlier run. Empty it, or name another.");
            var earlier = Listed();
            RequireFree(addresses ?? [], earlier);
            var folders = earlier.Where(file => LinkAbove(file) is null).SelectMany(SiteAddress.FoldersOf).Distinct();
            foreach (var folder in folders.Select(Place).Where(Directory.Exists).Prepend(FullPath))
                RequireWritable(folder);
        });
    }

    public string FullPath { get; }

    /// <summary>Writes everything anew: each file is wholly the old one or the new one.</summary>
    /// <param name="write">Writes the files into the folder that it is given.</param>
    /// <exception cref="IOException">The folder cannot be written, or holds a file of another's.</exception>
    public void Replace(Action<string> write)
    {
        var isNew = !Directory.Exists(FullPath);
        // Inside, so that a file moves by being renamed.
        var next = Directory.CreateDirectory(Path.Combine(FullPath, $".{Path.GetRandomFileName()}")).FullName;
        try
        {
            write(next);
            string[] files = [.. Directory.GetFiles(next, "*", SearchOption.AllDirectories)
                .Select(file => SiteAddress.Of(Path.GetRelativePath(next, file))).Order(StringComparer.Ordinal)];
            var earlier = Listed();
            RequireFree(files, earlier);
            // A run that is stopped half-way leaves nothing that is not on the list.
            WriteList(earlier.Union(files));
            foreach (var file in files)
            {
                foreach (var folder in SiteAddress.FoldersOf(file).Where(earlier.Contains)) File.Delete(Place(folder));
                Directory.CreateDirectory(Path.GetDirectoryName(Place(file))!);
                File.Move(Path.Combine(next, file), Place(file), overwrite: true);
            }

            // The pages are there now. What cannot be deleted is tried again by the next run.
            WriteList([.. files, .. earlier.Except(files).Where(file => !Delete(file))]);
        }
        finally
        {
            Directory.Delete(next, recursive: true);
            if (isNew && !Directory.EnumerateFileSystemEntries(FullPath).Any()) Directory.Delete(FullPath);
        }
    }

    private string Place(string file) => Path.Combine(FullPath, file);

    // The list may come from elsewhere with the folder, and is not trusted to stay in it.
    private HashSet<string> Listed() => !FileStatus.IsRegularFile(_list) ? [] :
        [.. File.ReadLines(_list).Where(file => file.Length > 0 && !file.Contains('\0') && !Path.IsPathRooted(file)
            && !file.Split('/', '\\').Contains(".."))];

    private void WriteList(IEnumerable<string> files) =>
        AtomicFile.Replace(_list, Encoding.UTF8.GetBytes(
            string.Concat(files.Order(StringComparer.Ordinal).Select(file => file + "\n"))));

    private void RequireFree(IEnumerable<string> files, HashSet<string> earlier)
    {
        // Writing to a link would replace the file that it leads to.
        if (IsLink(ListName)) throw new IOException($"{ListName} in it is a link. Move it away.");
        foreach (var file in files)
            if (LinkAbove(file) is { } link && !(earlier.Contains(link) && !IsLink(link)))
                throw new IOException($"{link} in it is no folder of an earlier run. Move it away.");
            else if (Directory.Exists(Place(file))
                || !earlier.Contains(file) && (Path.Exists(Place(file)) || IsLink(file)))
                throw new IOException(
                    $"{file} in it was not written by an earlier run, and is not replaced. Move it away.");
    }

    // Tries it, and deletes what the trial makes.
    private static void RequireWritable(string folder)
    {
        var trial = Path.Combine(folder, $".{Path.GetRandomFileName()}");
        var made = NotebookPaths.WithAbove(trial).TakeWhile(path => !Path.Exists(path)).Last();
        try
        {
            Directory.CreateDirectory(trial);
        }
        finally
        {
            if (Directory.Exists(made)) Directory.Delete(made, recursive: true);
        }
    }

    // A folder that is a link may lead out of the site.
    private string? LinkAbove(string file) =>
        SiteAddress.FoldersOf(file).FirstOrDefault(folder => IsLink(folder) || File.Exists(Place(folder)));

    private bool IsLink(string file) => new FileInfo(Place(file)).LinkTarget is not null;

    private bool Delete(string file)
    {
        if (LinkAbove(file) is not null || !File.Exists(Place(file)) && !IsLink(file)) return true;
        try
        {
            File.Delete(Place(file));
            foreach (var folder in SiteAddress.FoldersOf(file).Select(Place))
                if (!Directory.EnumerateFileSystemEntries(folder).Any()) Directory.Delete(folder);
            return true;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
