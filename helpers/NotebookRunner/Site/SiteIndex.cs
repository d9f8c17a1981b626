using GptEmbeddings.NotebookRunner.Site.Book;

namespace GptEmbeddings.NotebookRunner.Site;

/// <summary>The first page: a map of the road, and the notebooks in reading order, each with what it answers and a
/// picture.</summary>
internal static class SiteIndex
{
    // Notebooks with higher numbers are side trips.
    private const int EndOfRoad = 6;

    private const string Purpose = "How a GPT turns words and positions into vectors. "
        + "On the road each notebook builds on the one before; side trips go further, in any order.";

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
            {Map(SitePage.Chapters(pages))}
            <ol>
            {string.Join('\n', entries)}
            </ol>
            {(glossary is null ? ""
                : $"<p><a href=\"{SiteAddress.Between("index.html", glossary)}\">Glossary</a></p>")}
            </main>
            """);
    }

    private static string Map(IReadOnlyList<SitePage> chapters)
    {
        var stops = chapters.Where(page => page.Number is not null)
            .Select(page => (page.Number, page.Minutes, Html: Stop(page, page.Minutes))).ToLookup(
                stop => stop.Number <= EndOfRoad);
        var minutes = TimeSpan.FromMinutes(stops[true].Sum(stop => stop.Minutes));
        return $"{List("road", $"The road, {(int)minutes.TotalHours} h {minutes.Minutes} min of reading", true)}"
            + List("side", "Side trips, in any order", false);

        string List(string kind, string title, bool isRoad) => !stops[isRoad].Any() ? "" : $"""
            <nav class="map {kind}" aria-label="{title}">
            <p>{title}</p>
            <ul>
            {string.Join('\n', stops[isRoad].Select(stop => stop.Html))}
            </ul>
            </nav>

            """;
    }

    private static string Stop(SitePage page, double minutes)
    {
        var (number, dot) = (page.Number, $"{page.Number}. ");
        var title = page.Title.StartsWith(dot, StringComparison.Ordinal) ? page.Title[dot.Length..] : page.Title;
        var address = SiteAddress.Between("index.html", page.Address);
        return $"<li><a href=\"{address}\"><span class=\"stop\">{number}</span> "
            + $"<b>{Html.Encode(title)}</b> <small>{Math.Max(1, Math.Round(minutes))} min</small></a></li>";
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
