using GptEmbeddings.NotebookRunner.Site.Book;

namespace GptEmbeddings.NotebookRunner.Site;

/// <summary>The first page: the notebooks in reading order, each with what it answers and a picture.</summary>
internal static class SiteIndex
{
    private const string Purpose = "How a GPT turns words and positions into vectors. "
        + "Read the notebooks in this order; each builds on the one before.";

    /// <summary>Gives the whole HTML file. The files take its pictures.</summary>
    public static string ToHtml(IReadOnlyList<SitePage> pages, Readme readme, string? glossary, SiteFiles files)
    {
        var parts = new PageParts("index.html", files);
        var entries = SitePage.Chapters(pages).Select(page => Entry(
            page, readme.Question(page.Notebook) ?? page.Summary, page.Picture(parts),
            page.SolutionIn(pages)));
        return HtmlFile.Of("GptEmbeddings", "index.html", $"""
            <main class="index" id="text">
            <h1>GptEmbeddings</h1>
            <p>{Purpose}</p>
            <ol>
            {string.Join('\n', entries)}
            </ol>
            {(glossary is null ? ""
                : $"<p><a href=\"{SiteAddress.Between("index.html", glossary)}\">Glossary</a></p>")}
            </main>
            """);
    }

    private static string Entry(SitePage page, string question, string picture, SitePage? solution) => $"""
        <li>
        <div class="text">
        <h2><a href="{SiteAddress.Between("index.html", page.Address)}">{Html.Encode(page.Title)}</a></h2>
        <p>{Html.Encode(question)}</p>
        {(solution is null ? "" : Exercises(page, solution))}
        </div>
        <div class="picture">{picture}</div>
        </li>
        """;

    private static string Exercises(SitePage page, SitePage solution) =>
        $"<p class=\"solution\"><a href=\"{SiteAddress.Between("index.html", solution.Address)}\">Worked exercises"
        + $"<span class=\"hidden\"> of {Html.Encode(page.Title)}</span></a></p>";
}
