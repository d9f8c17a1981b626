namespace GptEmbeddings.NotebookRunner.Site.Book;

/// <summary>What leads around: the chapters beside the text, with the place in this one.</summary>
internal static class Sidebar
{
    /// <summary>Gives the chapters for the page at an address. On a narrow screen they are folded.</summary>
    public static string Of(string address, IReadOnlyList<SitePage> pages, string? glossary)
    {
        var chapters = SitePage.Chapters(pages).Select(page => Chapter(address, page, pages));
        var entry = glossary is null ? "" : $"<li>{Link(address, glossary, "Glossary")}</li>";
        return $"""
            <nav class="book" aria-label="Chapters">
            <details><summary>Chapters</summary>
            <ol>
            {string.Join('\n', chapters)}
            {entry}
            </ol>
            </details>
            </nav>
            """;
    }

    private static string Chapter(string address, SitePage page, IReadOnlyList<SitePage> pages)
    {
        var solution = page.SolutionIn(pages);
        var open = address == page.Address || address == solution?.Address;
        var sections = address == page.Address ? Sections(page) : "";
        var exercises = !open || solution is null ? "" : $"<li>{Link(address, solution.Address, "Worked exercises")}"
            + $"{(address == solution.Address ? List(Sections(solution)) : "")}</li>\n";
        return $"<li>{Link(address, page.Address, page.Title)}{(open ? List(sections + exercises) : "")}</li>";
    }

    private static string Sections(SitePage page) => string.Concat(page.Sections.Select(heading =>
        $"<li class=\"level{heading.Level}\"><a href=\"#{Html.Encode(heading.Anchor)}\">"
        + $"{Html.Encode(heading.Title)}</a></li>\n"));

    private static string List(string entries) =>
        entries.Length == 0 ? "" : $"\n<ul class=\"contents\">\n{entries}</ul>\n";

    private static string Link(string from, string to, string title) =>
        $"<a href=\"{SiteAddress.Between(from, to)}\"{(from == to ? " aria-current=\"page\"" : "")}>"
        + $"{Html.Encode(title)}</a>";
}
