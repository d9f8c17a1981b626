using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace GptEmbeddings.NotebookRunner.Notebook;

/// <summary>
/// JSON in the layout in which Jupyter saves notebooks: Python's
/// <c>json.dumps(notebook, sort_keys=True, indent=1, ensure_ascii=False)</c> and a final newline.
/// Numbers keep the digits they were read with.
/// </summary>
internal static class JupyterJson
{
    /// <summary>Gives the text of a notebook file.</summary>
    public static string Write(JsonNode? node)
    {
        var text = new StringBuilder();
        Write(text, node, 0);
        return text.Append('\n').ToString();
    }

    private static void Write(StringBuilder text, JsonNode? node, int depth)
    {
        switch (node)
        {
            case null:
                text.Append("null");
                break;
            case JsonObject members:
                WriteList(text, '{', '}', depth, [.. members.OrderBy(member => member.Key, _codePoints)], member =>
                {
                    WriteString(text, member.Key);
                    text.Append(": ");
                    Write(text, member.Value, depth + 1);
                });
                break;
            case JsonArray items:
                WriteList<JsonNode?>(text, '[', ']', depth, [.. items], item => Write(text, item, depth + 1));
                break;
            case JsonValue value when value.TryGetValue(out string? content):
                WriteString(text, content);
                break;
            default:
                text.Append(node.ToJsonString());
                break;
        }
    }

    private static void WriteList<T>(
        StringBuilder text, char open, char close, int depth, IReadOnlyList<T> items, Action<T> write)
    {
        text.Append(open);
        for (var i = 0; i < items.Count; i++)
        {
            text.Append(i == 0 ? "\n" : ",\n").Append(' ', depth + 1);
            write(items[i]);
        }

        if (items.Count > 0) text.Append('\n').Append(' ', depth);
        text.Append(close);
    }

    private static void WriteString(StringBuilder text, string content)
    {
        text.Append('"');
        foreach (var c in content)
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append(@"\\"),
                '\n' => text.Append(@"\n"),
                '\r' => text.Append(@"\r"),
                '\t' => text.Append(@"\t"),
                '\b' => text.Append(@"\b"),
                '\f' => text.Append(@"\f"),
                < ' ' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => text.Append(c),
            };
        text.Append('"');
    }

    // Python orders strings by code point. UTF-16 orders characters beyond U+FFFF before some that are below.
    private static readonly Comparer<string> _codePoints = Comparer<string>.Create((a, b) =>
        Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b)));
}
