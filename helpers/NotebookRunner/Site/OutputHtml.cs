using System.Net;
using System.Text;
using GptEmbeddings.NotebookRunner.Notebook;

namespace GptEmbeddings.NotebookRunner.Site;

/// <summary>An output as a notebook shows it.</summary>
internal static class OutputHtml
{
    /// <summary>Gives the richest of its formats as HTML. HTML of an output stays as it is: it comes from the
    /// notebook's own code.</summary>
    public static string Of(CellOutput output)
    {
        if (output.Type == "stream")
            return Text(output.Parts.Values.Single(), $" class=\"{output.Parts.Keys.Single()}\"");
        if (output.Parts.TryGetValue("text/html", out var html)) return html;
        if (output.Parts.ContainsKey("image/svg+xml") || output.Parts.ContainsKey("image/png")) return Image(output);
        return Text(output.Parts.GetValueOrDefault("text/plain") ?? $"({output.Kind})");
    }

    /// <summary>Gives its picture, which it must have.</summary>
    public static string Image(CellOutput output)
    {
        var (type, content) = output.Parts.TryGetValue("image/svg+xml", out var svg)
            ? ("image/svg+xml", Convert.ToBase64String(Encoding.UTF8.GetBytes(svg)))
            : ("image/png", output.Parts["image/png"].ReplaceLineEndings(""));
        return HtmlFile.Image(
            $"data:{type};base64,{content}", output.Parts.GetValueOrDefault("text/plain") ?? "picture");
    }

    private static string Text(string text, string attributes = "") =>
        $"<pre{attributes}>{WebUtility.HtmlEncode(text)}</pre>";
}
