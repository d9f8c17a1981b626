using GptEmbeddings.NotebookRunner.Comparison;
using GptEmbeddings.NotebookRunner.Execution;
using GptEmbeddings.NotebookRunner.Notebook;
using GptEmbeddings.NotebookRunner.Pictures;
using GptEmbeddings.NotebookRunner.Site.Book;
using GptEmbeddings.NotebookRunner.Site.Texts;

namespace GptEmbeddings.NotebookRunner.Site;

/// <summary>Writes a page for each notebook, an index, a glossary and the search. What they need lies beside
/// them.</summary>
internal sealed class SiteWriter
{
    private const string SearchWords = "search-index.js";

    private readonly string _base;
    private readonly HashSet<string> _folders;
    private readonly SiteFiles _files = new();
    private readonly Readme _readme;
    private readonly string? _glossary;
    private readonly Dictionary<string, string> _pageAddresses = [], _copies = [];
    private readonly Dictionary<int, string> _lessons = [];

    private SiteWriter(IEnumerable<string> notebooks)
    {
        var paths = notebooks.ToList();
        _folders = [.. paths.Select(path => Path.GetDirectoryName(path)!)];
        _base = CommonFolder(_folders);
        _readme = Readme.Of(_base);
        foreach (var name in (string[])["index.html", .. HtmlFile.Assets, SearchWords, PlotlyLibrary.FileName])
            _files.Add([name]);
        foreach (var path in paths)
        {
            _pageAddresses[path] = _files.Add(PageAddresses(path));
            if (SitePage.NumberOf(path) is { } number) _lessons.TryAdd(number, _pageAddresses[path]);
        }

        foreach (var path in paths) Copy(path);
        if (_readme.Glossary.Terms.Count == 0) return;
        _glossary = _files.Add(Numbered("glossary", ".html"));
        _pageAddresses[_readme.GlossaryFile!] = _glossary;
    }

    /// <summary>The files that a site of these notebooks has in any case.</summary>
    public static IEnumerable<string> Addresses(IReadOnlyList<NotebookFile> notebooks) =>
        new SiteWriter(notebooks.Select(notebook => notebook.FullPath))._files.Addresses;

    /// <summary>Writes the site of notebooks in reading order, and gives the path of its index.</summary>
    public static string Write(IReadOnlyList<NotebookRun> runs, SiteFolder folder)
    {
        var site = new SiteWriter(runs.Select(run => run.Notebook.FullPath));
        site.Add(runs);
        folder.Replace(site._files);
        return Path.Combine(folder.FullPath, "index.html");
    }

    private void Add(IReadOnlyList<NotebookRun> runs)
    {
        List<SitePage> pages = [.. runs.Select(run => Page(WithPictures(run)))];
        foreach (var page in pages)
            _files.Set(page.Address, page.ToHtml(
                Sidebar.Of(page.Address, pages, _glossary), HowToRun(page), Onward(page, pages)));
        _files.Set("index.html", SiteIndex.ToHtml(pages, _readme, _glossary, _files));
        var words = pages.Select(page => (page.Address, page.Title, page.Words));
        if (_glossary is not null)
        {
            _files.Set(_glossary, GlossaryPage.ToHtml(_readme, _glossary, Sidebar.Of(_glossary, pages, _glossary)));
            words = words.Append((_glossary, "Glossary", GlossaryPage.Words(_readme.Glossary)));
        }

        _files.Set(SearchWords, SearchIndex.Of(
            words.Select(page => (SiteAddress.Between("index.html", page.Address), page.Title, page.Words))));
        foreach (var name in HtmlFile.Assets) _files.Set(name, Drawings.Resource(name, typeof(SiteWriter).Assembly));
        if (pages.Exists(page => page.HasCharts))
            _files.Set(PlotlyLibrary.FileName, path => PlotlyLibrary.CopyTo(Path.GetDirectoryName(path)!));
    }

    private SitePage Page(NotebookRun run)
    {
        var (path, address) = (run.Notebook.FullPath, _pageAddresses[run.Notebook.FullPath]);
        var links = new LinksInText(
            number => _lessons.TryGetValue(number, out var lesson) ? SiteAddress.Between(address, lesson) : null,
            _readme.Glossary, _glossary is null ? "" : SiteAddress.Between(address, _glossary));
        var prose = new Prose(link => Resolve(Path.GetDirectoryName(path)!, address, link), links.AddTo);
        return new(run, address, prose, _files);
    }

    // A run makes no pictures; those that are saved show the charts where no script runs.
    private static NotebookRun WithPictures(NotebookRun run)
    {
        var pictures = ChartPicture.SavedIn(run);
        return pictures.Count == 0 ? run : ChartPicture.AddTo(OutputComparison.WithSaved(run), pictures);
    }

    private string HowToRun(SitePage page)
    {
        var (copy, name) = (SiteAddress.Between(page.Address, _copies[page.Notebook]), Path.GetFileName(page.Notebook));
        var where = _readme.FolderOf(page.Notebook) is { } folder
            ? $" In a clone of the repository it lies in the folder <code>{Html.Encode(folder)}</code>, and only there "
                + "it finds its helper package. Open it there in VS Code, Jupyter or Verso, as the README says, or run "
                + $"<code>dotnet run --project helpers/NotebookRunner {Html.Encode($"{folder}/{name}")}</code> "
                + "in the clone."
            : " Open it in an editor for notebooks that knows C#.";
        return $"""
            <details class="run"><summary>Run and change this page</summary>
            <p>It is a notebook: <a href="{copy}" download>{Html.Encode(name)}</a>.{where}</p>
            </details>
            """;
    }

    private string Copy(string path)
    {
        if (_copies.TryGetValue(path, out var known)) return known;
        var relative = SiteAddress.Of(Path.GetRelativePath(_base, path));
        return _copies[path] = _files.Add(
            Numbered("files", $"/{relative}").Prepend(relative), to => File.Copy(path, to));
    }

    private static IEnumerable<(string, SitePage)> Onward(SitePage page, List<SitePage> pages)
    {
        var lessons = pages.Where(other => !other.IsSolution).ToList();
        var place = lessons.FindIndex(other => other.Name == page.Name);
        if (page.IsSolution && place >= 0) yield return ("Exercises of", lessons[place]);
        else if (place > 0) yield return ("Previous", lessons[place - 1]);
        if (!page.IsSolution && page.SolutionIn(pages) is { } solution) yield return ("Worked exercises", solution);
        if (place >= 0 && place + 1 < lessons.Count) yield return ("Next", lessons[place + 1]);
    }

    private string? Resolve(string folder, string page, string link)
    {
        if (link.StartsWith('#') || Uri.TryCreate(link, UriKind.Absolute, out var uri) && uri.Scheme
            is "http" or "https" or "mailto") return link;
        // A name may have the sign itself, and nobody wrote it as %23.
        var hash = IsFile(link) ? link.Length : link.IndexOf('#', StringComparison.Ordinal);
        var (name, fragment) = hash < 0 ? (link, "") : (link[..hash], link[hash..]);
        if (TargetOf(name) is not { } target) return null;
        if (_pageAddresses.TryGetValue(target, out var notebook)) return SiteAddress.Between(page, notebook) + fragment;
        if (target.EndsWith(".ipynb", StringComparison.Ordinal) || !_folders.Any(top => IsOf(top, target))) return null;
        return SiteAddress.Between(page, Copy(target)) + fragment;

        bool IsFile(string name) => TargetOf(name) is { } path && File.Exists(path);

        string? TargetOf(string name) => name.Contains('\0') || Uri.UnescapeDataString(name).Contains('\0')
            ? null : Path.GetFullPath(Path.Combine(folder, Uri.UnescapeDataString(name)));
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

    // No two pages have one address, whatever the notebooks are called.
    private IEnumerable<string> PageAddresses(string notebook)
    {
        var name = SiteAddress.Of(Path.ChangeExtension(Path.GetRelativePath(_base, notebook), null));
        return Numbered($"{name}-notebook", ".html").Prepend($"{name}.html");
    }

    private static IEnumerable<string> Numbered(string start, string end) =>
        Enumerable.Range(2, int.MaxValue - 2).Select(i => $"{start}-{i}{end}").Prepend(start + end);

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
