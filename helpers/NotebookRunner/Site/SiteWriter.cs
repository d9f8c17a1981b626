using GptEmbeddings.NotebookRunner.Execution;
using GptEmbeddings.NotebookRunner.Notebook;

namespace GptEmbeddings.NotebookRunner.Site;

/// <summary>Writes a page for each notebook of a run, and an index. Whatever the pages need lies beside them.</summary>
internal sealed class SiteWriter
{
    private static readonly string[] _own = ["index.html", "site.css", "site.js", PlotlyLibrary.FileName];

    private readonly string _base;
    private readonly Dictionary<string, string> _addresses;
    private readonly SortedDictionary<string, string> _files = new(StringComparer.Ordinal);
    private readonly List<SitePage> _pages;

    private SiteWriter(IReadOnlyList<NotebookRun> runs)
    {
        _base = CommonFolder(runs.Select(run => Path.GetDirectoryName(run.Notebook.FullPath)!));
        _addresses = runs.ToDictionary(run => run.Notebook.FullPath, run => Address(run.Notebook));
        _pages = [.. runs.Select(run =>
        {
            var (folder, address) = (Path.GetDirectoryName(run.Notebook.FullPath)!, _addresses[run.Notebook.FullPath]);
            return new SitePage(run, address, link => Resolve(folder, address, link));
        })];
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
        var target = Path.GetFullPath(Path.Combine(folder, Uri.UnescapeDataString(name)));
        if (_addresses.TryGetValue(target, out var notebook)) return SiteAddress.Between(page, notebook) + fragment;
        if (!File.Exists(target) || target.EndsWith(".ipynb", StringComparison.Ordinal)) return null;
        var relative = Slashes(Path.GetRelativePath(_base, target));
        if (Path.IsPathRooted(relative) || relative.StartsWith("../", StringComparison.Ordinal))
            relative = "files/" + Path.GetFileName(target);
        while (_own.Contains(relative) || _addresses.ContainsValue(relative) || !_files.TryAdd(relative, target)
            && _files[relative] != target) relative = "files/" + relative;
        return SiteAddress.Between(page, relative) + fragment;
    }

    private string Address(NotebookFile notebook)
    {
        var address = Slashes(Path.ChangeExtension(Path.GetRelativePath(_base, notebook.FullPath), ".html"));
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
