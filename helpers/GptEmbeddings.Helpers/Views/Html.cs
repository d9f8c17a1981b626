using System.Net;

namespace GptEmbeddings;

/// <summary>The few pieces of HTML that all views are made of.</summary>
internal static class Html
{
    public static string Encode(string text) => WebUtility.HtmlEncode(text);

    /// <summary>A line above the value: its name in bold, then facts about it. Empty if there are none.</summary>
    public static string Header(string? name, params IEnumerable<string> facts)
    {
        var parts = facts.Select(Encode);
        if (name is not null) parts = parts.Prepend($"<b>{Encode(name)}</b>");
        return string.Join(" · ", parts);
    }

    /// <summary>A header above preformatted text that is HTML already.</summary>
    public static string Block(string header, string preformatted) =>
        (header.Length > 0 ? $"<div style=\"font-size:0.9em;opacity:0.85;margin-top:0.4em\">{header}</div>" : "")
        + $"<pre style=\"margin:0.2em 0 0.4em;line-height:1.45;white-space:pre;overflow-x:auto\">{preformatted}</pre>";
}
