using System.Text.Json.Nodes;

namespace GptEmbeddings.NotebookRunner.Notebook;

/// <summary>A cell of a notebook.</summary>
/// <param name="json">The cell in the file.</param>
/// <param name="source">The text of the cell.</param>
/// <param name="number">
/// The number that an editor shows as <c>[n]</c> when the notebook is run top to bottom, from 1; null for a cell that
/// does not run.
/// </param>
/// <param name="codeHash">Stands for the code that makes the outputs: the cell's own, and that of all above.</param>
internal sealed class NotebookCell(JsonObject json, string source, int? number, string codeHash)
{
    private const string CodeHashName = "outputs_made_by_code";

    /// <summary><c>code</c>, <c>markdown</c> or <c>raw</c>.</summary>
    public string Type => MultilineText.Read(json["cell_type"]) ?? "";

    /// <summary>By which editors know the cell; null where the file names none.</summary>
    public string? Id => MultilineText.Read(json["id"]);

    public string Source => source;

    public int? Number => number;

    public string CodeHash => codeHash;

    /// <summary>The cell's number and its first line of code, for messages.</summary>
    public string Label
    {
        get
        {
            var line = source.Trim().ReplaceLineEndings("\n").Split('\n')[0].TrimEnd();
            return $"cell [{number}] `{(line.Length <= 72 ? line : line[..71] + "…")}`";
        }
    }

    /// <summary>Whether the cell's numbers may differ between processors: it carries the tag <c>varies</c>.</summary>
    public bool Varies => HasTag(json, "varies");

    /// <summary>Whether the prose answers a question that the reader is to think about first: it carries the tag
    /// <c>answer</c>.</summary>
    public bool Answers => Type == "markdown" && HasTag(json, "answer");

    /// <summary>Whether the notebook goes on when it fails, as in Jupyter: it has the tag
    /// <c>raises-exception</c>.</summary>
    public bool MayRaise => HasTag(json, "raises-exception");

    /// <summary>Whether it is shown with its saved outputs and not run, as in Jupyter: it has the tag
    /// <c>skip-execution</c>.</summary>
    public bool IsSkipped => IsCode(json, source) && number is null;

    /// <summary>
    /// The <see cref="CodeHash"/> of the code that made the saved outputs, as a cell tagged <c>varies</c> notes it in
    /// its metadata as <c>outputs_made_by_code</c>; or null. (Printed text has no metadata of its own.)
    /// </summary>
    public string? SavedCodeHash => MultilineText.Read(Metadata(json, CodeHashName));

    /// <summary>The language that an editor noted for this cell alone, or null.</summary>
    public string? Language =>
        MultilineText.Read((Metadata(json, "polyglot_notebook") as JsonObject)?["kernelName"])
        ?? MultilineText.Read((Metadata(json, "dotnet_interactive") as JsonObject)?["language"]);

    public IReadOnlyList<CellOutput> SavedOutputs =>
        [.. (json["outputs"] as JsonArray ?? []).OfType<JsonObject>().Select(CellOutput.Read)];

    /// <summary>The pictures and files that the cell itself holds, by name: the content in base64 by MIME
    /// type.</summary>
    public IReadOnlyDictionary<string, JsonObject> Attachments =>
        (json["attachments"] as JsonObject ?? []).Where(attached => attached.Value is JsonObject)
            .ToDictionary(attached => attached.Key, attached => (JsonObject)attached.Value!);

    /// <summary>Puts the outputs of a run in place of the saved ones.</summary>
    public void SetOutputs(IReadOnlyList<CellOutput> outputs)
    {
        json["execution_count"] = number;
        json["outputs"] = new JsonArray([.. outputs.Select(output => output.ToJson(number ?? 0))]);
        if (json["metadata"] is not JsonObject metadata) json["metadata"] = metadata = [];
        metadata.Remove(CodeHashName);
        if (Varies && outputs.Count > 0) metadata[CodeHashName] = codeHash;
    }

    /// <summary>Whether a cell in a file runs: code that is neither empty nor skipped.</summary>
    public static bool Runs(JsonObject cell, string source) =>
        IsCode(cell, source) && !HasTag(cell, "skip-execution");

    private static bool IsCode(JsonObject cell, string source) =>
        MultilineText.Read(cell["cell_type"]) == "code" && !string.IsNullOrWhiteSpace(source);

    private static bool HasTag(JsonObject cell, string name) =>
        Metadata(cell, "tags") is JsonArray tags && tags.Any(tag => MultilineText.Read(tag) == name);

    private static JsonNode? Metadata(JsonObject cell, string name) => (cell["metadata"] as JsonObject)?[name];
}
