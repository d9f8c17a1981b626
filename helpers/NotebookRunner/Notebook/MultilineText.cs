using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace GptEmbeddings.NotebookRunner.Notebook;

/// <summary>Text that a notebook file stores as a list of lines, each with its line break.</summary>
internal static partial class MultilineText
{
    /// <summary>Joins what a file holds: a list of lines, or one string. Null for anything else.</summary>
    public static string? Read(JsonNode? node) =>
        node is JsonArray lines && lines.All(line => Content(line) is not null)
            ? string.Concat(lines.Select(Content)) : Content(node);

    /// <summary>Splits text into the list that Jupyter saves.</summary>
    public static JsonArray Write(string text) =>
        [.. Line().Matches(text).Where(line => line.Length > 0).Select(line => (JsonNode)line.Value)];

    private static string? Content(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue(out string? content) ? content : null;

    // Python's str.splitlines breaks lines there, which is what Jupyter calls before it saves.
    [GeneratedRegex(@".*?(\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]|\z)", RegexOptions.Singleline)]
    private static partial Regex Line();
}
