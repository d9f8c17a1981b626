using System.Buffers;
using System.Text.Json.Nodes;

namespace GptEmbeddings.NotebookRunner.Notebook;

/// <summary>Text that a notebook file stores as a list of lines, each with its line break.</summary>
internal static class MultilineText
{
    // Where Python's str.splitlines breaks a line, which is what Jupyter calls before it saves.
    private static readonly SearchValues<char> _lineBreaks =
        SearchValues.Create("\n\r\v\f\u001c\u001d\u001e\u0085\u2028\u2029");

    /// <summary>Joins what a file holds: a list of lines, or one string.</summary>
    /// <returns>The text, or null when the node holds anything else.</returns>
    public static string? Read(JsonNode? node) => node switch
    {
        JsonArray lines when lines.All(line => Content(line) is not null) => string.Concat(lines.Select(Content)),
        _ => Content(node),
    };

    /// <summary>Splits text into the list that Jupyter saves.</summary>
    public static JsonArray Write(string text)
    {
        var lines = new JsonArray();
        for (var start = 0; start < text.Length;)
        {
            var end = text.AsSpan(start).IndexOfAny(_lineBreaks);
            end = end < 0 ? text.Length : start + end + 1;
            if (end < text.Length && text[end - 1] == '\r' && text[end] == '\n') end++;
            lines.Add((JsonNode)text[start..end]);
            start = end;
        }

        return lines;
    }

    private static string? Content(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue(out string? content) ? content : null;
}
