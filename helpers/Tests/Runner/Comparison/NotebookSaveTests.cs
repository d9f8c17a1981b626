using System.Text.Json;
using System.Text.Json.Nodes;
using GptEmbeddings.NotebookRunner;
using GptEmbeddings.NotebookRunner.Execution.Compiling;
using Xunit;

namespace GptEmbeddings.Tests;

[Collection<WholeProcess>]
public sealed class NotebookSaveTests : IDisposable
{
    private readonly NotebookFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Printed_text_is_saved_in_order_one_output_for_each_run_of_a_stream()
    {
        await Save(
            "Console.Write(\"a\\nb\"); Console.WriteLine('c'); Console.Error.WriteLine(\"oh\"); "
            + "Console.WriteLine(1); \"end\"");
        Assert.Equal(
            """
            {"name":"stdout","output_type":"stream","text":["a\n","bc\n"]}
            {"name":"stderr","output_type":"stream","text":["oh\n"]}
            {"name":"stdout","output_type":"stream","text":["1\n"]}
            {"data":{"text/plain":["end"]},"execution_count":1,"metadata":{},"output_type":"execute_result"}
            """,
            string.Join('\n',
                _folder.Outputs("a.ipynb")[0].EnumerateArray().Select(output => JsonSerializer.Serialize(output))));
    }

    [Theory]
    [InlineData("var x = 1;")]
    [InlineData("1.ToString();")]
    [InlineData("void F() { }\nF()")]
    public async Task A_cell_without_a_value_saves_no_output(string cell)
    {
        await Save(cell);
        Assert.Empty(_folder.Outputs("a.ipynb")[0].EnumerateArray());
    }

    [Fact]
    public async Task A_null_value_is_shown_as_the_kernel_shows_it()
    {
        await Save("(string)null");
        var data = Assert.Single(_folder.Outputs("a.ipynb")[0].EnumerateArray()).GetProperty("data");
        Assert.Contains("&lt;null&gt;", data.GetProperty("text/html")[0].GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[1, {\"b\": \"c\", \"a\": null}]", Runner.AllWell)]
    [InlineData("\"1\"", Runner.AllWell)]
    [InlineData("no JSON", Runner.Failed)]
    [InlineData("{\"a\": 1, \"a\": 2}", Runner.Failed)]
    [InlineData("\"\\ud800\"", Runner.Failed)]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", Runner.Failed)]
    public async Task A_value_shown_as_JSON_is_saved_such_that_it_does_not_drift(string json, int exitCode)
    {
        const string package = "Microsoft.DotNet.Interactive.Formatting";
        var path = _folder.Write("a.ipynb", $"#r \"nuget: {package}, {PackageReferences.VersionOf(package)}\"",
            $"""
            using Microsoft.DotNet.Interactive.Formatting;
            class Data;
            Formatter.Register<Data>(_ => {JsonValue.Create(json).ToJsonString()}, "application/json");
            Formatter.SetPreferredMimeTypesFor(typeof(Data), "application/json");
            new Data()
            """);
        foreach (var command in (string[])["save", "check"])
        {
            var result = await NotebookFolder.Run(command, path);
            Assert.Equal((exitCode, exitCode == Runner.Failed),
                (result.ExitCode, result.Errors.Contains("a.ipynb, cell [2] `using", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task Cells_get_the_numbers_in_which_they_ran()
    {
        var path = _folder.WriteJson("a.ipynb", NotebookFolder.Json(
            NotebookFolder.Cell("1"), NotebookFolder.Cell(""), NotebookFolder.Cell("# text", "markdown"),
                NotebookFolder.Cell("2")));
        Assert.Equal(Runner.AllWell, (await NotebookFolder.Run("save", path)).ExitCode);
        var cells = JsonNode.Parse(await File.ReadAllTextAsync(path, Cancellation))!["cells"]!.AsArray();
        Assert.Equal("1 - - 2", string.Join(' ', cells.Select(cell => cell!["execution_count"]?.ToString() ?? "-")));
    }

    [Fact]
    public async Task Saving_again_changes_no_byte_and_does_not_touch_the_file()
    {
        await Save("Enumerable.Range(0, 3)");
        var path = _folder.PathOf("a.ipynb");
        var yesterday = DateTime.UtcNow.AddDays(-1);
        File.SetLastWriteTimeUtc(path, yesterday);
        var result = await NotebookFolder.Run("save", path);
        Assert.StartsWith("unchanged ", result.Output, StringComparison.Ordinal);
        Assert.Equal(yesterday, File.GetLastWriteTimeUtc(path));
    }

    [Theory]
    [InlineData("-0.013939", "-0.01394", true)]
    [InlineData("-0.013939", "-0.01396", false)]
    public async Task What_differs_as_much_as_between_processors_stays_as_it_is_saved(
        string first, string then, bool stays)
    {
        _folder.WriteText("value.txt", first);
        await Save("System.IO.File.ReadAllText(\"value.txt\")", "\"end\"");
        var before = await File.ReadAllTextAsync(_folder.PathOf("a.ipynb"), Cancellation);
        _folder.WriteText("value.txt", then);
        await NotebookFolder.Run("save", _folder.PathOf("a.ipynb"));
        var after = await File.ReadAllTextAsync(_folder.PathOf("a.ipynb"), Cancellation);
        Assert.Equal(stays ? before : before.Replace(first, then, StringComparison.Ordinal), after);
    }

    [Theory]
    [InlineData("0.1", "0.2")]
    [InlineData("1E+20", "2E+20")]
    [InlineData("\"v1.2\"", "\"v1.3\"")]
    [InlineData("\"accuracy 0.9\"", "\"accuracy 1.0\"")]
    [InlineData("\"loss 2.3\"", "\"loss 2.3999\"")]
    public async Task The_output_of_other_code_is_drift_and_is_saved(string first, string then)
    {
        await Save($"Console.WriteLine({first});");
        var json = JsonNode.Parse(await File.ReadAllTextAsync(_folder.PathOf("a.ipynb"), Cancellation))!.AsObject();
        json["cells"]![0]!["source"] = $"Console.WriteLine({then});";
        var path = _folder.WriteJson("a.ipynb", json);
        Assert.Equal(Runner.Failed, (await NotebookFolder.Run("check", path)).ExitCode);
        await NotebookFolder.Run("save", path);
        Assert.Equal($"{then.Trim('"')}\n", _folder.Outputs("a.ipynb")[0][0].GetProperty("text")[0].GetString());
    }

    [Fact]
    public async Task Of_a_cell_with_several_outputs_each_stays_that_is_the_same()
    {
        _folder.WriteText("value.txt", "0.5000");
        const string read = "System.IO.File.ReadAllText(\"value.txt\")";
        await Save($"Console.Write({read}); \"is \" + {read}.Replace(\"2\", \"1\")");
        _folder.WriteText("value.txt", "0.5002");
        await NotebookFolder.Run("save", _folder.PathOf("a.ipynb"));
        var outputs = _folder.Outputs("a.ipynb")[0].ToString();
        Assert.Contains("\"0.5002\"", outputs, StringComparison.Ordinal);
        Assert.Contains("\"is 0.5000\"", outputs, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_output_that_varies_stays_while_the_code_that_made_it_does()
    {
        var path = _folder.WriteJson("a.ipynb", NotebookFolder.Json(
            NotebookFolder.Cell("var a = 1;"), NotebookFolder.Cell("Guid.NewGuid().ToString()", "code", "varies")));
        await NotebookFolder.Run("save", path);
        var before = await File.ReadAllTextAsync(path, Cancellation);
        Assert.Contains("\"outputs_made_by_code\": \"", before, StringComparison.Ordinal);
        await NotebookFolder.Run("save", path);
        Assert.Equal(before, await File.ReadAllTextAsync(path, Cancellation));

        var edited = before.Replace("var a = 1;", "var a = 2;", StringComparison.Ordinal);
        _folder.WriteText("a.ipynb", edited);
        await NotebookFolder.Run("save", path);
        var outputs = _folder.Outputs("a.ipynb")[1].ToString();
        Assert.DoesNotContain(outputs.Split('"').Single(text => text.Length == 36), before, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_notebook_with_a_failing_cell_stays_as_it_is_while_others_are_saved()
    {
        var bad = _folder.Write("1.ipynb", "1", "throw new Exception();");
        _folder.Write("2.ipynb", "\"saved\"");
        var before = await File.ReadAllBytesAsync(bad, Cancellation);
        var result = await NotebookFolder.Run("save", _folder.FullPath);
        Assert.Equal(Runner.Failed, result.ExitCode);
        Assert.Equal(before, await File.ReadAllBytesAsync(bad, Cancellation));
        Assert.Contains("saved", _folder.Outputs("2.ipynb")[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_notebook_that_is_edited_while_it_runs_keeps_the_edit()
    {
        var path = _folder.PathOf("a.ipynb");
        _folder.Write("a.ipynb", "System.IO.File.AppendAllText(\"a.ipynb\", \" \"); 1");
        var result = await NotebookFolder.Run("save", path);
        Assert.Equal(Runner.Failed, result.ExitCode);
        Assert.Contains("a.ipynb: the file was changed while the notebook ran", result.Errors,
            StringComparison.Ordinal);
        Assert.EndsWith("\n ", await File.ReadAllTextAsync(path, Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_edit_made_while_the_file_is_being_written_stays()
    {
        // A long file, so that writing it takes longer than the edit.
        var json = NotebookFolder.Json(NotebookFolder.Cell("1"));
        json["metadata"]!["padding"] = new string('x', 60_000_000);
        var path = _folder.WriteJson("a.ipynb", json);
        var save = Task.Run(() => NotebookFolder.Run("save", path), Cancellation);
        var editor = Task.Run(
            () =>
            {
                while (!save.IsCompleted && Directory.GetFiles(_folder.FullPath).Length == 1) Thread.Yield();
                File.AppendAllText(path, " ");
            },
            Cancellation);
        await editor;
        var result = await save;
        Assert.Equal(Runner.Failed, result.ExitCode);
        Assert.Contains("a.ipynb: the file was changed while the notebook ran", result.Errors,
            StringComparison.Ordinal);
        Assert.EndsWith("\n ", await File.ReadAllTextAsync(path, Cancellation), StringComparison.Ordinal);
        Assert.Equal([path], Directory.GetFiles(_folder.FullPath));
    }

    [Fact]
    public async Task A_file_with_the_line_breaks_of_Windows_keeps_them()
    {
        await Save("1 + 1", "\"a\\r\\nb\"");
        var path = _folder.PathOf("a.ipynb");
        var saved = await File.ReadAllTextAsync(path, Cancellation);
        _folder.WriteText("a.ipynb",
            saved.Replace("<pre>2", "<pre>3", StringComparison.Ordinal).ReplaceLineEndings("\r\n"));
        Assert.Equal(Runner.AllWell, (await NotebookFolder.Run("save", path)).ExitCode);
        Assert.Equal(saved.ReplaceLineEndings("\r\n"), await File.ReadAllTextAsync(path, Cancellation));
        Assert.StartsWith("unchanged ", (await NotebookFolder.Run("save", path)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ids_that_several_cells_have_are_made_different_and_the_run_says_so()
    {
        var json = NotebookFolder.Json(
            NotebookFolder.Cell("1"), NotebookFolder.Cell("2"), NotebookFolder.Cell("3"),
            NotebookFolder.Cell("text", "markdown"));
        foreach (var index in (int[])[0, 2, 3]) json["cells"]![index]!["id"] = "same";
        var path = _folder.WriteJson("a.ipynb", json);
        var result = await NotebookFolder.Run("save", path);
        Assert.Equal(Runner.AllWell, result.ExitCode);
        Assert.Matches(@"^warning: .*a\.ipynb: 2 of its cells had the id of another[^\n]*\n$", result.Errors);
        var ids = JsonNode.Parse(await File.ReadAllTextAsync(path, Cancellation))!["cells"]!.AsArray()
            .Select(cell => (string)cell!["id"]!).ToList();
        Assert.Equal(["same", "cell-1"], ids[..2]);
        Assert.Equal(4, ids.Distinct().Count());
        result = await NotebookFolder.Run("save", path);
        Assert.StartsWith("unchanged ", result.Output, StringComparison.Ordinal);
        Assert.Empty(result.Errors);
    }

    [Fact]
    public async Task Saving_leaves_nothing_else_in_the_folder()
    {
        await Save("1");
        Assert.Equal(["a.ipynb"], Directory.GetFileSystemEntries(_folder.FullPath).Select(Path.GetFileName));
    }

    [Fact]
    public async Task The_file_mode_stays()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        var path = _folder.Write("a.ipynb", "1");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupExecute);
        await NotebookFolder.Run("save", path);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupExecute,
                File.GetUnixFileMode(path));
        Assert.NotEmpty(_folder.Outputs("a.ipynb")[0].EnumerateArray());
    }

    [Fact]
    public async Task A_link_stays_a_link_and_the_file_behind_it_is_saved()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need special rights on Windows.");
        Directory.CreateDirectory(_folder.PathOf("real"));
        _folder.Write("real/a.ipynb", "1");
        File.CreateSymbolicLink(_folder.PathOf("link.ipynb"), "real/a.ipynb");
        await NotebookFolder.Run("save", _folder.PathOf("link.ipynb"));
        Assert.NotNull(new FileInfo(_folder.PathOf("link.ipynb")).LinkTarget);
        Assert.NotEmpty(_folder.Outputs("real/a.ipynb")[0].EnumerateArray());
    }

    [Fact]
    public async Task What_the_runner_does_not_know_stays_in_the_file()
    {
        var json = NotebookFolder.Json(NotebookFolder.Cell("1", "code", "a tag"));
        json["metadata"]!["editor"] = JsonNode.Parse("""{ "zoom": 1.0, "far": 1e400 }""");
        var path = _folder.WriteJson("a.ipynb", json);
        await NotebookFolder.Run("save", path);
        var saved = await File.ReadAllTextAsync(path, Cancellation);
        Assert.Contains("\"far\": 1e400,\n   \"zoom\": 1.0\n", saved, StringComparison.Ordinal);
        Assert.Contains("\"a tag\"", saved, StringComparison.Ordinal);
    }

    private async Task Save(params string[] cells)
    {
        var result = await NotebookFolder.Run("save", _folder.Write("a.ipynb", cells));
        Assert.Equal((Runner.AllWell, ""), (result.ExitCode, result.Errors));
        Assert.StartsWith("saved ", result.Output, StringComparison.Ordinal);
    }
}
