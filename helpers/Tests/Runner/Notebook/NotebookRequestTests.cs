using System.Text.Json.Nodes;
using GptEmbeddings.NotebookRunner;
using GptEmbeddings.NotebookRunner.Notebook;
using Xunit;

namespace GptEmbeddings.Tests;

/// <summary>Which files and options the runner takes, and what it says of the others.</summary>
[Collection<WholeProcess>]
public sealed class NotebookRequestTests : IDisposable
{
    private readonly NotebookFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("{\"nbformat\": 4,\n \"cells\": [}", "malformed JSON at line 2, column 12: } cannot stand there.")]
    [InlineData("{\"é😀\": x}", "malformed JSON at line 1, column 9: x cannot stand there.")]
    [InlineData("", "malformed JSON at line 1, column 1: the file ends there, before its JSON does.")]
    [InlineData("{\"nbformat\": 4", "malformed JSON at line 1, column 15: the file ends there, before its JSON does.")]
    [InlineData("{\"nbformat\": 4, \"nbformat\": 4}", "malformed JSON: an object has two members of one name.")]
    [InlineData("{\"text\": \"\\ud800\"}", "half a character")]
    [InlineData("[1, 2]", "not a notebook")]
    [InlineData("{\"cells\": []}", "no \"nbformat\"")]
    [InlineData("{\"nbformat\": 4}", "no list \"cells\"")]
    [InlineData("{\"nbformat\": 3, \"worksheets\": []}", "a notebook of format 3")]
    public async Task A_file_that_is_no_notebook_is_named_with_the_reason(string content, string reason) =>
        await Assert_refused(_folder.WriteText("bad.ipynb", content), reason);

    [Fact]
    public async Task A_file_that_is_not_UTF8_is_named_with_the_place()
    {
        await File.WriteAllBytesAsync(_folder.PathOf("bad.ipynb"), [(byte)'{', 0xC3, 0x28],
            TestContext.Current.CancellationToken);
        await Assert_refused(_folder.PathOf("bad.ipynb"), "not UTF-8: byte 0xC3 at offset 1");
    }

    [Fact]
    public async Task A_cell_without_a_source_is_named()
    {
        var json = NotebookFolder.Json(NotebookFolder.Cell("1"), NotebookFolder.Cell("2"));
        json["cells"]![1]!["source"] = new JsonArray(1, 2);
        await Assert_refused(_folder.WriteJson("bad.ipynb", json), "cell 2 of the file has no type or no source");
    }

    [Theory]
    [InlineData("python3", "python")]
    [InlineData(".net-fsharp", "F#")]
    public async Task A_notebook_of_another_language_is_refused(string name, string language)
    {
        var json = NotebookFolder.Json(NotebookFolder.Cell("print(1)"));
        json["metadata"]!["kernelspec"] = new JsonObject { ["name"] = name, ["language"] = language };
        await Assert_refused(
            _folder.WriteJson("other.ipynb", json), $"the name \"{name}\" and the language \"{language}\"");
    }

    [Fact]
    public async Task A_notebook_that_does_not_say_its_language_is_refused()
    {
        var json = NotebookFolder.Json(NotebookFolder.Cell("1"));
        json.Remove("metadata");
        await Assert_refused(_folder.WriteJson("other.ipynb", json), "the name (none)");
    }

    [Theory]
    [InlineData("polyglot_notebook", "kernelName")]
    [InlineData("dotnet_interactive", "language")]
    public async Task A_cell_of_another_language_is_refused(string owner, string property)
    {
        var json = NotebookFolder.Json(NotebookFolder.Cell("1"), NotebookFolder.Cell("let x = 1"));
        json["cells"]![1]!["metadata"]![owner] = new JsonObject { [property] = "fsharp" };
        await Assert_refused(_folder.WriteJson("mixed.ipynb", json), "cell [2] `let x = 1` is written in fsharp");
    }

    [Fact]
    public async Task Deeply_nested_metadata_is_kept_to_some_depth()
    {
        await Assert_refused(_folder.WriteText("deep.ipynb", Nested(300)), "nested more than 200 levels deep");
        var result = await NotebookFolder.Run("save", _folder.WriteText("deep.ipynb", Nested(70)));
        Assert.Equal((Runner.AllWell, ""), (result.ExitCode, result.Errors));
        var saved = await File.ReadAllTextAsync(_folder.PathOf("deep.ipynb"), TestContext.Current.CancellationToken);
        Assert.Equal(71, saved.Count(letter => letter == '['));

        static string Nested(int levels) =>
            NotebookFolder.Json().ToJsonString().Replace("\"kernelspec\"", "\"deep\":" + new string('[', levels)
                + new string(']', levels) + ",\"kernelspec\"", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("save")]
    [InlineData("export")]
    public async Task A_notebook_of_another_language_in_a_folder_is_named_and_left_out(string command)
    {
        var good = _folder.Write("good.ipynb", "6 * 7");
        var other = NotebookFolder.Json(NotebookFolder.Cell("<b>x</b>"));
        other["cells"]![0]!["metadata"]!["polyglot_notebook"] = new JsonObject { ["kernelName"] = "html" };
        _folder.WriteJson("html.ipynb", other);
        other["metadata"]!["kernelspec"] = new JsonObject { ["name"] = ".net-fsharp", ["language"] = "F#" };
        _folder.WriteJson("fsharp.ipynb", other);
        string[] to = command == "export" ? ["--to", _folder.PathOf("apps")] : [];

        var result = await NotebookFolder.Run([command, _folder.FullPath, .. to]);
        Assert.Equal(Runner.Failed, result.ExitCode);
        Assert.Contains("fsharp.ipynb: its kernelspec has the name \".net-fsharp\"", result.Errors,
            StringComparison.Ordinal);
        Assert.Contains("html.ipynb: cell [1] `<b>x</b>` is written in html. The runner runs C# only. It is left out.",
            result.Errors, StringComparison.Ordinal);
        Assert.Contains("error: 2 of 3 ", result.Errors, StringComparison.Ordinal);
        Assert.Contains("good.", result.Output, StringComparison.Ordinal);

        result = await NotebookFolder.Run([command, good, _folder.PathOf("fsharp.ipynb"), .. to]);
        Assert.Equal(Runner.WrongRequest, result.ExitCode);
        Assert.DoesNotContain("good.", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_file_and_an_empty_folder_are_both_named_and_nothing_is_run()
    {
        var good = _folder.Write("good.ipynb", "Console.WriteLine(\"it ran\");");
        var empty = Directory.CreateDirectory(_folder.PathOf("empty")).FullName;
        var result = await NotebookFolder.Run(good, _folder.PathOf("none.ipynb"), empty);
        Assert.Equal(Runner.WrongRequest, result.ExitCode);
        Assert.Contains("none.ipynb: no such file or folder", result.Errors, StringComparison.Ordinal);
        Assert.Contains("empty: the folder holds no notebook", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("it ran", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--timeout", "0")]
    [InlineData("--timeout", "soon")]
    [InlineData("check", "--unknown")]
    public async Task A_wrong_option_is_a_wrong_request(params string[] arguments)
    {
        var result = await NotebookFolder.Run(arguments);
        Assert.Equal(Runner.WrongRequest, result.ExitCode);
        Assert.StartsWith("error: ", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_means_its_notebooks_by_name_each_once()
    {
        var first = _folder.Write("a.ipynb", "1");
        _folder.Write("b.ipynb", "2");
        var result = await NotebookFolder.Run("--quiet", first, _folder.FullPath);
        Assert.Equal(Runner.AllWell, result.ExitCode);
        Assert.Matches("(?s)^ok .*a.ipynb: 1 cell, .*ok .*b.ipynb: 1 cell, .*2 notebooks, 2 cells", result.Output);
    }

    [Fact]
    public async Task A_pipe_an_endless_device_and_a_file_of_many_megabytes_are_refused_unread()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Pipes, devices and holes of Linux.");
        await RunnerProcess.Result(RunnerProcess.StartProgram(_folder.FullPath, "mkfifo", "pipe.ipynb"));
        File.CreateSymbolicLink(_folder.PathOf("zero.ipynb"), "/dev/zero");
        await using (var large = File.Create(_folder.PathOf("large.ipynb"))) large.SetLength(5_000_000_000);
        foreach (var name in new[] { "pipe.ipynb", "zero.ipynb", "large.ipynb" })
        {
            var result = await NotebookFolder.Run("check", _folder.PathOf(name));
            Assert.Equal(Runner.WrongRequest, result.ExitCode);
            Assert.Contains("not a notebook: ", result.Errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_number_means_the_lesson_of_that_number()
    {
        Assert.Equal([Repository.Lesson(3).FullPath],
            NotebookPaths.Load(["3"], Assert.Fail).Select(notebook => notebook.FullPath));
        var result = await NotebookFolder.Run("99");
        Assert.Equal(Runner.WrongRequest, result.ExitCode);
        Assert.Contains("99: no notebook has this number. There are 01, 02, ", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_named_notebook_is_shown_whole_its_prose_too()
    {
        var path = _folder.WriteJson("a.ipynb",
            NotebookFolder.Json(NotebookFolder.Cell("Read *this*.", "markdown"), NotebookFolder.Cell("6 * 7")));
        var result = await NotebookFolder.Run(path);
        Assert.Contains("Read *this*.\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("│ 6 * 7\n42\n", result.Output, StringComparison.Ordinal);
    }

    private static async Task Assert_refused(string path, string reason)
    {
        var before = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        var result = await NotebookFolder.Run("save", path);
        Assert.Equal(Runner.WrongRequest, result.ExitCode);
        Assert.Contains(Path.GetFileName(path), result.Errors, StringComparison.Ordinal);
        Assert.Contains(reason, result.Errors, StringComparison.Ordinal);
        Assert.Single(result.Errors.TrimEnd('\n').Split('\n'));
        Assert.Equal(before, await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
    }
}
