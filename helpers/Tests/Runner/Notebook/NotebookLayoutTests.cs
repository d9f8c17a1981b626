using System.Text;
using System.Text.Json.Nodes;
using GptEmbeddings.NotebookRunner.Notebook;
using Xunit;

namespace GptEmbeddings.Tests;

/// <summary>The bytes of a notebook file: written as Jupyter writes them.</summary>
public sealed class NotebookLayoutTests
{
    // Written by Python's json module, as Jupyter does it; 1e400 and 1.50 put in by hand.
    private static readonly string _sample = Path.Combine(AppContext.BaseDirectory, "Data", "jupyter-layout.ipynb");

    [Fact]
    public void A_notebook_that_Jupyter_saved_is_written_back_byte_for_byte()
    {
        var notebook = NotebookFile.Load(_sample, "sample");
        Assert.Equal(File.ReadAllText(_sample), Encoding.UTF8.GetString(notebook.ToBytes()));
    }

    [Fact]
    public void Another_layout_of_the_same_notebook_becomes_the_one_of_Jupyter()
    {
        using var folder = new NotebookFolder();
        var compact = JsonNode.Parse(File.ReadAllText(_sample))!.ToJsonString();
        var path = folder.WriteText("compact.ipynb", "\uFEFF"
            + compact.Replace("[\"<svg>\\n\",\"</svg>\"]", "\"<svg>\\n</svg>\"", StringComparison.Ordinal));
        Assert.Equal(File.ReadAllText(_sample), Encoding.UTF8.GetString(NotebookFile.Load(path, "compact").ToBytes()));
    }

    [Theory]
    [InlineData("image/svg+xml", "\"svg\\nend\"", "[\"svg\\n\",\"end\"]")]
    [InlineData("application/javascript", "\"a\\nb\"", "[\"a\\n\",\"b\"]")]
    [InlineData("image/png", "[\"iVBO\\n\",\"Rw==\\n\"]", "\"iVBO\\nRw==\\n\"")]
    [InlineData("image/jpeg", "\"a\\nb\"", "\"a\\nb\"")]
    [InlineData("application/vnd.x+json", "[\"a\",\"b\"]", "[\"a\",\"b\"]")]
    [InlineData("application/json", "[\"a\",\"b\"]", "[\"a\",\"b\"]")]
    public void Outputs_and_attachments_are_laid_out_as_nbformat_does(string format, string read, string written)
    {
        using var folder = new NotebookFolder();
        var json = NotebookFolder.Json(NotebookFolder.Cell("![](attachment:a)", "markdown"), NotebookFolder.Cell(""));
        var bundle = $"{{\"{format}\":{read}}}";
        json["cells"]![0]!["attachments"] = JsonNode.Parse($"{{\"a\":{bundle}}}");
        json["cells"]![1]!["outputs"] =
            JsonNode.Parse($"[{{\"output_type\":\"display_data\",\"metadata\":{{}},\"data\":{bundle}}}]");
        var cells = JsonNode.Parse(NotebookFile.Load(folder.WriteJson("a.ipynb", json), "a").ToBytes())!["cells"]!;
        Assert.Equal(written, cells[0]!["attachments"]!["a"]![format]!.ToJsonString());
        Assert.Equal(written, cells[1]!["outputs"]![0]!["data"]![format]!.ToJsonString());
    }

    [Fact]
    public void Cells_without_ids_get_ids_that_differ_and_stay_the_same()
    {
        using var folder = new NotebookFolder();
        var json = NotebookFolder.Json(NotebookFolder.Cell("1"), NotebookFolder.Cell("1"), NotebookFolder.Cell("2"));
        json["nbformat_minor"] = 4;
        foreach (var cell in json["cells"]!.AsArray()) cell!.AsObject().Remove("id");
        var path = folder.WriteJson("old.ipynb", json);

        var written = Encoding.UTF8.GetString(NotebookFile.Load(path, "old").ToBytes());
        var saved = JsonNode.Parse(written)!;
        var ids = saved["cells"]!.AsArray().Select(cell => (string)cell!["id"]!).ToList();
        Assert.Equal(5, (int)saved["nbformat_minor"]!);
        Assert.Equal(3, ids.Distinct().Count());
        Assert.All(ids, id => Assert.Matches("^[a-zA-Z0-9-_]{1,64}$", id));
        Assert.Equal(written, Encoding.UTF8.GetString(NotebookFile.Load(path, "old").ToBytes()));
    }
}
