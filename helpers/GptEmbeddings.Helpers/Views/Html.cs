using System.Net;

namespace GptEmbeddings;

/// <summary>The few pieces of HTML that all views are made of.</summary>
internal static class Html
{
    public static string Encode(string text) => WebUtility.HtmlEncode(text);

    /// <summary>Preformatted HTML below a line with a name in bold and facts, where there are any.</summary>
    public static string Block(string? name, string preformatted, params IEnumerable<string> facts)
    {
        var parts = facts.Select(Encode);
        if (name is not null) parts = parts.Prepend($"<b>{Encode(name)}</b>");
        var header = string.Join(" · ", parts);
        if (header.Length > 0) header = $"<div style=\"font-size:0.9em;opacity:0.85;margin-top:0.4em\">{header}</div>";
        const string style = "margin:0.2em 0 0.4em;line-height:1.45;white-space:pre-wrap;overflow-x:auto";
        return $"{header}<pre style=\"{style}\">{preformatted}</pre>";
    }
}
