using System.Text.Json.Nodes;
using Deque.AxeCore.Commons;
using Xunit;

namespace GptEmbeddings.Tests;

/// <summary>Every page of the site, as readers with a light or a dark, a wide or a narrow screen have it.</summary>
public sealed class SiteBrowserTests(ReadingRoom room)
{
    // WCAG 2 asks for this contrast (https://www.w3.org/TR/WCAG22/#contrast-minimum).
    private const double LeastContrast = 4.5;

    // Backgrounds lie over each other, and the text over them.
    private const string Contrasts = """
        (() => {
          const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
          const light = ([r, g, b]) => [r, g, b].map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
            .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
          return [...document.querySelectorAll('pre span[title]')].map(number => {
            const layers = [];
            for (let part = number; part; part = part.parentElement) layers.unshift(getComputedStyle(part).backgroundColor);
            canvas.fillStyle = matchMedia('(prefers-color-scheme: dark)').matches ? '#121212' : '#fff';
            for (const layer of [canvas.fillStyle, ...layers]) { canvas.fillStyle = layer; canvas.fillRect(0, 0, 1, 1); }
            const paper = light(canvas.getImageData(0, 0, 1, 1).data);
            canvas.fillStyle = getComputedStyle(number).color;
            canvas.fillRect(0, 0, 1, 1);
            const ink = light(canvas.getImageData(0, 0, 1, 1).data);
            return (Math.max(paper, ink) + 0.05) / (Math.min(paper, ink) + 0.05);
          });
        })()
        """;

    public static TheoryData<int, bool> Readers => new() { { 1280, false }, { 1280, true }, { 390, false }, { 390, true } };

    [Theory]
    [MemberData(nameof(Readers))]
    public async Task No_page_has_an_error_a_warning_or_a_request_that_leaves_the_machine(int width, bool dark)
    {
        var page = await room.Open(width, dark);
        foreach (var address in room.Pages)
        {
            await page.Go(address);
            await page.Drawn();
        }

        Assert.Empty(page.Complaints());
        Assert.All(page.Requests(), request => Assert.StartsWith("file:", request, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1280)]
    [InlineData(390)]
    public async Task No_page_is_wider_than_the_window(int width)
    {
        var page = await room.Open(width);
        foreach (var address in room.Pages)
        {
            await page.Go(address);
            await page.Drawn();
            Assert.True((await page.Evaluate("document.documentElement.scrollWidth"))!.GetValue<int>() <= width, address.AbsolutePath);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_number_of_every_tensor_stands_out_from_its_tint(bool dark)
    {
        var page = await room.Open(dark: dark);
        var count = 0;
        foreach (var address in room.Pages)
        {
            await page.Go(address);
            var contrasts = ((JsonArray)(await page.Evaluate(Contrasts))!).Select(contrast => contrast!.GetValue<double>()).ToList();
            count += contrasts.Count;
            Assert.All(contrasts, contrast => Assert.True(contrast >= LeastContrast, $"{contrast:F2} on {address.AbsolutePath}"));
        }

        Assert.True(count > 500, $"{count} numbers only.");
    }

    [Theory]
    [MemberData(nameof(Readers))]
    public async Task No_page_hinders_readers_with_a_disability(int width, bool dark)
    {
        var page = await room.Open(width, dark);
        var axe = new BundledAxeScriptProvider().GetScript();
        foreach (var address in room.Pages)
        {
            await page.Go(address);
            await page.Drawn();
            await page.Evaluate(axe);
            var found = (JsonArray)(await page.Evaluate("axe.run().then(found => found.violations.filter(v => ['serious', 'critical'].includes(v.impact)).map(v => `${v.id}: ${v.help}: ${v.nodes.length}: ${v.nodes[0].html} ${v.nodes[0].failureSummary}`))"))!;
            Assert.True(found.Count == 0, $"{address.AbsolutePath}\n{string.Join('\n', found)}");
        }
    }

    [Fact]
    public async Task Every_link_leads_to_a_file_and_a_place_in_it()
    {
        var page = await room.Open();
        var targets = new HashSet<string>();
        foreach (var address in room.Pages)
        {
            await page.Go(address);
            var links = (JsonArray)(await page.Evaluate("[...document.querySelectorAll('a[href], img[src]')].map(part => part.href ?? part.src).filter(link => link.startsWith('file:'))"))!;
            targets.UnionWith(links.Select(link => link!.GetValue<string>()));
        }

        foreach (var target in targets.Select(target => new Uri(target)))
        {
            Assert.True(File.Exists(target.LocalPath), target.ToString());
            if (target.Fragment.Length == 0) continue;
            await page.Go(new(target.GetLeftPart(UriPartial.Path)));
            Assert.True((await page.Evaluate($"!!document.getElementById(decodeURIComponent('{target.Fragment[1..]}'))"))!.GetValue<bool>(), target.ToString());
        }

        Assert.True(targets.Count > 20, $"{targets.Count} links only.");
    }

    [Fact]
    public async Task Every_picture_shows()
    {
        var page = await room.Open();
        foreach (var address in room.Pages)
        {
            await page.Go(address);
            Assert.Empty((JsonArray)(await page.Evaluate("[...document.images].filter(image => !image.naturalWidth || !image.alt).map(image => image.src)"))!);
        }
    }

    [Fact]
    public async Task The_button_copies_a_cells_code()
    {
        var page = await room.Open();
        await page.Go(room.ChartPage);
        await page.Evaluate("navigator.clipboard.writeText = async text => { window.copied = text; }; document.querySelector('#cell-2 .copy').click()");
        Assert.Equal("\"lines\" // draw", (await page.Evaluate("window.copied"))!.GetValue<string>());
    }

    [Theory]
    [InlineData(1280, true)]
    [InlineData(390, false)]
    public async Task The_table_of_contents_is_open_beside_the_text_and_folded_above_it(int width, bool open)
    {
        var page = await room.Open(width);
        await page.Go(room.ChartPage);
        Assert.Equal(open, (await page.Evaluate("document.querySelector('.contents details').open"))!.GetValue<bool>());
        Assert.Equal("A formula, Charts, Of each kind", (await page.Evaluate("[...document.querySelectorAll('.contents a')].map(a => a.textContent).join(', ')"))!.GetValue<string>());
    }
}
