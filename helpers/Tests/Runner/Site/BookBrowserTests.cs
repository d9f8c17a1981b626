using System.Diagnostics;
using System.Globalization;
using PuppeteerSharp;
using Xunit;

namespace GptEmbeddings.Tests;

/// <summary>The pages used as a reader uses a book: search it, look a term up, choose the light, open an answer, print
/// it. From the file system, without a network.</summary>
public sealed class BookBrowserTests(ReadingRoom room)
{
    private Uri Page(string name) => room.Pages.Single(page =>
        page.LocalPath.EndsWith($"/site/{name}.html", StringComparison.Ordinal));

    private Uri Lesson(int number) => Page(Repository.Lesson(number).Name);

    [Fact]
    public async Task A_search_by_keyboard_leads_to_the_section_on_another_page()
    {
        var page = await room.Open(390, dark: true);
        await page.Go(Page($"solutions/{Repository.Solution(1).Name}"));
        await page.Press("/");
        await page.Type("broadcastíng DIM");
        await Until(page, "document.querySelectorAll('.results a').length > 1");
        Assert.Matches(@"^\d+ sections", await page.Text("document.querySelector('.results .status').textContent"));
        Assert.Equal("true", await page.Text(
            "String([...document.querySelectorAll('.results a')].every(hit => /dim/i.test(hit.textContent)))"));
        await page.Press("ArrowDown");
        await page.Press("ArrowDown");
        await page.Press("ArrowUp");
        var target = await page.Text("document.activeElement.href");
        Assert.Equal(target, await page.Text("document.querySelector('.results a').href"));
        await page.Press("Enter");
        await Until(page, $"location.href === '{target}' && document.readyState === 'complete'");
        Assert.Equal("true", await page.Text("""
            (() => {
              const heading = document.getElementById(decodeURIComponent(location.hash.slice(1)));
              const top = heading.getBoundingClientRect().top;
              return String(top >= 0 && top < innerHeight);
            })()
            """));

        await page.Press("/");
        await page.Type("no-such-word");
        await Until(page, "document.querySelector('.results .status').textContent === 'Nothing found.'");
        await page.Press("Escape");
        Assert.Equal("hidden", await page.Text("document.querySelector('.results').hidden ? 'hidden' : 'shown'"));
        await AssertQuiet(page);
    }

    [Fact]
    public async Task A_term_is_explained_by_hover_focus_and_tap_and_the_explanation_fits_a_phone()
    {
        const string shown = "(document.querySelector('.meaning')?.checkVisibility() ?? false) ? 'shown' : 'hidden'";
        var page = await room.Open(390);
        await page.ShowOnPhone();
        await page.Go(Lesson(2));
        foreach (var use in new[] { "focus()", "click()", "dispatchEvent(new Event('mouseenter'))" })
        {
            Assert.Equal("hidden", await page.Text(shown));
            await page.Run($"document.querySelectorAll('.term')[3].{use}");
            Assert.Equal("shown", await page.Text(shown));
            Assert.Equal("meaning", await page.Text(
                "document.querySelectorAll('.term')[3].getAttribute('aria-describedby')"));
            Assert.Equal(await page.Text("document.querySelectorAll('.term')[3].dataset.meaning + '. Glossary'"),
                await page.Text("document.getElementById('meaning').textContent"));
            Assert.Equal("inside", await page.Text("""
                (() => {
                  const { left, right } = document.querySelector('.meaning').getBoundingClientRect();
                  const fits = left >= 0 && right <= 390 && document.documentElement.scrollWidth <= 390;
                  return fits ? 'inside' : 'outside';
                })()
                """));
            await page.Press("Escape");
            await page.Run("document.activeElement.blur()");
        }

        await page.Run("document.querySelectorAll('.term')[3].click(); document.querySelector('.meaning a').click()");
        await Until(page, "location.pathname.endsWith('/glossary.html') && document.querySelector('dt:target')");
        await AssertQuiet(page);
    }

    [Fact]
    public async Task A_search_forgives_a_letter()
    {
        var page = await room.Open();
        await page.Go(Lesson(1));
        foreach (var wrong in new[] { "embeding", "embeddimg", "emebdding", "embeddding" })
        {
            await page.Press("/");
            await page.Type(wrong);
            await Until(page, "/with “embedding”/.test(document.querySelector('.results .status').textContent)");
            Assert.Matches(@"^\d+ sections with", await page.Text(
                "document.querySelector('.results .status').textContent"));
            await page.Press("Escape");
            await page.Run("document.activeElement.blur()");
        }

        await AssertQuiet(page);
    }

    [Fact]
    public async Task A_drawing_opens_large_by_a_tap_and_by_keyboard()
    {
        const string shown = "document.querySelector('dialog')?.open ? 'large' : 'small'";
        var page = await room.Open(390);
        await page.ShowOnPhone();
        await page.Go(Lesson(3));
        var (x, y, width, height) = await page.Place(".enlarge");
        await page.Tap(x + width / 2, y + height / 2);
        await Until(page, $"({shown}) === 'large'");
        Assert.True((await page.Evaluate(
            "document.querySelector('dialog img').getBoundingClientRect().width"))!.GetValue<double>() >= 960);
        Assert.Empty(await page.Barriers("dialog"));
        await page.Press("Escape");
        Assert.Equal("small", await page.Text(shown));
        await page.Run("document.querySelector('.enlarge').focus()");
        await page.Press("Enter");
        Assert.Equal("large", await page.Text(shown));
        await page.Press("Enter");
        Assert.Equal("small", await page.Text(shown));
        await AssertQuiet(page);
    }

    [Fact]
    public async Task A_theme_is_remembered_and_charts_follow_it()
    {
        const string ink = "getComputedStyle(document.querySelector('[data-chart] .gtitle')).fill";
        const string paper = "getComputedStyle(document.body).backgroundColor";
        var page = await room.Open();
        await page.Go(room.ChartPage);
        await page.Drawn();
        Assert.Equal("rgb(31, 35, 40)", await page.Text(ink));
        await Choose("dark");
        await Until(page, $"{ink} === 'rgb(227, 230, 234)'");
        Assert.Equal("rgb(20, 23, 27)", await page.Text(paper));
        await page.Go(Page("glossary"));
        Assert.Equal("dark", await page.Text("document.documentElement.dataset.theme"));
        Assert.Equal("dark", await page.Text("document.querySelector('.theme select').value"));
        await Choose("auto");
        Assert.Equal("rgb(255, 255, 255)", await page.Text(paper));
        await page.Before("Object.defineProperty(window, 'localStorage', { get() { throw new Error('forbidden'); } })");
        await page.Go(room.ChartPage);
        await Choose("dark");
        Assert.Equal("rgb(20, 23, 27)", await page.Text(paper));
        await AssertQuiet(page);

        Task Choose(string theme) => page.Run($$"""
            {
              const choice = document.querySelector('.theme select');
              choice.value = '{{theme}}';
              choice.dispatchEvent(new Event('change'));
            }
            """);
    }

    [Fact]
    public async Task A_folded_chart_is_drawn_at_its_width_when_the_answer_is_opened()
    {
        var page = await room.Open();
        await page.Go(room.AnswerPage);
        const string chart = ".answer [data-chart]";
        Assert.Equal("folded", await page.Text(
            $"document.querySelector('{chart}').checkVisibility() ? 'open' : 'folded'"));
        await page.Run($"document.querySelector('{chart}').closest('details').querySelector('summary').click()");
        await Until(page, $"document.querySelector('{chart} .main-svg')?.getBoundingClientRect().width > 600");
        await page.Drawn();
        await AssertQuiet(page);
    }

    [Fact]
    public async Task A_swipe_that_begins_on_a_chart_scrolls_the_page()
    {
        var page = await room.Open(390);
        await page.ShowOnPhone();
        await page.Go(room.ChartPage);
        await page.Drawn();
        foreach (var chart in new[] { "#cell-1 .main-svg", "#cell-2 .main-svg", "#cell-3 .main-svg" })
        {
            await page.Run($"document.querySelector('{chart}').scrollIntoView({{ block: 'center' }})");
            var before = double.Parse(await page.Text("scrollY"), CultureInfo.InvariantCulture);
            await page.Swipe(chart);
            await Until(page, $"scrollY > {before + 100:F0}");
        }

        await page.Close();
    }

    [Fact]
    public async Task On_a_phone_the_labels_of_a_chart_lie_within_it()
    {
        var page = await room.Open(390);
        await page.ShowOnPhone();
        await page.Go(Lesson(5));
        await page.Run("for (const answer of document.querySelectorAll('.answer')) answer.open = true");
        await page.Drawn();
        await Until(page, "document.querySelectorAll('.textpoint text').length > 8");
        Assert.Equal("", await page.Text("""
            [...document.querySelectorAll('.textpoint text')].filter(label => {
              const [text, chart] = [label, label.closest('svg')].map(part => part.getBoundingClientRect());
              return text.left < chart.left || text.right > chart.right;
            }).map(label => label.textContent).join()
            """));
        await AssertQuiet(page);
    }

    [Fact]
    public async Task Without_scripts_the_chapters_show_an_answer_opens_and_a_picture_stands_for_its_chart()
    {
        var page = await room.Open();
        await page.RunScripts(false);
        await page.Go(Lesson(2));
        Assert.Equal("shown",
            await page.Text("document.querySelector('.book a').checkVisibility() ? 'shown' : 'hidden'"));
        Assert.Contains("glossary.html#term-", await page.Text("document.querySelector('.term').href"),
            StringComparison.Ordinal);
        await page.Go(room.AnswerPage);
        await page.Run("document.querySelector('.answer:has([data-chart])').open = true");
        Assert.Equal("shown", await page.Text(
            "document.querySelector('.answer [data-chart] img').checkVisibility() ? 'shown' : 'hidden'"));
        await page.RunScripts(true);
        await page.Close();
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(7)]
    public async Task Printed_pages_show_answers_unfolded_on_white_and_nothing_is_cut(int lesson)
    {
        var page = await room.Open(700, dark: true);
        await page.Go(Lesson(lesson));
        await page.Run("dispatchEvent(new Event('beforeprint'))");
        await page.ShowPrinted();
        Assert.Equal("", await page.Text("""
            [...document.querySelectorAll('.answer .output')].filter(output => {
              const { height, right } = output.getBoundingClientRect();
              return height < 10 || right > innerWidth;
            }).map(output => output.innerHTML).join()
            """));
        Assert.Equal("rgb(255, 255, 255)", await page.Text("getComputedStyle(document.body).backgroundColor"));
        Assert.Equal("0", await page.Text("""
            String([...document.querySelectorAll('main pre, main img, main svg')].filter(part =>
              part.scrollWidth > part.clientWidth + 1 && part.localName === 'pre'
              || part.getBoundingClientRect().right > innerWidth).length)
            """));
        // Two thirds of a sheet. Explorers are drawn anew in their new width.
        await Until(page, """
            [...document.querySelectorAll('[data-chart], [data-explore]')].every(part =>
              part.getBoundingClientRect().height < 700)
            """);
        await page.Close();
    }

    [Fact]
    public async Task The_section_that_is_read_is_marked_among_the_chapters()
    {
        var page = await room.Open();
        await page.Go(Lesson(1));
        await page.Run("document.querySelectorAll('main h2')[4].scrollIntoView()");
        await Until(page, "document.querySelector('.contents [aria-current]')?.textContent === "
            + "document.querySelectorAll('main h2')[4].firstChild.textContent");
        await AssertQuiet(page);
    }

    private static async Task Until(ReadingPage page, string condition)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < TimeSpan.FromSeconds(20); await Task.Delay(20))
            try
            {
                if (await page.Text($"({condition}) ? 'yes' : 'no'") == "yes") return;
            }
            catch (PuppeteerException)
            {
                // The page is being left.
            }

        Assert.Fail($"in vain: {condition}");
    }

    private static async Task AssertQuiet(ReadingPage page)
    {
        Assert.Empty(page.Complaints);
        Assert.All(page.Requests, request => Assert.StartsWith("file:", request, StringComparison.Ordinal));
        await page.Close();
    }
}
