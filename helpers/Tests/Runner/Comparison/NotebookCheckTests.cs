using System.Text.Json.Nodes;
using GptEmbeddings.NotebookRunner;
using Xunit;

namespace GptEmbeddings.Tests;

[Collection<WholeProcess>]
public sealed class NotebookCheckTests : IDisposable
{
    private readonly NotebookFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_was_just_saved_does_not_drift()
    {
        const string printing = "Console.WriteLine(1); Console.Error.WriteLine(2); \"three\"";
        var path = _folder.Write("a.ipynb", printing, "new[] { 4, 5 }", "var six = 6;");
        await NotebookFolder.Run("save", path);
        var result = await NotebookFolder.Run("check", path);
        Assert.Equal((Runner.AllWell, ""), (result.ExitCode, result.Errors));
        Assert.StartsWith("ok ", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_line_is_shown_with_its_neighbors_and_the_rest_left_out()
    {
        await SaveThenChange("string.Join('\\n', Enumerable.Range(1, 9))", "\"5\\n\"", "\"five\\n\"");
        var result = await Check();
        Assert.Equal(Runner.Failed, result.ExitCode);
        Assert.Contains("a.ipynb, cell [1] `string.Join('\\n', Enumerable.Range(1, 9))`\n"
            + "  text/plain: - saved, + now\n    …\n    4\n  - five\n  + 5\n    6\n",
            result.Errors, StringComparison.Ordinal);
        Assert.StartsWith("drift ", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Changed_printed_text_is_drift()
    {
        await SaveThenChange("Console.WriteLine(\"now\");", "\"now\\n\"", "\"then\\n\"");
        var errors = (await Check()).Errors;
        Assert.Contains("  stdout: - saved, + now\n  - then\n  + now\n", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Changed_text_within_HTML_is_shown_without_its_markup()
    {
        await SaveThenChange("41 + 1", "<pre>42</pre>", "<pre>43</pre>");
        var errors = (await Check()).Errors;
        Assert.Contains(
            "  text/html, its text, line 1: 43 saved, 42 now\n  - 43\n  + 42\n", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Changed_markup_alone_is_drift_too()
    {
        await SaveThenChange("42", "<pre>42</pre>", "<code>42</code>");
        Assert.Contains("  text/html: - saved, + now\n", (await Check()).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Outputs_that_were_never_saved_are_drift()
    {
        _folder.Write("a.ipynb", "\"x\"");
        var errors = (await Check()).Errors;
        Assert.Contains("- no output\n  + execute_result (text/plain)", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cell_tagged_varies_may_give_other_text()
    {
        _folder.WriteJson("a.ipynb", NotebookFolder.Json(
            NotebookFolder.Cell("Console.Write(Guid.NewGuid()); Guid.NewGuid().ToString()", "code", "varies")));
        await NotebookFolder.Run("save", _folder.FullPath);
        Assert.Equal(Runner.AllWell, (await Check()).ExitCode);
    }

    [Fact]
    public async Task A_cell_tagged_varies_may_not_give_another_kind_of_output()
    {
        _folder.WriteJson("a.ipynb", NotebookFolder.Json(NotebookFolder.Cell("\"x\"", "code", "varies")));
        await NotebookFolder.Run("save", _folder.FullPath);
        Change("\"text/plain\"", "\"text/markdown\"");
        var result = await Check();
        Assert.Equal(Runner.Failed, result.ExitCode);
        Assert.Contains("the kinds of output", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_output_that_varies_and_is_older_than_its_code_is_drift()
    {
        _folder.WriteJson("a.ipynb", NotebookFolder.Json(
            NotebookFolder.Cell("var steps = 100;"),
            NotebookFolder.Cell("Guid.NewGuid().ToString()", "code", "varies"),
            NotebookFolder.Cell("\"end\"")));
        await NotebookFolder.Run("save", _folder.FullPath);
        Change("steps = 100", "steps = 200");
        var result = await Check();
        Assert.Equal(Runner.Failed, result.ExitCode);
        const string message = "cell [2] `Guid.NewGuid().ToString()`\n  its output is older than its code";
        Assert.Contains(message, result.Errors, StringComparison.Ordinal);
        await NotebookFolder.Run("save", _folder.FullPath);
        Change("\"end\"", "\"the end\"");
        Assert.DoesNotContain("cell [2]", (await Check()).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_execution_counts_do_not_matter()
    {
        await SaveThenChange("\"x\"", "\"execution_count\": 1", "\"execution_count\": 17");
        Assert.Equal(Runner.AllWell, (await Check()).ExitCode);
    }

    [Fact]
    public async Task Text_of_one_stream_saved_in_pieces_is_the_same_text()
    {
        _folder.Write("a.ipynb", "Console.WriteLine(1); Console.WriteLine(2);");
        var text = await File.ReadAllTextAsync(_folder.PathOf("a.ipynb"), TestContext.Current.CancellationToken);
        var json = JsonNode.Parse(text)!.AsObject();
        json["cells"]![0]!["outputs"] = JsonNode.Parse("""
            [
              { "output_type": "stream", "name": "stdout", "text": "1\n" },
              { "output_type": "stream", "name": "stdout", "text": ["2\n"] }
            ]
            """);
        _folder.WriteJson("a.ipynb", json);
        Assert.Equal(Runner.AllWell, (await Check()).ExitCode);
    }

    [Fact]
    public async Task Checking_changes_no_file()
    {
        var path = _folder.Write("a.ipynb", "1");
        var before = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        await Check();
        Assert.Equal(before, await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
    }

    private Task<RunnerResult> Check() => NotebookFolder.Run("check", _folder.FullPath);

    private async Task SaveThenChange(string cell, string before, string after)
    {
        _folder.Write("a.ipynb", cell);
        Assert.Equal(Runner.AllWell, (await NotebookFolder.Run("save", _folder.FullPath)).ExitCode);
        Change(before, after);
    }

    private void Change(string before, string after)
    {
        var text = File.ReadAllText(_folder.PathOf("a.ipynb"));
        Assert.Contains(before, text, StringComparison.Ordinal);
        File.WriteAllText(_folder.PathOf("a.ipynb"), text.Replace(before, after, StringComparison.Ordinal));
    }
}
