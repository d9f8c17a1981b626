using System.Net;
using System.Security.Cryptography;
using System.Text;
using Newtonsoft.Json;

namespace GptEmbeddings;

/// <summary>The few pieces of HTML that all views are made of.</summary>
internal static class Html
{
    private static readonly JsonSerializerSettings Safe =
        new() { StringEscapeHandling = StringEscapeHandling.EscapeHtml };

    public static string Encode(string text) => WebUtility.HtmlEncode(text);

    /// <summary>A value as JSON that may stand in a script element, and 12 hexadecimal digits that stand for
    /// it.</summary>
    public static (string Json, string Key) Json(object value)
    {
        var json = JsonConvert.SerializeObject(value, Safe);
        // Of the content, not random: running a notebook again must not change what it saves.
        return (json, Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(json)))[..12]);
    }

    /// <summary>The text of a script or style sheet that lies in this assembly.</summary>
    public static string Resource(string name)
    {
        using var resource = new StreamReader(typeof(Html).Assembly.GetManifestResourceStream(name)!);
        return resource.ReadToEnd().ReplaceLineEndings("\n");
    }

    /// <summary>Preformatted HTML below a line with a name in bold and facts, where there are any.</summary>
    public static string Block(string? name, string preformatted, params IEnumerable<string> facts)
    {
        var parts = facts.Select(Encode);
        if (name is not null) parts = parts.Prepend($"<b>{Encode(name)}</b>");
        var header = string.Join(" · ", parts);
        if (header.Length > 0) header = $"<div style=\"font-size:0.9em;opacity:0.85;margin-top:0.4em\">{header}</div>";
        const string style = "margin:0.2em 0 0.4em;line-height:1.45;white-space:pre;overflow-x:auto";
        return $"{header}<pre style=\"{style}\">{preformatted}</pre>";
    }
}
