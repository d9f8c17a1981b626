using System.Net;

namespace GptEmbeddings.NotebookRunner.Site;

/// <summary>The first page: the notebooks in reading order, each with a line and a picture.</summary>
internal static class SiteIndex
{
    private const string Purpose = "How a GPT turns words and positions into vectors. "
        + "Read the notebooks in this order; each builds on the one before.";

    /// <summary>Gives the whole HTML file.</summary>
    public static string ToHtml(IReadOnlyList<SitePage> pages)
    {
        var lessons = pages.Where(page => !page.IsSolution).ToList();
        // Solutions alone are read in their order, too.
        var shown = lessons.Count > 0 ? lessons : pages;
        var entries = shown.Select(page => Entry(
            page, pages.FirstOrDefault(other => other.IsSolution && other.Name == page.Name && other != page)));
        return HtmlFile.Of("GptEmbeddings", "index.html", hasCharts: false, $"""
            <main class="index">
            <h1>GptEmbeddings</h1>
            <p>{Purpose}</p>
            <ol>
            {string.Join('\n', entries)}
            </ol>
            </main>
            """);
    }

    private static string Entry(SitePage page, SitePage? solution) => $"""
        <li>
        <div class="text">
        <h2><a href="{SiteAddress.Between("index.html", page.Address)}">{WebUtility.HtmlEncode(page.Title)}</a></h2>
        <p>{WebUtility.HtmlEncode(page.Summary)}</p>
        {(solution is null ? "" : Exercises(page, solution))}
        </div>
        <div class="picture">{page.Picture()}</div>
        </li>
        """;

    private static string Exercises(SitePage page, SitePage solution) =>
        $"<p class=\"solution\"><a href=\"{SiteAddress.Between("index.html", solution.Address)}\">Worked exercises"
        + $"<span class=\"hidden\"> of {WebUtility.HtmlEncode(page.Title)}</span></a></p>";
}
