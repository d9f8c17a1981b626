using System.Text.Json.Nodes;

namespace GptEmbeddings.NotebookRunner.Notebook;

/// <summary>A cell of a notebook.</summary>
internal sealed class NotebookCell
{
    private const string CodeHashName = "outputs_made_by_code";

    private readonly JsonObject _json;

    internal NotebookCell(JsonObject json, string source, int? number, string codeHash)
    {
        _json = json;
        Source = source;
        Number = number;
        CodeHash = codeHash;
    }

    /// <summary><c>code</c>, <c>markdown</c> or <c>raw</c>.</summary>
    public string Type => MultilineText.Read(_json["cell_type"]) ?? "";

    /// <summary>The text of the cell.</summary>
    public string Source { get; }

    /// <summary>
    /// The number that an editor shows as <c>[n]</c> when the notebook is run top to bottom, from 1;
    /// null for a cell that does not run.
    /// </summary>
    public int? Number { get; }

    /// <summary>The cell's number and its first line of code, for messages.</summary>
    public string Label => $"cell [{Number}] `{FirstLine}`";

    /// <summary>Whether the cell's numbers may differ between processors: it carries the tag <c>varies</c>.</summary>
    public bool Varies =>
        Metadata("tags") is JsonArray tags && tags.Any(tag => MultilineText.Read(tag) == "varies");

    /// <summary>Stands for the code that makes the cell's outputs: its own, and that of all cells above.</summary>
    public string CodeHash { get; }

    /// <summary>
    /// The <see cref="CodeHash"/> of the code that made the saved outputs, as a cell tagged <c>varies</c> notes it in
    /// its metadata as <c>outputs_made_by_code</c>; or null. (Printed text has no metadata of its own.)
    /// </summary>
    public string? SavedCodeHash => MultilineText.Read(Metadata(CodeHashName));

    /// <summary>The language that an editor noted for this cell alone, or null.</summary>
    public string? Language =>
        MultilineText.Read((Metadata("polyglot_notebook") as JsonObject)?["kernelName"])
        ?? MultilineText.Read((Metadata("dotnet_interactive") as JsonObject)?["language"]);

    /// <summary>The outputs that the file holds.</summary>
    public IReadOnlyList<CellOutput> SavedOutputs =>
        [.. (_json["outputs"] as JsonArray ?? []).OfType<JsonObject>().Select(CellOutput.Read)];

    /// <summary>Puts the outputs of a run in place of the saved ones.</summary>
    public void SetOutputs(IEnumerable<CellOutput> outputs)
    {
        _json["execution_count"] = Number;
        _json["outputs"] = new JsonArray([.. outputs.Select(output => output.ToJson(Number ?? 0))]);
        if (_json["metadata"] is not JsonObject metadata) _json["metadata"] = metadata = [];
        metadata.Remove(CodeHashName);
        if (Varies && _json["outputs"] is JsonArray { Count: > 0 }) metadata[CodeHashName] = CodeHash;
    }

    private string FirstLine
    {
        get
        {
            var lines = Source.ReplaceLineEndings("\n").Split('\n').Select(text => text.Trim());
            var line = lines.First(text => text.Length > 0);
            return line.Length <= 72 ? line : line[..71] + "…";
        }
    }

    private JsonNode? Metadata(string name) => (_json["metadata"] as JsonObject)?[name];
}
