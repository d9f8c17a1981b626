using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace GptEmbeddings.NotebookRunner.Notebook;

/// <summary>A notebook file in C#. What the runner does not know stays in it as it was.</summary>
internal sealed class NotebookFile
{
    private const long LargestFile = 100_000_000;

    private readonly byte[] _saved;
    private readonly JsonObject _json;

    private NotebookFile(string path, string label)
    {
        (FullPath, Label) = (path, label.ReplaceLineEndings("␊"));
        _saved = Read(path);
        _json = JupyterJson.Read(_saved) as JsonObject
            ?? throw new FormatException("not a notebook: the file is no JSON object.");
        Cells = [.. ReadCells(_json, Label)];
    }

    public string FullPath { get; }

    /// <summary>The path as messages show it, in one line.</summary>
    public string Label { get; }

    /// <summary>The name of the file without its extension.</summary>
    public string Name => Path.GetFileNameWithoutExtension(FullPath);

    public IReadOnlyList<NotebookCell> Cells { get; }

    /// <summary>The cells that run: code cells that are not empty.</summary>
    public IEnumerable<NotebookCell> CodeCells => Cells.Where(cell => cell.Number is not null);

    /// <summary>How many cells have the id of one above. They are saved with ids of their own.</summary>
    public int RepeatedIds => Cells.Select(cell => cell.Id).OfType<string>().CountBy(id => id).Sum(id => id.Value - 1);

    /// <exception cref="OtherLanguageException">It is a notebook, but not in C#.</exception>
    /// <exception cref="RequestException">There is no such file, or it is not a notebook of format 4.</exception>
    public static NotebookFile Load(string path, string label) =>
        RequestException.Naming(label, () => new NotebookFile(path, label));

    /// <summary>Gives the file's content in Jupyter's layout.</summary>
    public byte[] ToBytes()
    {
        var json = (JsonObject)_json.DeepClone();
        if (json["nbformat_minor"] is not JsonValue minor || !minor.TryGetValue(out int number) || number < 5)
            json["nbformat_minor"] = 5;
        var ids = new HashSet<string>();
        foreach (var (index, cell) in ((JsonArray)json["cells"]!).OfType<JsonObject>().Index())
        {
            SplitLines(cell, "source");
            foreach (var output in (cell["outputs"] as JsonArray ?? []).OfType<JsonObject>())
            {
                SplitLines(output, "text");
                LayOut(output["data"]);
            }

            foreach (var (_, attachment) in cell["attachments"] as JsonObject ?? []) LayOut(attachment);
            if (MultilineText.Read(cell["id"]) is not { } id || !ids.Add(id)) cell["id"] = NewId(index, cell, ids);
        }

        var text = JupyterJson.Write(json);
        return Encoding.UTF8.GetBytes(
            BreaksLinesLikeWindows(_saved) ? text.Replace("\n", "\r\n", StringComparison.Ordinal) : text);
    }

    /// <summary>Makes sure that the notebook can be saved.</summary>
    /// <exception cref="RequestException">Its file is read-only, another user's or has several hard links.</exception>
    public void RequireSavable() => RequestException.Naming(Label, () => AtomicFile.RequireReplaceable(FullPath));

    /// <summary>Saves the notebook; false where the file already has just that content.</summary>
    /// <exception cref="IOException">The file cannot be written, or someone else changed it meanwhile.</exception>
    public bool Save()
    {
        var content = ToBytes();
        return !content.AsSpan().SequenceEqual(_saved) && AtomicFile.Replace(FullPath, content, _saved);
    }

    private static byte[] Read(string path)
    {
        // Reading a pipe waits for ever, and a device may have no end.
        if (File.Exists(path) && !FileStatus.IsRegularFile(path))
            throw new FormatException("not a notebook: a pipe or a device, not a file.");
        using (var file = File.OpenHandle(path))
            if (RandomAccess.GetLength(file) > LargestFile)
                throw new FormatException($"not a notebook: it has more than {LargestFile / 1_000_000} MB.");
        return File.ReadAllBytes(path);
    }

    private static IEnumerable<NotebookCell> ReadCells(JsonObject json, string label)
    {
        if (json["nbformat"] is not JsonValue format || !format.TryGetValue(out int version))
            throw new FormatException("not a notebook: it has no \"nbformat\".");
        if (version != 4)
            throw new FormatException($"a notebook of format {version}; save it anew in format 4, as editors now do.");
        if (json["cells"] is not JsonArray cells)
            throw new FormatException("not a notebook: it has no list \"cells\".");
        RequireCSharp(json["metadata"] as JsonObject, label);

        var count = 0;
        using var code = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (index, node) in cells.Index())
        {
            if (node is not JsonObject cell || MultilineText.Read(cell["source"]) is not { } source
                || MultilineText.Read(cell["cell_type"]) is null)
                throw new FormatException($"not a notebook: cell {index + 1} of the file has no type or no source.");
            var runs = NotebookCell.Runs(cell, source);
            if (runs) code.AppendData(Encoding.UTF8.GetBytes(source.ReplaceLineEndings("\n") + "\0"));
            var codeHash = Convert.ToHexStringLower(code.GetCurrentHash())[..16];
            var read = new NotebookCell(cell, source, runs ? ++count : null, codeHash);
            if (runs && read.Language is { } language && language != "csharp")
                throw new OtherLanguageException(
                    $"{label}: {read.Label} is written in {language}. The runner runs C# only.");
            yield return read;
        }
    }

    private static void RequireCSharp(JsonObject? metadata, string label)
    {
        var kernel = metadata?["kernelspec"] as JsonObject;
        var (name, language) = (MultilineText.Read(kernel?["name"]), MultilineText.Read(kernel?["language"]));
        if (name != ".net-csharp" || language != "C#")
            throw new OtherLanguageException(
                $"{label}: its kernelspec has the name {Quote(name)} and the language {Quote(language)}. " +
                "The runner runs C# only: name \".net-csharp\", language \"C#\".");
        var kernels = (metadata?["polyglot_notebook"] as JsonObject)?["kernelInfo"] as JsonObject;
        if (MultilineText.Read(kernels?["defaultKernelName"]) is { } other && other != "csharp")
            throw new OtherLanguageException(
                $"{label}: its cells are written in {other} by default. The runner runs C# only.");
    }

    private static string Quote(string? text) => text is null ? "(none)" : $"\"{text}\"";

    // As nbformat does it: text is split into lines, other formats are one string, and JSON stays as it is.
    private static void LayOut(JsonNode? bundle)
    {
        if (bundle is not JsonObject formats) return;
        foreach (var (format, content) in formats.ToList())
            if (format.StartsWith("text/", StringComparison.Ordinal)
                || format is "image/svg+xml" or "application/javascript") SplitLines(formats, format);
            else if (content is JsonArray && MultilineText.Read(content) is { } text
                && !(format.StartsWith("application/", StringComparison.Ordinal)
                    && (format == "application/json" || format.EndsWith("+json", StringComparison.Ordinal))))
                formats[format] = text;
    }

    private static void SplitLines(JsonObject owner, string name)
    {
        if (MultilineText.Read(owner[name]) is { } text) owner[name] = MultilineText.Write(text);
    }

    private static bool BreaksLinesLikeWindows(byte[] file) =>
        Array.IndexOf(file, (byte)'\n') is > 0 and var first && file[first - 1] == '\r';

    private static string NewId(int index, JsonObject cell, HashSet<string> taken)
    {
        for (var id = $"{index}\n{MultilineText.Read(cell["source"])}"; ;)
        {
            id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)))[..8];
            if (taken.Add(id)) return id;
        }
    }
}
