using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace GptEmbeddings.NotebookRunner.Notebook;

/// <summary>
/// JSON in the layout in which Jupyter saves notebooks: Python's
/// <c>json.dumps(notebook, sort_keys=True, indent=1, ensure_ascii=False)</c> and a final newline.
/// Numbers keep the digits they were read with.
/// </summary>
internal static partial class JupyterJson
{
    /// <summary>Gives the text of a notebook file.</summary>
    public static string Write(JsonNode? node) => Text(node, "\n") + "\n";

    private static string Text(JsonNode? node, string lineBreak) => node switch
    {
        null => "null",
        JsonObject members => List('{', '}', lineBreak, members.OrderBy(member => member.Key, _codePoints)
            .Select(member => $"{Quote(member.Key)}: {Text(member.Value, lineBreak + " ")}")),
        JsonArray items => List('[', ']', lineBreak, items.Select(item => Text(item, lineBreak + " "))),
        JsonValue value when value.TryGetValue(out string? text) => Quote(text),
        _ => node.ToJsonString(),
    };

    private static string List(char open, char close, string lineBreak, IEnumerable<string> items)
    {
        var list = string.Join($",{lineBreak} ", items);
        return list.Length == 0 ? $"{open}{close}" : $"{open}{lineBreak} {list}{lineBreak}{close}";
    }

    // Python writes the digits of an escape in lower case.
    private static string Quote(string text) => $"\"{Escaped().Replace(text, match =>
        JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(match.Value).ToLowerInvariant())}\"";

    [GeneratedRegex(@"[""\\\x00-\x1f]")]
    private static partial Regex Escaped();

    // Python orders strings by code point. UTF-16 orders characters beyond U+FFFF before some that are below.
    private static readonly Comparer<string> _codePoints = Comparer<string>.Create((a, b) =>
        Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b)));
}
