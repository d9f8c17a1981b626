using System.Buffers.Binary;
using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using GptEmbeddings.NotebookRunner;
using GptEmbeddings.NotebookRunner.Notebook;
using GptEmbeddings.NotebookRunner.Pictures;
using Xunit;

namespace GptEmbeddings.Tests;

/// <summary>The pictures that <c>save</c> stores beside charts.</summary>
[Collection<WholeProcess>]
public sealed partial class PictureBrowserTests(ReadingRoom room) : IDisposable
{
    private const string ChromePath = "CHROME_PATH";

    // Jupyter's pages have a module loader.
    private const string Require = "https://requirejs.example/require.min.js";

    // A swap answers in every explorer that has a sentence, and the script of every one has run.
    private const string Explorers = """
        [...document.querySelectorAll('[data-explore]')].every(box => {
          if (!box.querySelector('.gx') || box.querySelector(':scope > img')) return false;
          const words = () => [...box.querySelectorAll('.gx-tokens button')];
          const before = words().map(word => word.textContent);
          if (words().length < 2) return true;
          words()[0].click();
          words()[1].click();
          return words()[0].textContent[0] === before[1][0] && words().length === before.length;
        }) ? 'working' : 'not working'
        """;

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
    public async Task A_program_that_is_no_Chromium_is_named()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Uses a program of Unix.");
        Environment.SetEnvironmentVariable(ChromePath, "/bin/false");
        var (exitCode, errors) = Outcome(await NotebookFolder.Run("save", Write("loss")));
        Assert.Equal(Runner.Failed, exitCode);
        Assert.Contains("since /bin/false did not draw them: /bin/false does not start", errors,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_picture_with_a_palette_shows_what_the_one_with_all_colors_shows()
    {
        var page = await room.Open();
        await page.Go(room.ChartPage);
        await page.Drawn();
        var original = await page.Picture(1280, 1600);
        foreach (var (most, farthest) in new[] { (int.MaxValue, 24), (1, 128) })
        {
            var indexed = IndexedPng.Of(original, most);
            Assert.True(indexed.Length < original.Length);
            var difference = await page.Evaluate($$"""
                (async () => {
                  const pixels = async data => {
                    const image = new Image();
                    image.src = 'data:image/png;base64,' + data;
                    await image.decode();
                    const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight).getContext('2d');
                    canvas.drawImage(image, 0, 0);
                    return canvas.getImageData(0, 0, image.naturalWidth, image.naturalHeight).data;
                  };
                  const a = await pixels('{{Convert.ToBase64String(original)}}');
                  const b = await pixels('{{Convert.ToBase64String(indexed)}}');
                  return a.length === b.length
                    ? a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0)
                    : 'sizes differ';
                })()
                """);
            Assert.InRange(difference!.GetValue<int>(), 1, farthest);
        }
    }

    [Fact]
    public async Task Without_scripts_and_styles_all_charts_and_explorers_are_pictures_with_a_description()
    {
        var page = await room.Open();
        await page.RunScripts(false);
        foreach (var notebook in Repository.All)
        {
            var drawings = string.Concat(Drawn(notebook).Select(html => Style().Replace(html, "")));
            await page.Go(room.Write(drawings));
            Assert.Equal((notebook.Label, Box().Count(drawings)), (notebook.Label, await Pictures(page)));
        }

        await page.Close();
    }

    [Fact]
    public async Task Pages_of_nbconvert_show_pictures_without_a_network_and_scripts_else_working_explorers()
    {
        var page = await room.Open();
        // A lesson and its solutions have one name.
        foreach (var (folder, notebooks) in new[]
                 { ("lessons", Repository.Lessons), ("solutions", Repository.Solutions) })
        {
            using var process = NbConvert(folder,
                [.. notebooks.Where(notebook => Drawn(notebook).Any()).Select(notebook => notebook.FullPath)]);
            var result = await RunnerProcess.Result(process);
            Assert.True(result.ExitCode == 0, result.Errors);
        }

        var pages = Directory.GetFiles(_folder.FullPath, "*.html", SearchOption.AllDirectories);
        Assert.Equal(Repository.All.Count(notebook => Drawn(notebook).Any()), pages.Length);
        page.Serve(Require, () =>
            File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "Data", "require.min.js")));
        foreach (var path in pages)
        {
            await page.RunScripts(false);
            await page.Go(new(path));
            var drawings = await page.Evaluate("document.querySelectorAll('[data-chart], [data-explore]').length");
            Assert.Equal((path, drawings!.GetValue<int>()), (path, await Pictures(page)));
            Assert.True(drawings.GetValue<int>() > 0, path);
            await page.RunScripts(true);
            await page.Go(new(path));
            Assert.Equal((path, "function"), (path, await page.Text("typeof requirejs")));
            Assert.Equal((path, "working"), (path, await page.Text(Explorers)));
        }

        await page.Close();
    }

    private Process NbConvert(string folder, string[] notebooks)
    {
        try
        {
            return RunnerProcess.StartProgram(
                _folder.FullPath, "jupyter-nbconvert",
                    ["--to", "html", $"--HTMLExporter.require_js_url={Require}",
                    "--output-dir", _folder.PathOf(folder), .. notebooks]);
        }
        catch (Win32Exception)
        {
            Assert.Skip("There is no jupyter-nbconvert on the PATH.");
            throw;
        }
    }

    private static IEnumerable<string> Drawn(NotebookFile notebook) => notebook.CodeCells
        .SelectMany(cell => cell.SavedOutputs).Select(output => output.Parts.GetValueOrDefault("text/html") ?? "")
        .Where(html => Box().IsMatch(html));

    // Those that show something: a picture with a description, in the box of a chart or an explorer.
    private static async Task<int> Pictures(ReadingPage page) => (await page.Evaluate("""
        [...document.querySelectorAll('[data-chart] > img, [data-explore] > img')]
          .filter(image => image.naturalWidth > 300 && image.alt.length > 10).length
        """))!.GetValue<int>();

    [GeneratedRegex(" data-(?:chart|explore)=\"")]
    private static partial Regex Box();

    [GeneratedRegex(" style=\"[^\"]*\"")]
    private static partial Regex Style();

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
