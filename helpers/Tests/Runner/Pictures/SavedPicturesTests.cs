using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;
using GptEmbeddings.NotebookRunner.Notebook;
using Xunit;

namespace GptEmbeddings.Tests;

/// <summary>What is drawn in the notebooks, where their scripts do not run, and on the pages of nbconvert.</summary>
public sealed partial class SavedPicturesTests(ReadingRoom room) : IDisposable
{
    // Jupyter's pages have a module loader.
    private const string Require = "https://requirejs.example/require.min.js";

    // A swap answers in every explorer that has a sentence, a choice in the one that writes, and the script of every
    // one has run.
    private const string Explorers = """
        [...document.querySelectorAll('[data-explore]')].every(box => {
          if (!box.querySelector('.gx') || box.querySelector(':scope > img')) return false;
          const words = () => [...box.querySelectorAll('.gx-tokens button')];
          const before = words().map(word => word.textContent);
          if (words().length < 2) return true;
          words()[0].click();
          words()[1].click();
          if (box.dataset.explore === 'write') return words()[1].ariaPressed === 'true';
          return words()[0].textContent[0] === before[1][0] && words().length === before.length;
        }) ? 'working' : 'not working'
        """;

    private readonly NotebookFolder _folder = new();

    public void Dispose() => _folder.Dispose();

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
        (string Folder, NotebookFile[] Notebooks)[] folders =
        [
            ("lessons", Drawing(Repository.Lessons)),
            ("solutions", Thorough.Asked ? Drawing(Repository.Solutions) : []),
        ];
        foreach (var (folder, notebooks) in folders.Where(folder => folder.Notebooks.Length > 0))
        {
            using var process = NbConvert(folder, [.. notebooks.Select(notebook => notebook.FullPath)]);
            var result = await RunnerProcess.Result(process);
            Assert.True(result.ExitCode == 0, result.Errors);
        }

        var pages = Directory.GetFiles(_folder.FullPath, "*.html", SearchOption.AllDirectories);
        Assert.Equal(folders.Sum(folder => folder.Notebooks.Length), pages.Length);
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

    private static NotebookFile[] Drawing(IEnumerable<NotebookFile> notebooks) =>
        [.. notebooks.Where(notebook => Drawn(notebook).Any())];

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
}
