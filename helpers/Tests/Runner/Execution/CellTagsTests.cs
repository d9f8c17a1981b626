using GptEmbeddings.NotebookRunner;
using Xunit;

namespace GptEmbeddings.Tests;

/// <summary>The tags of a cell that Jupyter knows, too.</summary>
[Collection<WholeProcess>]
public sealed class CellTagsTests : IDisposable
{
    private readonly NotebookFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("var x = 1;\nConsole.WriteLine(\"before\");\nthrow new InvalidOperationException(\"expected\");",
        "System.InvalidOperationException: expected\nat line 3 of the cell")]
    [InlineData("Console.WriteLine(\"before\");\nawait Task.FromException(new Exception(\"expected\"));",
        "System.Exception: expected\nat line 2 of the cell")]
    [InlineData("int i = \"text\";",
        "line 1, column 9: error CS0029: Cannot implicitly convert type 'string' to 'int'")]
    public async Task A_cell_that_may_raise_an_exception_saves_it_and_the_next_goes_on(string cell, string message)
    {
        var path = Write(NotebookFolder.Cell("var count = 0;"),
            NotebookFolder.Cell($"count++;\n{cell}", "code", "raises-exception"),
            NotebookFolder.Cell("$\"count is {count}\""));
        message = message.Replace("line 3", "line 4", StringComparison.Ordinal)
            .Replace("line 2", "line 3", StringComparison.Ordinal)
            .Replace("line 1", "line 2", StringComparison.Ordinal);
        var result = await NotebookFolder.Run("save", path);
        Assert.Equal((Runner.AllWell, ""), (result.ExitCode, result.Errors));
        var outputs = _folder.Outputs("a.ipynb");
        var error = outputs[1].EnumerateArray().Last();
        Assert.Equal("error", error.GetProperty("output_type").GetString());
        Assert.Equal(message, error.GetProperty("evalue").GetString());
        Assert.Equal(message.Split('\n'),
            error.GetProperty("traceback").EnumerateArray().Select(line => line.GetString()));
        // Once: what came before the exception is not done again.
        var count = cell.StartsWith("int", StringComparison.Ordinal) ? 0 : 1;
        Assert.Contains($"count is {count}", outputs[2].GetRawText(), StringComparison.Ordinal);
        Assert.Equal(Runner.AllWell, (await NotebookFolder.Run("check", path)).ExitCode);
        Assert.Contains(message, (await NotebookFolder.Run("run", path)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_variable_that_a_cell_set_before_it_failed_is_there_in_the_next()
    {
        var result = await NotebookFolder.Run(Write(
            NotebookFolder.Cell("var set = 5;\nthrow new Exception();", "code", "raises-exception"),
            NotebookFolder.Cell("set + 1")));
        Assert.Contains("│ set + 1\n6\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cell_that_may_raise_an_exception_need_not_but_must_end()
    {
        var result = await NotebookFolder.Run("run", "--timeout", "1", Write(
            NotebookFolder.Cell("\"none\"", "code", "raises-exception"),
            NotebookFolder.Cell("System.Threading.Thread.Sleep(4000);", "code", "raises-exception")));
        Assert.Contains("\nnone\n", result.Output, StringComparison.Ordinal);
        Assert.Equal(Runner.Failed, result.ExitCode);
        Assert.Contains("it did not end within 1 s", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_skipped_cell_is_shown_with_what_was_saved_and_neither_run_nor_compiled_nor_counted()
    {
        var skipped = NotebookFolder.Cell("Long.Gone();", "code", "skip-execution");
        var outputs = """[{"output_type":"stream","name":"stdout","text":["from another day"]}]""";
        skipped["outputs"] = System.Text.Json.Nodes.JsonNode.Parse(outputs);
        skipped["execution_count"] = 17;
        var path = Write(skipped, NotebookFolder.Cell("1 + 1"));
        var result = await NotebookFolder.Run("save", path);
        Assert.Equal((Runner.AllWell, ""), (result.ExitCode, result.Errors));
        Assert.Equal("from another day", _folder.Outputs("a.ipynb")[0][0].GetProperty("text")[0].GetString());
        Assert.Contains("\"execution_count\": 17", await File.ReadAllTextAsync(path,
            TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(Runner.AllWell, (await NotebookFolder.Run("check", path)).ExitCode);

        result = await NotebookFolder.Run("run", "--site", _folder.PathOf("site"), path);
        Assert.Contains("[] │ Long.Gone();\nfrom another day\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("[1] │ 1 + 1\n2\n", result.Output, StringComparison.Ordinal);
        var page = await File.ReadAllTextAsync(Directory.GetFiles(_folder.PathOf("site"), "a.html",
            SearchOption.AllDirectories).Single(), TestContext.Current.CancellationToken);
        Assert.Contains("from another day", page, StringComparison.Ordinal);
        Assert.Contains("Gone", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_app_leaves_out_what_is_skipped_and_refuses_what_raises()
    {
        var path = Write(NotebookFolder.Cell("Long.Gone();", "code", "skip-execution"), NotebookFolder.Cell("1"));
        var result = await NotebookFolder.Run("export", path, "--to", _folder.PathOf("apps"));
        Assert.Equal((Runner.AllWell, ""), (result.ExitCode, result.Errors));

        path = Write(NotebookFolder.Cell("throw new Exception();", "code", "raises-exception"));
        result = await NotebookFolder.Run("export", path, "--to", _folder.PathOf("apps"));
        Assert.Equal(Runner.Failed, result.ExitCode);
        Assert.Contains("its tag raises-exception says that it fails", result.Errors, StringComparison.Ordinal);
    }

    private string Write(params System.Text.Json.Nodes.JsonObject[] cells) =>
        _folder.WriteJson("a.ipynb", NotebookFolder.Json(cells));
}
