using System.Net;

namespace GptEmbeddings.NotebookRunner.Site;

/// <summary>What all pages share: the head, the styles and scripts beside them.</summary>
internal static class HtmlFile
{
    /// <summary>Gives a whole HTML file.</summary>
    /// <param name="title">The title of its window.</param>
    /// <param name="address">Where in the site it lies.</param>
    /// <param name="hasCharts">Whether it needs plotly.js.</param>
    /// <param name="body">The HTML of its body.</param>
    public static string Of(string title, string address, bool hasCharts, string body)
    {
        var scripts = (string[])["site.js", .. hasCharts ? [PlotlyLibrary.FileName] : Array.Empty<string>()];
        return $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{WebUtility.HtmlEncode(title)}</title>
            <link rel="icon" href="data:,">
            <link rel="stylesheet" href="{SiteAddress.Between(address, "site.css")}">
            {string.Join('\n', scripts.Select(name => Script(SiteAddress.Between(address, name))))}
            </head>
            <body>
            {body}
            </body>
            </html>

            """;
    }

    /// <summary>Gives a picture.</summary>
    public static string Image(string address, string description) =>
        $"<img src=\"{WebUtility.HtmlEncode(address)}\" alt=\"{WebUtility.HtmlEncode(description)}\">";

    private static string Script(string address) => $"<script defer src=\"{address}\"></script>";
}
