using System.Globalization;
using System.Text.RegularExpressions;
using GptEmbeddings.NotebookRunner.Execution;
using GptEmbeddings.NotebookRunner.Site.Book;
using GptEmbeddings.NotebookRunner.Site.Texts;

namespace GptEmbeddings.NotebookRunner.Site;

/// <summary>The page of one notebook: its prose, its code, and what the run gave.</summary>
internal sealed partial class SitePage
{
    private readonly NotebookRun _run;
    private readonly Prose _prose;
    private readonly PageParts _parts;
    private readonly string _content;

    /// <summary>Makes the page <c>solutions/01-word-embeddings.html</c>; the files take what lies beside it.</summary>
    public SitePage(NotebookRun run, string address, Prose prose, SiteFiles files)
    {
        (_run, Address, _prose, _parts) = (run, address, prose, new(address, files));
        _content = PageContent.Of(run, prose, _parts);
        Title = prose.Headings.FirstOrDefault(heading => heading.Level == 1)?.Title ?? run.Notebook.Name;
    }

    /// <summary>Where in the site the page lies, with <c>/</c> between folders.</summary>
    public string Address { get; }

    /// <summary>The notebook's first heading.</summary>
    public string Title { get; }

    /// <summary>Whether the page needs plotly.js.</summary>
    public bool HasCharts => _parts.HasCharts;

    /// <summary>The number in the notebook's name; null where it has none.</summary>
    public int? Number => NumberOf(Notebook);

    /// <summary>How long it takes to be read.</summary>
    public double Minutes => ReadingTime.Minutes(_run.Notebook);

    /// <summary>Whether the notebook holds the worked exercises of another one.</summary>
    public bool IsSolution => IsSolutionAt(Notebook);

    /// <summary>The page's name without folder and extension; a notebook and its solution have the same.</summary>
    public string Name => _run.Notebook.Name;

    /// <summary>The path of the notebook.</summary>
    public string Notebook => _run.Notebook.FullPath;

    /// <summary>The first sentence of the prose, as text.</summary>
    public string Summary => _prose.FirstSentence;

    /// <summary>What a table of contents lists.</summary>
    public IEnumerable<Prose.Heading> Sections => _prose.Headings.Where(heading => heading.Level is 2 or 3);

    /// <summary>What the search finds, by heading.</summary>
    public IReadOnlyList<SearchIndex.Section> Words => [.. _prose.Words.Select(part => new SearchIndex.Section(
        part.Heading.Anchor, part.Heading.Title, Spaces().Replace(part.Text.ToString(), " ").Trim()))];

    /// <summary>The number in a notebook's name, by which prose refers to it; null for a solution.</summary>
    public static int? NumberOf(string notebook) => !IsSolutionAt(notebook)
        && Path.GetFileName(notebook).Split('-') is [{ Length: <= 3 } digits, _, ..]
        && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>The pages that are read in turn: the lessons, or solutions where there are no others.</summary>
    public static IReadOnlyList<SitePage> Chapters(IReadOnlyList<SitePage> pages) =>
        pages.Where(page => !page.IsSolution).ToList() is { Count: > 0 } lessons ? lessons : pages;

    /// <summary>The page with the worked exercises of this one; null where there is none.</summary>
    public SitePage? SolutionIn(IEnumerable<SitePage> pages) =>
        pages.FirstOrDefault(other => other.IsSolution && other.Name == Name && other != this);

    /// <summary>What shows it at a glance, as HTML for the index: a diagram, a chart's picture, or a tensor.</summary>
    public string Picture(PageParts parts)
    {
        if (_prose.FirstPicture is { } picture)
            return HtmlFile.Image(SiteAddress.FromIndex(Address, picture.Address), picture.Description);
        if (_run.Notebook.CodeCells.SelectMany(cell => cell.SavedOutputs).Select(OutputHtml.Picture)
            .FirstOrDefault(image => image is not null) is { } chart) return parts.Of(chart);
        return _run.Cells.SelectMany(cell => cell.Outputs)
            .Select(output => output.Parts.GetValueOrDefault("text/html") ?? "")
            .FirstOrDefault(TintScale.HasTints) ?? "";
    }

    /// <summary>Gives the HTML file. Its links lead on: to the notebook before, the exercises, the next.</summary>
    public string ToHtml(string sidebar, string howToRun, IEnumerable<(string Label, SitePage Page)> links)
    {
        var onward = string.Join('\n', links.Select(link =>
            $"<a href=\"{SiteAddress.Between(Address, link.Page.Address)}\"><small>{link.Label}</small> "
            + $"{Html.Encode(link.Page.Title)}</a>"));
        return HtmlFile.Of(Title, Address, $"""
            <div class="page">
            {sidebar}
            <main id="text">
            {howToRun}
            {_content}
            <nav class="onward" aria-label="Other notebooks">
            {onward}
            </nav>
            </main>
            </div>
            """, _parts);
    }

    private static bool IsSolutionAt(string notebook) =>
        Path.GetFileName(Path.GetDirectoryName(notebook)) == "solutions";

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
