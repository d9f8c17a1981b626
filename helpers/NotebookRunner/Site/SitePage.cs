using System.Net;
using System.Text;
using GptEmbeddings.NotebookRunner.Execution;

namespace GptEmbeddings.NotebookRunner.Site;

/// <summary>The page of one notebook: its prose, its code, and what the run gave.</summary>
internal sealed class SitePage
{
    private readonly NotebookRun _run;
    private readonly Prose _prose;
    private readonly string _content;

    /// <summary>Makes the page.</summary>
    /// <param name="run">What came of the notebook.</param>
    /// <param name="address">Where in the site the page lies: <c>solutions/01-word-embeddings.html</c>.</param>
    /// <param name="resolve">Gives the address that a link of the notebook has on the page; null when there is nothing
    /// to link to.</param>
    public SitePage(NotebookRun run, string address, Func<string, string?> resolve)
    {
        (_run, Address) = (run, address);
        _prose = new(resolve);
        _content = Content();
        Title = _prose.Headings.FirstOrDefault(heading => heading.Level == 1)?.Title ?? run.Notebook.Name;
        HasCharts = run.Cells.SelectMany(cell => cell.Outputs).SelectMany(output => output.Drawings)
            .Any(drawing => drawing.IsChart);
    }

    /// <summary>Where in the site the page lies, with <c>/</c> between folders.</summary>
    public string Address { get; }

    /// <summary>The notebook's first heading.</summary>
    public string Title { get; }

    /// <summary>Whether the page needs plotly.js.</summary>
    public bool HasCharts { get; }

    /// <summary>Whether the notebook holds the worked exercises of another one.</summary>
    public bool IsSolution => Path.GetFileName(Path.GetDirectoryName(_run.Notebook.FullPath)) == "solutions";

    /// <summary>The page's name without folder and extension; a notebook and its solution have the same.</summary>
    public string Name => _run.Notebook.Name;

    /// <summary>The first sentence of the prose, as text.</summary>
    public string Summary => _prose.FirstSentence;

    /// <summary>What shows the notebook at a glance, as HTML for the index: a diagram, the saved picture of a chart, or
    /// a tensor.</summary>
    public string Picture()
    {
        var folder = Address[..(Address.LastIndexOf('/') + 1)];
        if (_prose.FirstPicture is { } picture)
            return HtmlFile.Image(folder + picture.Address, picture.Description);
        if (_run.Notebook.CodeCells.SelectMany(cell => cell.SavedOutputs)
            .FirstOrDefault(output => output.Parts.ContainsKey("image/png"))
            is { } chart) return OutputHtml.Image(chart);
        return _run.Cells.SelectMany(cell => cell.Outputs).Select(OutputHtml.Of)
            .FirstOrDefault(html => html.Contains("background:rgba", StringComparison.Ordinal)) ?? "";
    }

    /// <summary>Gives the whole HTML file.</summary>
    /// <param name="links">What leads on from here: the notebook before, the exercises, the next one.</param>
    public string ToHtml(IEnumerable<(string Label, SitePage Page)> links)
    {
        var sections = _prose.Headings.Where(heading => heading.Level is 2 or 3).ToList();
        var contents = sections.Count == 0 ? "" : $"""
            <nav class="contents" aria-label="On this page">
            <details open><summary>On this page</summary>
            <ul>
            {string.Join('\n', sections.Select(Entry))}
            </ul>
            </details>
            </nav>
            """;
        var onward = string.Join('\n', links.Select(link =>
            $"<a href=\"{SiteAddress.Between(Address, link.Page.Address)}\"><small>{link.Label}</small> "
            + $"{WebUtility.HtmlEncode(link.Page.Title)}</a>"));
        return HtmlFile.Of(Title, Address, HasCharts, $"""
            <header class="top"><a href="{SiteAddress.Between(Address, "index.html")}">GptEmbeddings</a></header>
            <div class="page">
            {contents}
            <main>
            {_content}
            </main>
            </div>
            <nav class="onward" aria-label="Other notebooks">
            {onward}
            </nav>
            """);
    }

    private static string Entry(Prose.Heading heading) =>
        $"<li class=\"level{heading.Level}\"><a href=\"#{WebUtility.HtmlEncode(heading.Anchor)}\">"
        + $"{WebUtility.HtmlEncode(heading.Title)}</a></li>";

    private string Content()
    {
        var html = new StringBuilder();
        var runs = _run.Cells.ToDictionary(cell => cell.Cell);
        foreach (var cell in _run.Notebook.Cells)
        {
            if (cell.Number is null)
            {
                if (cell.Type == "markdown")
                    html.Append("<section class=\"prose\">\n").Append(_prose.ToHtml(cell.Source))
                    .Append("</section>\n");
                continue;
            }

            var code = CSharpHighlighter.ToHtml(cell.Source);
            var number = $"<span class=\"number\" aria-hidden=\"true\">[{cell.Number}]</span>";
            html.Append($"""
                <section class="cell" id="cell-{cell.Number}" aria-label="Cell {cell.Number}">
                <div class="code">{number}<pre><code>{code}</code></pre></div>

                """);
            if (runs.TryGetValue(cell, out var run)) AppendResult(html, run);
            else html.Append("<p class=\"not-run\">This cell was not run, since one above it failed.</p>\n");
            html.Append("</section>\n");
        }

        return html.ToString();
    }

    private static void AppendResult(StringBuilder html, CellRun run)
    {
        foreach (var output in run.Outputs)
            html.Append("<div class=\"output\">").Append(OutputHtml.Of(output)).Append("</div>\n");
        if (run.Failure is not null)
            html.Append("<div class=\"failure\"><strong>This cell failed.</strong><pre>")
                .Append(WebUtility.HtmlEncode(run.Failure)).Append("</pre></div>\n");
    }
}
