using Ganss.Xss;
using GptEmbeddings.NotebookRunner.Notebook;

namespace GptEmbeddings.NotebookRunner.Site.Texts;

/// <summary>
/// Prose without active content. A notebook's prose may hold any HTML; of that, what shows text, tables and pictures
/// remains. What runs, loads, submits or moves the page does not.
/// </summary>
internal static class SafeHtml
{
    private static readonly string[] _tags =
    [
        "a", "abbr", "b", "blockquote", "br", "caption", "cite", "code", "dd", "del", "details", "div", "dl", "dt",
        "em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "mark",
        "ol", "p", "pre", "q", "s", "samp", "small", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td",
        "tfoot", "th", "thead", "tr", "u", "ul", "var", "wbr",
    ];

    private static readonly string[] _attributes =
    [
        "alt", "aria-label", "class", "colspan", "data-meaning", "height", "href", "id", "lang", "open", "rowspan",
        "scope", "src", "start", "style", "tabindex", "title", "width",
    ];

    // Their text is no prose.
    private static readonly HashSet<string> _notText =
        new(["script", "style", "iframe", "noscript", "template", "object", "svg", "math"],
            StringComparer.OrdinalIgnoreCase);

    private static readonly HtmlSanitizer _sanitizer = Create();

    /// <summary>Gives it, or null where it is nested too deeply or takes too long to be understood.</summary>
    public static string? Of(string html) => Bounded.Run(() =>
        Bounded.IsShallow(html) ? _sanitizer.Sanitize(html).ReplaceLineEndings("\n") : null);

    private static HtmlSanitizer Create()
    {
        var sanitizer = new HtmlSanitizer(new HtmlSanitizerOptions
        {
            AllowedTags = new HashSet<string>(_tags, StringComparer.OrdinalIgnoreCase),
            AllowedAttributes = new HashSet<string>(_attributes, StringComparer.OrdinalIgnoreCase),
            AllowedSchemes = new HashSet<string>(["http", "https", "mailto"], StringComparer.OrdinalIgnoreCase),
            UriAttributes = new HashSet<string>(["href", "src"], StringComparer.OrdinalIgnoreCase),
            // The columns of tables are aligned so.
            AllowedCssProperties = new HashSet<string>(["text-align"], StringComparer.OrdinalIgnoreCase),
        });
        sanitizer.KeepChildNodes = true;
        sanitizer.RemovingTag += (_, removing) =>
        {
            if (_notText.Contains(removing.Tag.LocalName)) removing.Tag.TextContent = "";
        };
        return sanitizer;
    }
}
