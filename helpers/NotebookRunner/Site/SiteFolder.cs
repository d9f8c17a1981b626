using System.Diagnostics;
using System.Text;
using System.Text.Json;
using GptEmbeddings.NotebookRunner.Notebook;

namespace GptEmbeddings.NotebookRunner.Site;

/// <summary>
/// The folder of the pages. It holds the list of the files that a run wrote or was about to write: these the next run
/// replaces or deletes, and no others.
/// </summary>
internal sealed class SiteFolder
{
    private const string ListName = ".gpt-embeddings-site", LockName = $"{ListName}.lock";

    // Where pages are written before they are put in their place: inside, so that this takes a renaming only.
    private const string NewPages = $"{ListName}.new";

    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);

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
                && Directory.EnumerateFileSystemEntries(FullPath).Any(entry =>
                    Path.GetFileName(entry) != LockName && !AtomicFile.IsUnfinished(entry)))
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
    /// <exception cref="IOException">
    /// The folder cannot be written, holds a file of another's, or another run takes too long to write to it.
    /// </exception>
    public void Replace(SiteFiles files)
    {
        var missing = Missing(FullPath);
        try
        {
            using var others = WaitForOthers();
            Write(files);
        }
        finally
        {
            DeleteEmpty(missing);
        }
    }

    // What a process holds open, the system lets go when it is killed.
    private FileStream WaitForOthers()
    {
        for (var clock = Stopwatch.StartNew(); ; Thread.Sleep(50))
            try
            {
                // Whoever ends just now may delete it.
                Directory.CreateDirectory(FullPath);
                return new(Path.Combine(FullPath, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite,
                    FileShare.None, 1, FileOptions.DeleteOnClose);
            }
            catch (IOException) when (clock.Elapsed < _patience)
            {
                // Another run writes.
            }
    }

    private void Write(SiteFiles site)
    {
        foreach (var left in Directory.GetFiles(FullPath).Where(AtomicFile.IsUnfinished)) File.Delete(left);
        var ours = Listed();
        ours.RemoveWhere(file => file.StartsWith($"{NewPages}/", StringComparison.Ordinal) && Delete(file));
        string[] files = [.. site.Addresses], made = [.. files.Select(New)];
        RequireFree([.. files, .. made], ours);
        try
        {
            // What is on the list first is found again when the run is killed.
            WriteList([.. ours, .. made]);
            site.WriteTo(Place(NewPages));
            files = [.. files.Where(file => File.Exists(Place(New(file))))];
            WriteList([.. ours, .. made, .. files]);
            foreach (var file in files)
            {
                foreach (var folder in SiteAddress.FoldersOf(file).Where(ours.Contains)) File.Delete(Place(folder));
                Directory.CreateDirectory(Path.GetDirectoryName(Place(file))!);
                File.Move(Place(New(file)), Place(file), overwrite: ours.Contains(file));
                ours.Add(file);
            }

            // What cannot be deleted is tried again by the next run.
            foreach (var file in ours.Except(files).Where(Delete).ToList()) ours.Remove(file);
        }
        finally
        {
            WriteList([.. ours, .. made.Where(file => !Delete(file))]);
        }
    }

    private string Place(string file) => Path.Combine(FullPath, file);

    private static string New(string file) => $"{NewPages}/{file}";

    // The list may come from elsewhere with the folder, and is not trusted to stay in it.
    private HashSet<string> Listed() => !FileStatus.IsRegularFile(_list) ? [] :
        [.. File.ReadLines(_list).Select(NameIn).Where(file => file.Length > 0 && !file.Contains('\0')
            && !Path.IsPathRooted(file) && !file.Split('/', '\\').Contains(".."))];

    // A string of JSON a line, since a name may hold line breaks. Earlier versions wrote the bare names.
    private static string NameIn(string line)
    {
        if (!line.StartsWith('"')) return line;
        try
        {
            return JsonSerializer.Deserialize<string>(line)!;
        }
        catch (JsonException)
        {
            return "";
        }
    }

    private void WriteList(IReadOnlyCollection<string> files)
    {
        if (files.Count == 0) File.Delete(_list);
        else
            AtomicFile.Replace(_list, Encoding.UTF8.GetBytes(string.Concat(
                files.Distinct().Order(StringComparer.Ordinal).Select(file => JsonSerializer.Serialize(file) + "\n"))));
    }

    private void RequireFree(IEnumerable<string> files, HashSet<string> earlier)
    {
        // Writing to a link would replace the file that it leads to.
        foreach (var name in (string[])[ListName, LockName])
            if (IsLink(name)) throw new IOException($"{name} in it is a link. Move it away.");
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
        var missing = Missing(folder);
        try
        {
            Directory.CreateDirectory(folder);
            AtomicFile.RequireWritable(folder);
        }
        finally
        {
            DeleteEmpty(missing);
        }
    }

    private static List<string> Missing(string folder) =>
        [.. NotebookPaths.WithAbove(folder).TakeWhile(path => !Path.Exists(path))];

    // The innermost first. Others may have put something there meanwhile.
    private static void DeleteEmpty(IEnumerable<string> folders)
    {
        foreach (var folder in folders)
            try
            {
                Directory.Delete(folder);
            }
            catch (IOException)
            {
                // Not empty, or not there.
            }
    }

    // A folder that is a link may lead out of the site.
    private string? LinkAbove(string file) =>
        SiteAddress.FoldersOf(file).FirstOrDefault(folder => IsLink(folder) || File.Exists(Place(folder)));

    private bool IsLink(string file) => new FileInfo(Place(file)).LinkTarget is not null;

    private bool Delete(string file)
    {
        if (LinkAbove(file) is not null) return true;
        try
        {
            if (File.Exists(Place(file)) || IsLink(file)) File.Delete(Place(file));
            DeleteEmpty(SiteAddress.FoldersOf(file).Select(Place));
            return true;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
