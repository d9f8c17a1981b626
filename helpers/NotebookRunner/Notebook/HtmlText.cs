using System.Net;
using System.Text.RegularExpressions;

namespace GptEmbeddings.NotebookRunner.Notebook;

/// <summary>The text in HTML.</summary>
internal static partial class HtmlText
{
    /// <summary>Leaves styles, scripts, comments and tags out, and decodes the rest. As in a browser, what does not
    /// end goes to the end of the text.</summary>
    public static string Of(string html) => WebUtility.HtmlDecode(Markup().Replace(html, "")).Trim();

    [GeneratedRegex(@"<(style|script)\b.*?(?:</\1\s*>|\z)|<!--.*?(?:-->|\z)|<[^<>]*>",
        RegexOptions.Singleline | RegexOptions.IgnoreCase)]
    private static partial Regex Markup();
}
