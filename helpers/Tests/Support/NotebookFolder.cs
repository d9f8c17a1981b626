using System.Text.Json;
using System.Text.Json.Nodes;
using GptEmbeddings.NotebookRunner;
using GptEmbeddings.NotebookRunner.Notebook;

namespace GptEmbeddings.Tests;

/// <summary>A temporary folder of small notebooks, and the runner started in it.</summary>
internal sealed class NotebookFolder : IDisposable
{
    public string FullPath { get; } = Directory.CreateTempSubdirectory("notebooks-").FullName;

    public string PathOf(string name) => Path.Combine(FullPath, name);

    /// <summary>Writes a C# notebook with these code cells, in Jupyter's layout.</summary>
    public string Write(string name, params string[] cells) =>
        WriteJson(name, Json([.. cells.Select(source => Cell(source))]));

    public string WriteJson(string name, JsonObject json) => WriteText(name, JupyterJson.Write(json));

    public string WriteText(string name, string text)
    {
        File.WriteAllText(PathOf(name), text);
        return PathOf(name);
    }

    public static JsonObject Json(params JsonObject[] cells) => new()
    {
        ["nbformat"] = 4,
        ["nbformat_minor"] = 5,
        ["metadata"] = new JsonObject
        {
            ["kernelspec"] =
                new JsonObject { ["name"] = ".net-csharp", ["language"] = "C#", ["display_name"] = ".NET (C#)" },
        },
        ["cells"] = new JsonArray([.. cells.Select((cell, index) => { cell["id"] = $"cell-{index}"; return cell; })]),
    };

    public static JsonObject Cell(string source, string type = "code", params string[] tags)
    {
        var cell = new JsonObject
        {
            ["cell_type"] = type,
            ["metadata"] = tags.Length == 0 ? new JsonObject() : new JsonObject { ["tags"] = new JsonArray([.. tags]) },
            ["source"] = MultilineText.Write(source),
        };
        if (type != "code") return cell;
        cell["execution_count"] = null;
        cell["outputs"] = new JsonArray();
        return cell;
    }

    /// <summary>The saved outputs of a notebook's cells.</summary>
    public List<JsonElement> Outputs(string name)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(PathOf(name)));
        return [.. json.RootElement.GetProperty("cells").EnumerateArray()
            .Select(cell => cell.GetProperty("outputs").Clone())];
    }

    /// <summary>Runs the runner in this process.</summary>
    public static Task<RunnerResult> Run(params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var errors = new StringWriter { NewLine = "\n" };
        var exitCode = new CommandLine(output, errors).Run(arguments);
        return Task.FromResult(new RunnerResult(exitCode, output.ToString(), errors.ToString()));
    }

    public void Dispose() => Directory.Delete(FullPath, recursive: true);
}
