using System.Text.Json.Nodes;
using GptEmbeddings.NotebookRunner;
using GptEmbeddings.NotebookRunner.Notebook;
using Xunit;

namespace GptEmbeddings.Tests;

/// <summary>Nothing that a notebook, a file name or an argument holds reaches the terminal as a command.</summary>
public sealed class VisibleTextTests : IDisposable
{
    // Of C0, of C1, an override of the direction, a link, a line that erases the one before.
    private const string Evil = "\u001b[2J\u009b31m\u202e\u2066\u2028\a\b\u007f\rok\u001b]8;;http://x\u001b\\";

    private readonly NotebookFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Text_in_any_script_with_its_line_breaks_stays_as_it_is()
    {
        const string text = "a\tb\nÜber 漢字 😀 👩‍💻 x² → ן";
        Assert.Equal(text, VisibleText.Of(text));
    }

    [Fact]
    public void Of_a_long_line_the_middle_is_left_out()
    {
        var message = VisibleText.OfMessage($"{new string('a', 3_000_000)}z\nshort");
        Assert.InRange(message.Length, 900, 1100);
        Assert.EndsWith("aaaz\nshort", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("check")]
    [InlineData("export")]
    public async Task A_hostile_notebook_sends_no_command_to_the_terminal(string command)
    {
        var name = $"evil{Evil.Replace("/", "", StringComparison.Ordinal)}.ipynb";
        var literal = JsonValue.Create(Evil).ToJsonString().Replace("\\/", "/", StringComparison.Ordinal);
        var saved = NotebookFolder.Cell($"// {Evil.ReplaceLineEndings("")}\n{literal}");
        saved["outputs"] = new JsonArray(new JsonObject
        {
            ["output_type"] = "stream",
            ["name"] = "stdout",
            ["text"] = $"saved {Evil}",
        });
        _folder.WriteJson(name, NotebookFolder.Json(
            NotebookFolder.Cell($"# {Evil}\n\n`{Evil}` &#27;[2J &#x9b;1m [a&#27;](https://x/&#27;[2J) <b>{Evil}</b>\n\n"
                + $"    {Evil}\n\n<i>\n&#27;{Evil}\n</i>\n\n| {Evil} |\n|---|\n| {Evil} |", "markdown"),
            saved,
            NotebookFolder.Cell($"Console.Write({literal}); Console.Error.Write({literal});"),
            NotebookFolder.Cell($"throw new Exception({literal});"),
            NotebookFolder.Cell($"Missing({literal});")));
        await AssertHarmless(Runner.Failed, command, _folder.FullPath);
    }

    [Fact]
    public async Task What_is_wrong_with_a_file_is_said_without_its_commands_and_briefly()
    {
        var json = NotebookFolder.Json(NotebookFolder.Cell("1"));
        json["metadata"]!["kernelspec"]!["name"] = Evil + new string('x', 3_000_000);
        await AssertHarmless(Runner.WrongRequest, "check", _folder.WriteJson("a.ipynb", json));
    }

    [Fact]
    public async Task A_line_break_in_a_name_makes_no_line_of_the_report()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "No file has such a name there.");
        var path = _folder.Write("a\nok forged.ipynb", "1");
        foreach (var command in new[] { "check", "run", "save", "export" }) await AssertNotForged(command, path);
        await AssertNotForged("check", $"{path}\nok forged");
        var json = NotebookFolder.Json(NotebookFolder.Cell("1"));
        json["metadata"]!["kernelspec"]!["name"] = "\nok forged";
        await AssertNotForged("check", _folder.WriteJson("b.ipynb", json));
    }

    [Fact]
    public Task An_argument_is_quoted_without_its_commands() =>
        AssertHarmless(Runner.WrongRequest, $"--{Evil}", Evil);

    private async Task AssertHarmless(int exitCode, params string[] arguments)
    {
        var result = await Run(arguments);
        Assert.Equal(exitCode, result.ExitCode);
        var text = result.Output + result.Errors;
        Assert.DoesNotContain(text.EnumerateRunes(), rune =>
            rune.Value != '\n' && VisibleText.Of(rune.ToString()) != rune.ToString());
        Assert.NotEqual("", result.Errors);
        Assert.InRange(result.Errors.Length, 1, 5000);
    }

    private async Task AssertNotForged(params string[] arguments)
    {
        var result = await Run(arguments);
        Assert.Contains("␊ok forged", result.Output + result.Errors, StringComparison.Ordinal);
        Assert.DoesNotMatch("(?m)^(error: |  )?ok forged", result.Output + result.Errors);
    }

    private async Task<RunnerResult> Run(string[] arguments)
    {
        string[] to = arguments[0] == "export" ? ["--to", _folder.PathOf("apps")] : [];
        using var process = RunnerProcess.Start(_folder.FullPath, [.. arguments, .. to]);
        return await RunnerProcess.Result(process);
    }
}
