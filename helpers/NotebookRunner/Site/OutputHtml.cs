using System.Text;
using GptEmbeddings.NotebookRunner.Notebook;

namespace GptEmbeddings.NotebookRunner.Site;

/// <summary>An output as a notebook shows it.</summary>
internal static class OutputHtml
{
    /// <summary>Gives the richest of its formats as HTML. HTML of an output comes from the notebook's own code, and
    /// stays but for what <see cref="PageParts"/> does.</summary>
    public static string Of(CellOutput output, PageParts parts)
    {
        if (output.Type is "stream" or "error")
            return Text(output.Parts.Values.Single(), $" class=\"{output.Parts.Keys.Single()}\"");
        if (output.Parts.TryGetValue("text/html", out var html)) return parts.Of(html);
        if (Picture(output) is { } picture) return parts.Of(picture);
        return Text(output.Parts.GetValueOrDefault("text/plain") ?? $"({output.Kind})");
    }

    /// <summary>Gives its picture, if it has one.</summary>
    public static string? Picture(CellOutput output)
    {
        var (type, content) = output.Parts.TryGetValue("image/svg+xml", out var svg)
            ? ("image/svg+xml", Convert.ToBase64String(Encoding.UTF8.GetBytes(svg)))
            : ("image/png", output.Parts.GetValueOrDefault("image/png")?.ReplaceLineEndings(""));
        return content is null ? null : HtmlFile.Image(
            $"data:{type};base64,{content}", output.Parts.GetValueOrDefault("text/plain") ?? "picture");
    }

    private static string Text(string text, string attributes = "") =>
        $"<pre{attributes}>{Html.Encode(text)}</pre>";
}
