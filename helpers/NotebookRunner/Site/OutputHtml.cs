using System.Text.RegularExpressions;
using GptEmbeddings.NotebookRunner.Notebook;

namespace GptEmbeddings.NotebookRunner.Site;

/// <summary>An output as a notebook shows it.</summary>
internal static partial class OutputHtml
{
    /// <summary>Gives the richest of its formats as HTML. HTML of an output comes from the notebook's own code, and
    /// stays but for what <see cref="PageParts"/> does.</summary>
    public static string Of(CellOutput output, PageParts parts)
    {
        if (output.Type is "stream" or "error")
            return Text(output.Parts.Values.Single(), $" class=\"{output.Parts.Keys.Single()}\"");
        if (output.Parts.TryGetValue("text/html", out var html)) return parts.Of(Control().Replace(html, ""));
        if (Picture(output) is { } picture) return parts.Of(picture);
        return Text(output.Parts.GetValueOrDefault("text/plain") ?? $"({output.Kind})");
    }

    /// <summary>Gives its picture, if it has one.</summary>
    public static string? Picture(CellOutput output) =>
        PageParts.PictureTypes.FirstOrDefault(output.Parts.ContainsKey) is not { } type ? null : HtmlFile.Image(
            PageParts.DataUri(type, output.Parts[type]), output.Parts.GetValueOrDefault("text/plain") ?? "picture");

    /// <summary>Whether it is text without columns, whose lines may wrap.</summary>
    public static bool IsRunningText(CellOutput output) =>
        output.Parts.Keys.All(type => type is "stdout" or "stderr" or "text/plain")
        && !output.Parts.Values.Any(text => text.Contains("  ", StringComparison.Ordinal) || text.Contains('\t'));

    /// <summary>Gives printed text as a terminal shows it.</summary>
    public static string Text(string text, string attributes = "") =>
        $"<pre{attributes}>{string.Concat(ScreenText.Pieces(text).Select(piece => piece.Look.Length == 0
            ? Html.Encode(piece.Text) : $"<span class=\"{piece.Look}\">{Html.Encode(piece.Text)}</span>"))}</pre>";

    // A terminal's sequences and the control characters, which HTML does not know.
    [GeneratedRegex(@"\e\[[ -?]*[@-~]|\e\][^\a\e\n]*(?:\a|\e\\)?|[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")]
    private static partial Regex Control();
}
