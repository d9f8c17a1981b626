using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Xunit;

namespace GptEmbeddings.Tests;

/// <summary>Every page of the site, as readers with a light or a dark, a wide or a narrow screen have it.</summary>
public sealed partial class SiteBrowserTests(ReadingRoom room)
{
    // WCAG 2 asks for this contrast (https://www.w3.org/TR/WCAG22/#contrast-minimum).
    private const double LeastContrast = 4.5;

    // Backgrounds lie over each other, and the text over them.
    private const string Contrasts = """
        (() => {
          const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
          const light = ([r, g, b]) => [r, g, b].map(c => c / 255)
            .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
            .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
          return [...document.querySelectorAll('pre span[title]')].map(number => {
            const layers = [];
            for (let part = number; part; part = part.parentElement) {
              layers.unshift(getComputedStyle(part).backgroundColor);
            }
            canvas.fillStyle = matchMedia('(prefers-color-scheme: dark)').matches ? '#121212' : '#fff';
            for (const layer of [canvas.fillStyle, ...layers]) {
              canvas.fillStyle = layer;
              canvas.fillRect(0, 0, 1, 1);
            }
            const paper = light(canvas.getImageData(0, 0, 1, 1).data);
            canvas.fillStyle = getComputedStyle(number).color;
            canvas.fillRect(0, 0, 1, 1);
            const ink = light(canvas.getImageData(0, 0, 1, 1).data);
            return (Math.max(paper, ink) + 0.05) / (Math.min(paper, ink) + 0.05);
          });
        })()
        """;

    // Pictures that do not show, or tell nothing to those who do not see them.
    private const string Blanks =
        "[...document.images].filter(image => !image.naturalWidth || !image.alt).map(image => image.src.slice(0, 200))";

    // Code that is cut off, and numbers in the fourth column of a tensor that are out of sight.
    private const string CutOff = """
        [...document.querySelectorAll('.code pre')].filter(code => code.scrollWidth > code.clientWidth + 1)
          .concat([...document.querySelectorAll('.output pre span[title$=", 3]"]')].filter(number =>
            number.getBoundingClientRect().right > number.closest('.output').getBoundingClientRect().right + 1))
          .map(cut => cut.textContent)
        """;

    // Diagrams as they are drawn, dark on white.
    private const string Glaring = """
        [...document.querySelectorAll('img[src$=".svg"]')]
          .filter(image => getComputedStyle(image).filter === 'none').map(image => image.src)
        """;

    private const string Barriers = """
        axe.run({ preload: false }).then(found => found.violations
          .map(rule => `${rule.id}: ${rule.help}, ${rule.nodes.length} times: `
            + `${rule.nodes[0].html} ${rule.nodes[0].failureSummary}`))
        """;

    [Fact]
    public Task Pages_are_quiet_local_as_wide_as_the_window_legible_and_free_of_barriers() =>
        Read(390, dark: true, solutions: Thorough.Asked);

    // Width and theme do not depend on each other: two of the four combinations have both of each.
    [Fact(Skip = Thorough.Reason, SkipUnless = nameof(Thorough.Asked), SkipType = typeof(Thorough))]
    public Task So_are_they_for_a_reader_with_a_wide_and_light_screen() => Read(1280, dark: false, solutions: true);

    private async Task Read(int width, bool dark, bool solutions)
    {
        var page = await room.Open(width, dark);
        var axe = new BundledAxeScriptProvider().GetScript();
        var numbers = 0;
        // One visit for all questions: opening the pages takes most of the time.
        foreach (var address in room.Pages.Where(address => solutions || !IsSolution(address)))
        {
            await page.Go(address);
            await page.Run("for (const answer of document.querySelectorAll('.answer')) answer.open = true");
            await page.Drawn();
            var needed = (await page.Evaluate("document.documentElement.scrollWidth"))!.GetValue<int>();
            Assert.True(needed <= width, $"{address.AbsolutePath} is wider.");

            Assert.Empty((JsonArray)(await page.Evaluate(Blanks))!);
            Assert.Empty((JsonArray)(await page.Evaluate(CutOff))!);
            if (dark) Assert.Empty((JsonArray)(await page.Evaluate(Glaring))!);

            var contrasts = ((JsonArray)(await page.Evaluate(Contrasts))!)
                .Select(contrast => contrast!.GetValue<double>()).ToList();
            numbers += contrasts.Count;
            Assert.All(contrasts, contrast =>
                Assert.True(contrast >= LeastContrast, $"{contrast:F2} on {address.AbsolutePath}"));

            await page.Run(axe);
            var barriers = (JsonArray)(await page.Evaluate(Barriers))!;
            Assert.True(barriers.Count == 0, $"{address.AbsolutePath}\n{string.Join('\n', barriers)}");
        }

        Assert.True(numbers > 500, $"{numbers} numbers only.");
        Assert.Empty(page.Complaints);
        Assert.All(page.Requests, request => Assert.StartsWith("file:", request, StringComparison.Ordinal));
        await page.Close();
    }

    private static bool IsSolution(Uri page) =>
        page.AbsolutePath.Contains("/solutions/", StringComparison.Ordinal);

    [Fact]
    public async Task The_checks_find_a_faint_number_a_picture_without_a_description_and_an_error()
    {
        var page = await room.Open();
        await page.Go(room.Write(
            "<main><h1>Bad</h1><pre><span title='[0]' style='color:#999'>1.0000</span></pre>"
            + "<img src='data:image/svg+xml,<svg xmlns=%22http://www.w3.org/2000/svg%22/>'>"
            + "<img src='https://example.org/a.png' alt='far'></main><script>undefinedFunction()</script>"));
        await page.Run(new BundledAxeScriptProvider().GetScript());
        Assert.InRange(Assert.Single((JsonArray)(await page.Evaluate(Contrasts))!)!.GetValue<double>(), 2.8, 2.9);
        var barriers = ((JsonArray)(await page.Evaluate(Barriers))!)
            .Select(barrier => barrier!.GetValue<string>().Split(':')[0]);
        Assert.Equal(["color-contrast", "image-alt"], barriers.Order(StringComparer.Ordinal));
        Assert.Contains(page.Complaints, complaint =>
            complaint.Contains("undefinedFunction", StringComparison.Ordinal));
        Assert.Contains("https://example.org/a.png", page.Requests);
    }

    [Fact]
    public async Task Every_link_leads_to_a_file_and_a_place_in_it()
    {
        await room.Open();
        var ids = room.Pages.ToDictionary(page => page.LocalPath, page =>
            Id().Matches(File.ReadAllText(page.LocalPath)).Select(id => id.Groups[1].Value).ToHashSet());
        var targets = room.Pages
            .SelectMany(page => Link().Matches(File.ReadAllText(page.LocalPath)).Select(link => new Uri(
                new Uri(page.AbsoluteUri),
                WebUtility.HtmlDecode(link.Groups[1].Success ? link.Groups[1].Value : link.Groups[2].Value))))
            .Where(link => link.IsFile).ToHashSet();
        foreach (var target in targets)
        {
            Assert.True(File.Exists(target.LocalPath), target.ToString());
            if (target.Fragment.Length > 0)
                Assert.Contains(Uri.UnescapeDataString(target.Fragment[1..]), ids[target.LocalPath]);
        }

        Assert.True(targets.Count > 20, $"{targets.Count} links only.");
    }

    [Fact]
    public async Task The_button_copies_a_cells_code()
    {
        var page = await room.Open();
        await page.Go(room.ChartPage);
        await page.Run(
            "navigator.clipboard.writeText = async text => { window.copied = text; }; "
            + "document.querySelector('#cell-2 .copy').click()");
        Assert.Equal("\"lines\" // draw", (await page.Evaluate("window.copied"))!.GetValue<string>());
    }

    [Theory]
    [InlineData(1280, true)]
    [InlineData(390, false)]
    public async Task The_chapters_are_open_beside_the_text_and_folded_above_it(int width, bool open)
    {
        var page = await room.Open(width);
        await page.Go(room.ChartPage);
        Assert.Equal(open ? "open" : "folded",
            await page.Text("document.querySelector('.book details').open ? 'open' : 'folded'"));
        Assert.Equal("A formula, Charts, Of each kind", (await page.Evaluate(
            "[...document.querySelectorAll('.contents a')].map(a => a.textContent).join(', ')"))!.GetValue<string>());
    }

    [GeneratedRegex(" id=\"([^\"]+)\"")]
    private static partial Regex Id();

    [GeneratedRegex("<(?:a|link)\\b[^>]* href=\"([^\"]+)\"|<(?:img|script)\\b[^>]* src=\"([^\"]+)\"")]
    private static partial Regex Link();
}
