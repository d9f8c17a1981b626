using GptEmbeddings.NotebookRunner.Execution;
using GptEmbeddings.NotebookRunner.Notebook;

namespace GptEmbeddings.NotebookRunner.Site;

/// <summary>Writes a page for each notebook of a run, and an index. Whatever the pages need lies beside them.</summary>
internal sealed class SiteWriter
{
    private static readonly string[] _own = ["index.html", "site.css", "site.js", PlotlyLibrary.FileName];

    private readonly string _base;
    private readonly HashSet<string> _folders;
    private readonly Dictionary<string, string> _addresses;
    private readonly SortedDictionary<string, string> _files = new(StringComparer.Ordinal);
    private readonly List<SitePage> _pages;

    private SiteWriter(IReadOnlyList<NotebookRun> runs)
    {
        _folders = [.. runs.Select(run => Path.GetDirectoryName(run.Notebook.FullPath)!)];
        _base = CommonFolder(_folders);
        _addresses = runs.ToDictionary(run => run.Notebook.FullPath, run => Address(_base, run.Notebook));
        _pages = [.. runs.Select(run =>
        {
            var (folder, address) = (Path.GetDirectoryName(run.Notebook.FullPath)!, _addresses[run.Notebook.FullPath]);
            return new SitePage(run, address, link => Resolve(folder, address, link));
        })];
    }

    /// <summary>The files that a site of these notebooks has in any case.</summary>
    public static IEnumerable<string> Addresses(IReadOnlyList<NotebookFile> notebooks)
    {
        var common = CommonFolder(notebooks.Select(notebook => Path.GetDirectoryName(notebook.FullPath)!));
        return notebooks.Select(notebook => Address(common, notebook)).Concat(_own);
    }

    /// <summary>Writes the site.</summary>
    /// <param name="runs">The notebooks in reading order.</param>
    /// <param name="folder">Where to.</param>
    /// <returns>The path of the index.</returns>
    public static string Write(IReadOnlyList<NotebookRun> runs, SiteFolder folder)
    {
        var site = new SiteWriter(runs);
        folder.Replace(site.WriteTo);
        return Path.Combine(folder.FullPath, "index.html");
    }

    private void WriteTo(string folder)
    {
        foreach (var page in _pages) WriteText(page.Address, page.ToHtml(Onward(page)));
        WriteText("index.html", SiteIndex.ToHtml(_pages));
        foreach (var name in new[] { "site.css", "site.js" })
        {
            using var resource = new StreamReader(typeof(SiteWriter).Assembly.GetManifestResourceStream(name)!);
            WriteText(name, resource.ReadToEnd().ReplaceLineEndings("\n"));
        }

        if (_pages.Any(page => page.HasCharts)) PlotlyLibrary.CopyTo(folder);
        foreach (var (address, source) in _files) File.Copy(source, Place(address));

        void WriteText(string address, string text) => File.WriteAllText(Place(address), text);

        string Place(string address)
        {
            var path = Path.Combine(folder, address);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            return path;
        }
    }

    private List<(string, SitePage)> Onward(SitePage page)
    {
        var lessons = _pages.Where(other => !other.IsSolution).ToList();
        var lesson = lessons.Find(other => other.Name == page.Name);
        var place = lesson is null ? -1 : lessons.IndexOf(lesson);
        var links = new List<(string, SitePage)>();
        if (page.IsSolution && lesson is not null) links.Add(("Exercises of", lesson));
        else if (place > 0) links.Add(("Previous", lessons[place - 1]));
        if (!page.IsSolution && _pages.Find(other => other.IsSolution && other.Name == page.Name) is { } solution)
            links.Add(("Worked exercises", solution));
        if (place >= 0 && place + 1 < lessons.Count) links.Add(("Next", lessons[place + 1]));
        return links;
    }

    private string? Resolve(string folder, string page, string link)
    {
        if (link.StartsWith('#') || Uri.TryCreate(link, UriKind.Absolute, out var uri) && uri.Scheme
            is "http" or "https" or "mailto") return link;
        var (name, fragment) = link.Split('#', 2) is [var file, var rest] ? (file, "#" + rest) : (link, "");
        var path = Uri.UnescapeDataString(name);
        if (path.Contains('\0')) return null;
        var target = Path.GetFullPath(Path.Combine(folder, path));
        if (_addresses.TryGetValue(target, out var notebook)) return SiteAddress.Between(page, notebook) + fragment;
        if (target.EndsWith(".ipynb", StringComparison.Ordinal) || !_folders.Any(top => IsOf(top, target))) return null;
        var relative = Slashes(Path.GetRelativePath(_base, target));
        while (_own.Contains(relative) || _addresses.ContainsValue(relative) || !_files.TryAdd(relative, target)
            && _files[relative] != target) relative = "files/" + relative;
        return SiteAddress.Between(page, relative) + fragment;
    }

    // Only what lies with the notebooks goes onto pages that may be passed on: nothing hidden, and no link, which may
    // lead anywhere.
    private static bool IsOf(string folder, string target)
    {
        var names = Path.GetRelativePath(folder, target).Split(Path.DirectorySeparatorChar);
        if (Path.IsPathRooted(names[0]) || names.Any(name => name.StartsWith('.'))) return false;
        var path = folder;
        foreach (var name in names)
            if (new FileInfo(path = Path.Combine(path, name)).LinkTarget is not null) return false;
        return FileStatus.IsRegularFile(target);
    }

    private static string Address(string folder, NotebookFile notebook)
    {
        var address = Slashes(Path.ChangeExtension(Path.GetRelativePath(folder, notebook.FullPath), ".html"));
        return address == "index.html" ? "index-notebook.html" : address;
    }

    private static string Slashes(string path) => path.Replace(Path.DirectorySeparatorChar, '/');

    private static string CommonFolder(IEnumerable<string> folders) => folders.Aggregate((common, folder) =>
    {
        while (folder != common
            && !folder.StartsWith(Path.TrimEndingDirectorySeparator(common) + Path.DirectorySeparatorChar,
            StringComparison.Ordinal))
            common = Path.GetDirectoryName(common)
                ?? throw new RequestException("the notebooks lie on different drives, so their pages cannot form "
                    + "one site. Run them separately.");
        return common;
    });
}
