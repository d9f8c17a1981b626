using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using GptEmbeddings.NotebookRunner;
using GptEmbeddings.NotebookRunner.Notebook;
using GptEmbeddings.NotebookRunner.Pictures;
using Xunit;

namespace GptEmbeddings.Tests;

/// <summary>The pictures that <c>save</c> stores beside charts.</summary>
[Collection<WholeProcess>]
public sealed class PictureBrowserTests : IDisposable
{
    private const string ChromePath = "CHROME_PATH";

    private readonly NotebookFolder _folder = new();
    private readonly string? _chromePath = Environment.GetEnvironmentVariable(ChromePath);

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(ChromePath, _chromePath);
        _folder.Dispose();
    }

    [Fact]
    public async Task Save_stores_a_crisp_picture_with_its_description_and_check_agrees()
    {
        RequireChromium();
        var path = Write("loss");
        Assert.Equal((Runner.AllWell, ""), Outcome(await NotebookFolder.Run("save", path)));
        var output = Output();
        var png = Convert.FromBase64String(output["data"]!["image/png"]!.GetValue<string>());
        var about = output["metadata"]!["image/png"]!;
        Assert.InRange(png.Length, 5_000, 60_000);
        Assert.Equal("Lines \"loss\": 1 series of 3 points, from 1 to 3", about["alt"]!.GetValue<string>());
        Assert.Equal(about["width"]!.GetValue<int>() * 2, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)));
        Assert.Equal(about["height"]!.GetValue<int>() * 2, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)));
        Assert.Contains(
            $"<img src=\"data:image/png;base64,{output["data"]!["image/png"]}\" "
            + "alt=\"Lines &quot;loss&quot;: 1 series of 3 points, from 1 to 3\"",
            MultilineText.Read(output["data"]!["text/html"]), StringComparison.Ordinal);
        Assert.Equal((Runner.AllWell, ""), Outcome(await NotebookFolder.Run("check", path)));
    }

    [Fact]
    public async Task A_chart_that_did_not_change_keeps_its_picture_byte_for_byte_without_Chromium()
    {
        RequireChromium();
        var path = Write("loss");
        await NotebookFolder.Run("save", path);
        var before = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        Environment.SetEnvironmentVariable(ChromePath, _folder.PathOf("none"));
        Assert.StartsWith("unchanged", (await NotebookFolder.Run("save", path)).Output, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Without_Chromium_a_new_chart_is_saved_without_a_picture_and_named()
    {
        Environment.SetEnvironmentVariable(ChromePath, _folder.PathOf("none"));
        var path = Write("loss");
        var (exitCode, errors) = Outcome(await NotebookFolder.Run("save", path));
        Assert.Equal(Runner.Failed, exitCode);
        Assert.Contains("1 of its charts have no picture, since there is no Chromium", errors,
            StringComparison.Ordinal);
        Assert.Contains("cell [3] `Charts.Lines", errors, StringComparison.Ordinal);
        Assert.Equal(["text/html", "text/plain"],
            Output()["data"]!.AsObject().Select(part => part.Key).Order(StringComparer.Ordinal));

        (exitCode, errors) = Outcome(await NotebookFolder.Run("check", path));
        Assert.Equal(Runner.Failed, exitCode);
        Assert.Contains("its chart has no picture", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_notices_a_picture_that_is_older_than_its_chart()
    {
        RequireChromium();
        var path = Write("loss");
        await NotebookFolder.Run("save", path);
        // As an editor leaves it that keeps what it does not know.
        await File.WriteAllTextAsync(path,
            (await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken))
            .Replace("1.0, 2.0", "1.0, 2.5", StringComparison.Ordinal)
            .Replace("[1.0,2.0,3.0]", "[1.0,2.5,3.0]", StringComparison.Ordinal),
            TestContext.Current.CancellationToken);
        var (exitCode, errors) = Outcome(await NotebookFolder.Run("check", path));
        Assert.Equal(Runner.Failed, exitCode);
        Assert.Contains("the picture of its chart is older than the chart", errors, StringComparison.Ordinal);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task A_program_that_is_no_Chromium_is_named_and_was_tried_with_its_sandbox()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Uses a script of Unix.");
        var (tries, program) = (_folder.PathOf("tries"), WriteProgram($"echo \"$@\" >> '{_folder.PathOf("tries")}'"));
        var (exitCode, errors) = Outcome(await NotebookFolder.Run("save", Write("loss")));
        Assert.Equal(Runner.Failed, exitCode);
        Assert.Contains($"since {program} did not draw them: {program} does not start", errors,
            StringComparison.Ordinal);
        // For root Chromium cannot start with it, and elsewhere it is left out on Linux where all else failed.
        Assert.Equal(Environment.UserName == "root",
            (await File.ReadAllLinesAsync(tries, TestContext.Current.CancellationToken))[0]
            .Contains("--no-sandbox", StringComparison.Ordinal));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task A_browser_that_ends_while_it_paints_is_replaced_by_a_new_one()
    {
        RequireChromium();
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Uses a script of Unix.");
        var ended = _folder.PathOf("ended");
        WriteProgram($$"""
            [ -e '{{ended}}' ] && exec '{{Chromium.Find()}}' "$@"
            for argument; do case $argument in --user-data-dir=*) profile=${argument#*=} ;; esac; done
            '{{Chromium.Find()}}' "$@" &
            until [ -e "$profile/pages/charts.html" ]; do sleep 0.01; done
            mkdir '{{ended}}'
            kill -s KILL $!
            """);
        Assert.Equal((Runner.AllWell, ""), Outcome(await NotebookFolder.Run("save", Write("loss"))));
        Assert.True(Directory.Exists(ended));
        Assert.NotNull(Output()["data"]!["image/png"]);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Painting_is_shown_in_a_terminal_and_counts_in_the_time_of_the_notebook()
    {
        RequireChromium();
        WriteProgram($"sleep 3\nexec '{Chromium.Find()}' \"$@\"");
        var result = await Terminal.Run(_folder.FullPath, 80, new Dictionary<string, string>(), "save", Write("loss"));
        Assert.Contains("a.ipynb, picture 1 of ", result.Output, StringComparison.Ordinal);
        var time = Regex.Match(result.Output, @" a\.ipynb: 3 cells, (\d+)\.\d s");
        Assert.InRange(int.Parse(time.Groups[1].Value, CultureInfo.InvariantCulture), 3, 300);
    }

    // A browser as a script.
    [UnsupportedOSPlatform("windows")]
    private string WriteProgram(string script)
    {
        var program = _folder.WriteText("browser", $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Environment.SetEnvironmentVariable(ChromePath, program);
        return program;
    }

    private static void RequireChromium() =>
        Assert.SkipWhen(Chromium.Find() is null, "There is no Chromium on the PATH and none in CHROME_PATH.");

    private static (int, string) Outcome(RunnerResult result) => (result.ExitCode, result.Errors);

    private string Write(string name) => _folder.Write(
        "a.ipynb",
        "#r \"nuget: TorchSharp-cpu, 0.107.0\"\n#r \"nuget: GptEmbeddings.Helpers, 1.0.0\"",
        "using GptEmbeddings;\nTutorial.Begin();",
        $"Charts.Lines([(\"{name}\", new[] {{ 1.0, 2.0, 3.0 }})])");

    private JsonNode Output() => JsonNode.Parse(_folder.Outputs("a.ipynb")[2].GetRawText())![0]!;
}
