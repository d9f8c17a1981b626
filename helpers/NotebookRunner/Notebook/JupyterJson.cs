using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
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
    /// <summary>How JSON is read: a deeper nesting than anyone needs would only take long to write.</summary>
    public static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = 200 };

    /// <summary>Reads a notebook file.</summary>
    /// <exception cref="FormatException">It is no UTF-8, no JSON, or holds half a character.</exception>
    public static JsonNode? Read(byte[] bytes)
    {
        var text = "";
        try
        {
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes).TrimStart('\uFEFF');
            var node = JsonNode.Parse(text, null, Options);
            // Also reads every string, so that half a surrogate pair is found here and not when saving.
            _ = Write(node);
            return node;
        }
        catch (DecoderFallbackException problem)
        {
            throw new FormatException($"not UTF-8: byte 0x{problem.BytesUnknown![0]:X2} at offset {problem.Index}.");
        }
        catch (JsonException problem)
        {
            throw new FormatException(Problem(text, problem));
        }
        catch (InvalidOperationException)
        {
            throw new FormatException(@"malformed JSON: a string holds half a character (a lone \ud800 to \udfff).");
        }
    }

    /// <summary>Gives the text of a notebook file.</summary>
    public static string Write(JsonNode? node) => Text(node, "\n") + "\n";

    private static string Problem(string text, JsonException problem)
    {
        if (IsJson(text, Options.MaxDepth)) return "malformed JSON: an object has two members of one name.";
        if (IsJson(text, int.MaxValue)) return $"its JSON is nested more than {Options.MaxDepth} levels deep.";
        var lines = text.Split('\n');
        var line = (int)(problem.LineNumber ?? 0);
        var before = Encoding.UTF8.GetBytes(lines[line]).AsSpan(0, (int)(problem.BytePositionInLine ?? 0));
        var column = Encoding.UTF8.GetCharCount(before);
        var found = column < lines[line].Length ? $"{Rune.GetRuneAt(lines[line], column)} cannot stand there."
            : line < lines.Length - 1 ? "the line cannot end there." : "the file ends there, before its JSON does.";
        return $"malformed JSON at line {line + 1}, column {column + 1}: {found}";
    }

    private static bool IsJson(string text, int depth)
    {
        try
        {
            JsonDocument.Parse(text, new() { MaxDepth = depth }).Dispose();
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

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
