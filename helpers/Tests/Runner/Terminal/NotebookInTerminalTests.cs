using GptEmbeddings.NotebookRunner;
using Xunit;

namespace GptEmbeddings.Tests;

/// <summary>A notebook that is read in a terminal.</summary>
public sealed class NotebookInTerminalTests : IDisposable
{
    private const string Prose = "# A title\n\nWords in **bold**, 漢字.\n\n| a | b |\n|---|---|\n| x | y |";

    private readonly NotebookFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Its_prose_its_code_and_what_the_code_gave_stand_there_as_plain_text()
    {
        var output = await Read(80);
        Assert.Contains(
            $"""
            ── a.ipynb ──

            {Prose}

            [1] │ var n = 2;   // 漢字
                │ Console.WriteLine("printed");
                │ new string('=', 3) + "\t|"
            printed
            ===	|

            """.ReplaceLineEndings("\n"),
            output.Replace("\r", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.EndsWith(" 1 cell", output.TrimEnd().Split(',')[^2], StringComparison.Ordinal);
    }

    // Spectre.Console never ends where it has less room than for a letter or two.
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public async Task However_narrow_the_terminal_all_of_the_text_is_there(int width) => Assert.Contains(
        "===", await Read(width), StringComparison.Ordinal);

    [Fact]
    public async Task NO_COLOR_is_plain_text() =>
        Assert.DoesNotMatch(@"\u001b\[[0-9;]*m|\u001b\]", await Read(80, "--quiet"));

    [Fact]
    public async Task The_path_of_the_pages_is_a_link()
    {
        var result = await Terminal.Run(_folder.FullPath, 80, new Dictionary<string, string>(),
            "--site", _folder.PathOf("site"), _folder.Write("b.ipynb", "42"));
        var pages = _folder.PathOf("site/index.html");
        Assert.Contains($";file://{pages}\u001b\\{pages}\u001b]8;;", result.Output, StringComparison.Ordinal);
    }

    private async Task<string> Read(int width, params string[] options)
    {
        var path = _folder.WriteJson("a.ipynb", NotebookFolder.Json(
        [
            NotebookFolder.Cell(Prose, "markdown"),
            NotebookFolder.Cell(
                "var n = 2;   // 漢字\nConsole.WriteLine(\"printed\");\nnew string('=', 3) + \"\\t|\""),
        ]));
        var result = await Terminal.Run(
            _folder.FullPath, width, new Dictionary<string, string> { ["NO_COLOR"] = "1" }, [.. options, path]);
        Assert.Equal(Runner.AllWell, result.ExitCode);
        return result.Output;
    }
}
