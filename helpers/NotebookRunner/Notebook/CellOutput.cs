using System.Text.Json;
using System.Text.Json.Nodes;

namespace GptEmbeddings.NotebookRunner.Notebook;

/// <summary>One output of a cell: printed text, or a displayed value in one or more formats.</summary>
/// <param name="Type">
/// Jupyter's name for it: <c>stream</c>, <c>execute_result</c>, <c>display_data</c> or <c>error</c>.
/// </param>
/// <param name="Parts">The text by MIME type; for a stream, by <c>stdout</c> or <c>stderr</c>.</param>
internal sealed record CellOutput(string Type, IReadOnlyDictionary<string, string> Parts)
{
    private const string Json = "application/json", Failure = "error";

    // A file nests it deeper, and is read to some depth only.
    private static readonly JsonDocumentOptions _flat = new() { MaxDepth = 32 };

    /// <summary>What a notebook file notes about the formats, by MIME type.</summary>
    public JsonObject Metadata { get; init; } = [];

    public static CellOutput Stream(string name, string text) =>
        new("stream", new Dictionary<string, string> { [name] = text });

    /// <summary>Why a cell failed that may.</summary>
    public static CellOutput Error(string message) =>
        new(Failure, new Dictionary<string, string> { [Failure] = message });

    /// <summary>The value of a cell's last expression, by MIME type.</summary>
    /// <exception cref="JsonException">One that must be JSON is none.</exception>
    public static CellOutput Result(IReadOnlyDictionary<string, string> data) =>
        new("execute_result", data.ToDictionary(part => part.Key,
            part => part.Key == Json ? Layout(JsonNode.Parse(part.Value, null, _flat)) : part.Value));

    /// <summary>What the output consists of, without its text.</summary>
    public string Kind => $"{Type} ({string.Join(", ", Parts.Keys.Order(StringComparer.Ordinal))})";

    /// <summary>The charts and explorers that it shows.</summary>
    public IReadOnlyList<Drawing> Drawings =>
        Parts.TryGetValue("text/html", out var html) ? GptEmbeddings.Drawings.Find(html) : [];

    public static CellOutput Read(JsonObject output)
    {
        var type = Text("output_type");
        if (type == "stream") return Stream(Text("name"), Text("text"));
        if (type == Failure) return Error(Text("evalue"));
        return new(type, (output["data"] as JsonObject ?? []).ToDictionary(
            part => part.Key,
            part => (part.Key == Json ? null : MultilineText.Read(part.Value)) ?? Layout(part.Value)))
        {
            Metadata = output["metadata"] as JsonObject ?? [],
        };

        string Text(string name) => MultilineText.Read(output[name]) ?? "";
    }

    private static string Layout(JsonNode? json) => JupyterJson.Write(json).TrimEnd('\n');

    /// <summary>Gives the output as a notebook file holds it.</summary>
    public JsonObject ToJson(int executionCount)
    {
        if (Type == "stream")
        {
            var (name, text) = Parts.Single();
            return new() { ["output_type"] = Type, ["name"] = name, ["text"] = text };
        }

        if (Type == Failure)
        {
            var message = Parts[Failure];
            return new()
            {
                ["output_type"] = Type,
                ["ename"] = "Error",
                ["evalue"] = message,
                ["traceback"] = new JsonArray([.. message.Split('\n')]),
            };
        }

        var data = Parts.Select(part => KeyValuePair.Create<string, JsonNode?>(
            part.Key, part.Key == Json ? JsonNode.Parse(part.Value, null, JupyterJson.Options) : part.Value));
        return new()
        {
            ["output_type"] = Type,
            ["data"] = new JsonObject(data),
            ["execution_count"] = executionCount,
            ["metadata"] = Metadata.DeepClone(),
        };
    }
}
