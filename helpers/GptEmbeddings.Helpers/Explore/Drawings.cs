using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Newtonsoft.Json;

namespace GptEmbeddings;

/// <summary>
/// What scripts draw in a piece of HTML: charts and explorers. Each is a box with a text and its data as JSON, and a
/// script that draws there. A box may also hold a picture, for readers where the script does not run.
/// </summary>
internal static partial class Drawings
{
    private static readonly JsonSerializerSettings _safe =
        new() { StringEscapeHandling = StringEscapeHandling.EscapeHtml };

    /// <summary>A value as JSON that may stand in a script element, and 12 hexadecimal digits that stand for
    /// it.</summary>
    public static (string Json, string Key) Json(object value)
    {
        var json = JsonConvert.SerializeObject(value, _safe);
        // Of the content, not random: running a notebook again must not change what it saves.
        return (json, Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(json)))[..12]);
    }

    /// <summary>The text of a script or style sheet that lies in an assembly, this one by default.</summary>
    public static string Resource(string name, Assembly? assembly = null)
    {
        assembly ??= typeof(Drawings).Assembly;
        using var resource = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return resource.ReadToEnd().ReplaceLineEndings("\n");
    }

    /// <summary>The drawings in a piece of HTML, each with its box and its script, as its view wrote them.</summary>
    public static IReadOnlyList<Drawing> Find(string html) =>
        [.. Pattern().Matches(html).Select(match => new Drawing(
            WithoutPictures(match.Value),
            match.Groups["told"].Value,
            match.Groups["picture"] is { Success: true } picture ? picture.Value : null))];

    /// <summary>The HTML with these pictures in the boxes of its drawings, in their order.</summary>
    public static string WithPictures(string html, IReadOnlyList<string> pictures)
    {
        var next = 0;
        return Pattern().Replace(WithoutPictures(html), match =>
            match.Groups["box"].Value + pictures[next++] + match.Value[match.Groups["box"].Length..]);
    }

    /// <summary>The HTML as the views gave it.</summary>
    public static string WithoutPictures(string html) => Pattern().Replace(html, match =>
        match.Groups["picture"].Success
            ? match.Value.Remove(match.Groups["box"].Length, match.Groups["picture"].Length) : match.Value);

    /// <summary>A drawing as its view wrote it, and its parts: box (the opening tag), kind (chart or explore),
    /// explorer (which), key, told (its label), picture, text and data (the JSON).</summary>
    [GeneratedRegex(
        """(?<box><div data-(?:(?<kind>chart)="(?<key>[0-9A-F]{12})"|"""
        + """(?<kind>explore)="(?<explorer>[^"]*)" data-key="(?<key>[0-9A-F]{12})") role="[^"]*" """
        + """aria-label="(?<told>[^"]*)" style="[^"]*">)"""
        + """(?<picture><img [^>]*>)?(?<text><(?<tag>p|pre)[^>]*>[^<]*</\k<tag>>)"""
        + """<script type="application/json">(?<data>[^<]*)</script></div>\n<script>.*?</script>""",
        RegexOptions.Singleline)]
    public static partial Regex Pattern();
}

/// <summary>A chart or an explorer in a piece of HTML.</summary>
/// <param name="Html">Its box and its script, without a picture.</param>
/// <param name="Description">What it shows, as HTML.</param>
/// <param name="Picture">The <c>img</c> in its box, or null.</param>
internal sealed record Drawing(string Html, string Description, string? Picture)
{
    /// <summary>Whether it is an explorer, and no chart.</summary>
    public bool IsExplorer => Html.StartsWith("<div data-explore", StringComparison.Ordinal);

    /// <summary>The script that draws, with its tags.</summary>
    public string Script => Html[Html.LastIndexOf("<script>", StringComparison.Ordinal)..];
}
