using GptEmbeddings.NotebookRunner.Pictures;

namespace GptEmbeddings.NotebookRunner.Site;

/// <summary>What all pages share: the head, what may run, the styles and scripts beside them, and the bar on top, to
/// which scripts add the search and the switch of the theme.</summary>
internal static class HtmlFile
{
    /// <summary>The files that every page uses.</summary>
    public static readonly IReadOnlyList<string> Assets = ["site.css", "theme.js", "site.js", "search.js", "terms.js"];

    /// <summary>Gives a whole HTML file for an address in the site; its content needs nothing without parts.</summary>
    public static string Of(string title, string address, string body, PageParts? parts = null)
    {
        var late = Assets.Where(name => name is not ("site.css" or "theme.js"))
            .Concat(parts is { HasCharts: true } ? [PlotlyLibrary.FileName] : []);
        return $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="{Policy(parts?.Scripts ?? [])}">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{Html.Encode(title)}</title>
            <link rel="icon" href="data:,">
            <link rel="stylesheet" href="{SiteAddress.Between(address, "site.css")}">
            <script src="{SiteAddress.Between(address, "theme.js")}"></script>
            {string.Join('\n', late.Select(name =>
                $"<script defer src=\"{SiteAddress.Between(address, name)}\"></script>"))}
            </head>
            <body>
            <a class="skip" href="#text">Skip to the text</a>
            <header class="top">
            <a class="home" href="{SiteAddress.Between(address, "index.html")}">GptEmbeddings</a>
            </header>
            {body}
            </body>
            </html>

            """;
    }

    public static string Image(string address, string description) =>
        $"<img src=\"{Html.Encode(address)}\" alt=\"{Html.Encode(description)}\">";

    // No network, no script but the site's files and those of charts and explorers. Tensors and charts set styles.
    private static string Policy(IEnumerable<string> scripts) =>
        $"default-src 'none'; script-src {string.Join(' ', scripts.Prepend("'self'"))}; "
        + "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; base-uri 'none'; form-action 'none'";
}
