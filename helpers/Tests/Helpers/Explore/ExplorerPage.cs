using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace GptEmbeddings.Tests;

/// <summary>A page with one explorer in it, as a reader uses it: words to move, tables to read.</summary>
internal sealed class ExplorerPage(ReadingPage page)
{
    /// <summary>The page that the explorer stands in.</summary>
    public ReadingPage Page => page;

    /// <summary>What a screen reader was told last.</summary>
    public Task<string> Told => page.Text("document.querySelector('.gx [role=status]').textContent");

    /// <summary>The words of the sentence.</summary>
    public Task<string> Sentence => page.Text(
        "[...document.querySelectorAll('.gx-tokens button span')].map(word => word.textContent).join(' ')");

    /// <summary>Opens a page with this explorer, nothing else, and no animations.</summary>
    public static async Task<ExplorerPage> Open(
        ReadingRoom room, ExplorerView explorer, int width = 1280, bool dark = false)
    {
        var page = await room.Open(width, dark);
        await page.Show(width, dark: dark, still: true);
        await page.Go(room.Write(explorer.ToHtml(), dark));
        await page.Drawn();
        return new(page);
    }

    /// <summary>The numbers of the table at an index, row by row.</summary>
    public async Task<double[][]> Table(int index)
    {
        var rows = (JsonArray)(await page.Evaluate($$"""
            [...document.querySelectorAll('.gx table')[{{index}}].tBodies[0].rows].map(row =>
              [...row.querySelectorAll('td:not(.gx-note)')].map(cell => Number(cell.textContent)))
            """))!;
        return [.. rows.Select(row => ((JsonArray)row!).Select(cell => cell!.GetValue<double>()).ToArray())];
    }

    /// <summary>The rows of the table at an index that are marked as changed.</summary>
    public Task<string> Changed(int index) => page.Text($$"""
        [...document.querySelectorAll('.gx table')[{{index}}].tBodies[0].rows]
          .map((row, i) => row.querySelector('.gx-changed') ? i : -1).filter(i => i >= 0).join(' ')
        """);

    /// <summary>Clicks what a selector finds.</summary>
    public async Task Click(string selector)
    {
        var (x, y) = await Center(selector);
        await page.Click(x, y);
    }

    /// <summary>Clicks a button by its text.</summary>
    public Task Push(string text) => page.Run(
        $"[...document.querySelectorAll('.gx button')].find(button => button.textContent === '{text}').click()");

    /// <summary>Clicks a word of the sentence.</summary>
    public Task ClickToken(int place) => Click(Token(place));

    /// <summary>Moves a word of the sentence with the mouse.</summary>
    public async Task Drag(int from, int to) => await page.Drag(await Center(Token(from)), await Past(from, to));

    /// <summary>Moves a word of the sentence with a finger.</summary>
    public async Task Swipe(int from, int to) => await page.Swipe(await Center(Token(from)), await Past(from, to));

    /// <summary>Presses keys on a word of the sentence.</summary>
    public async Task Press(int place, params string[] keys)
    {
        await page.Run($"document.querySelector('{Token(place)}').focus()");
        foreach (var key in keys) await page.Press(key);
    }

    /// <summary>A tensor's numbers, row by row.</summary>
    public static double[][] Rows(Tensor matrix)
    {
        using var numbers = matrix.detach().to(ScalarType.Float64).contiguous();
        return [.. numbers.data<double>().ToArray().Chunk((int)matrix.shape[1])];
    }

    private static string Token(int place) => $".gx-tokens li:nth-child({place + 1}) button";

    private async Task<(double X, double Y)> Center(string selector)
    {
        var (x, y, width, height) = await page.Place(selector);
        return (x + width / 2, y + height / 2);
    }

    // A little past the middle of a word, seen from where the moved one comes from.
    private async Task<(double X, double Y)> Past(int from, int to)
    {
        var (x, y, width, height) = await page.Place(Token(to));
        return (x + width * (to > from ? 0.8 : 0.2), y + height / 2);
    }
}
