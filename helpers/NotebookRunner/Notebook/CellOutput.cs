using System.Text.Json.Nodes;

namespace GptEmbeddings.NotebookRunner.Notebook;

/// <summary>One output of a cell: printed text, or a displayed value in one or more formats.</summary>
/// <param name="Type">
/// Jupyter's name for it: <c>stream</c>, <c>execute_result</c>, <c>display_data</c> or <c>error</c>.
/// </param>
/// <param name="Parts">The text by MIME type; for a stream, by <c>stdout</c> or <c>stderr</c>.</param>
internal sealed record CellOutput(string Type, IReadOnlyDictionary<string, string> Parts)
{
    private const string Json = "application/json";

    /// <summary>What a notebook file notes about the formats, by MIME type.</summary>
    public JsonObject Metadata { get; init; } = [];

    /// <summary>Printed text.</summary>
    public static CellOutput Stream(string name, string text) =>
        new("stream", new Dictionary<string, string> { [name] = text });

    /// <summary>The value of a cell's last expression, by MIME type.</summary>
    public static CellOutput Result(IReadOnlyDictionary<string, string> data) => new("execute_result", data);

    /// <summary>What the output consists of, without its text.</summary>
    public string Kind => $"{Type} ({string.Join(", ", Parts.Keys.Order(StringComparer.Ordinal))})";

    /// <summary>The charts and explorers that it shows.</summary>
    public IReadOnlyList<Drawing> Drawings =>
        Parts.TryGetValue("text/html", out var html) ? GptEmbeddings.Drawings.Find(html) : [];

    /// <summary>Reads a saved output.</summary>
    public static CellOutput Read(JsonObject output)
    {
        var type = Text("output_type");
        if (type == "stream") return Stream(Text("name"), Text("text"));
        if (type == "error") return new(type, new Dictionary<string, string> { ["error"] = Text("evalue") });
        return new(type, (output["data"] as JsonObject ?? []).ToDictionary(
            part => part.Key, part => MultilineText.Read(part.Value) ?? JupyterJson.Write(part.Value).TrimEnd('\n')))
        {
            Metadata = output["metadata"] as JsonObject ?? [],
        };

        string Text(string name) => MultilineText.Read(output[name]) ?? "";
    }

    /// <summary>Gives the output as a notebook file holds it.</summary>
    public JsonObject ToJson(int executionCount)
    {
        if (Type == "stream")
        {
            var (name, text) = Parts.Single();
            return new() { ["output_type"] = Type, ["name"] = name, ["text"] = text };
        }

        var data = Parts.Select(part => KeyValuePair.Create<string, JsonNode?>(
            part.Key, part.Key == Json ? JsonNode.Parse(part.Value) : part.Value));
        return new()
        {
            ["output_type"] = Type,
            ["data"] = new JsonObject(data),
            ["execution_count"] = executionCount,
            ["metadata"] = Metadata.DeepClone(),
        };
    }
}
