using System.Globalization;
using System.Text.Json.Nodes;
using Xunit;
using static TorchSharp.torch;

namespace GptEmbeddings.Tests;

/// <summary>The explorer of notebook 1: words as arrows on a map, as a reader uses it in a browser.</summary>
public sealed class MapExplorerTests(ReadingRoom room)
{
    private const string Hostile = "<img src=x onerror=\"console.error('ran')\"></script>";
    private const string Slider = ".gx input[type=range]";

    // Both lengths, distance, angle, dot product, cosine.
    private const string Measures =
        "[...document.querySelectorAll('.gx-measures td:not(.gx-note)')].map(cell => parseFloat(cell.textContent))";

    private const string Pair = "document.querySelector('.gx-measures caption').textContent";

    // Where the words stand in the drawing, and its middle.
    private const string Places = """
        [...document.querySelectorAll('.gx-word')].map(word => word.getAttribute('transform').match(/[-\d.]+/g))
          .concat([[1, 1].map(() => document.querySelector('.gx svg[role=group]').getAttribute('width') / 2)])
          .map(place => place.map(Number))
        """;

    private static readonly string[] _words = ["the", "cat", "sat", "on", Hostile];

    [Fact]
    public async Task Any_two_words_have_the_measures_of_TorchSharp()
    {
        var table = Table();
        var page = await Open(Explore.Map(_words, table));
        for (var i = 0; i < _words.Length; i++)
            for (var j = 0; j < i; j++)
            {
                // One word already measured or not, those touched last are.
                foreach (var word in new[] { i, j })
                    await page.Run($"document.querySelector('[data-word=\"{word}\"]')"
                        + ".dispatchEvent(new MouseEvent('click', { bubbles: true }))");
                var shown = (await page.Text(Pair)).Split(" and ");
                var (first, second) = (Array.IndexOf(_words, shown[0]), Array.IndexOf(_words, shown[1]));
                Assert.Equal([j, i], new[] { first, second }.Order());
                await AssertMeasured(page, table[first], table[second]);
            }

        Assert.Empty(page.Complaints);
        await page.Close();
    }

    [Fact]
    public async Task A_word_is_moved_by_mouse_finger_and_keys_and_its_measures_and_lines_follow()
    {
        var explorer = await ExplorerPage.Open(room, Explore.Map(_words, Table()), 390);
        var page = explorer.Page;
        await AssertFollows(explorer, 0, 1);

        var (before, zoom) = ((await explorer.Table(1))[2], await Zoom(explorer));
        var (x, y) = await Middle(page, 2);
        await page.Drag((x, y), (x - 50, y + 30));
        Near([before[0] - 50 / zoom, before[1] - 30 / zoom], (await explorer.Table(1))[2], 0.02);
        await AssertFollows(explorer, 2, 1);

        before = (await explorer.Table(1))[3];
        (x, y) = await Middle(page, 3);
        await page.Swipe((x, y), (x + 40, y - 20));
        Near([before[0] + 40 / zoom, before[1] + 20 / zoom], (await explorer.Table(1))[3], 0.02);
        await AssertFollows(explorer, 2, 3);

        before = (await explorer.Table(1))[0];
        await page.Run("document.querySelector('[data-word=\"0\"]').focus()");
        foreach (var key in new[] { "ArrowRight", "ArrowUp", "ArrowUp" }) await page.Press(key);
        Near([before[0] + 0.1, before[1] + 0.2], (await explorer.Table(1))[0], 0.02);
        Assert.Equal("0", await page.Text("document.activeElement.dataset.word"));
        await AssertFollows(explorer, 0, 3);
        var told = await explorer.Told;
        Assert.StartsWith("the, length ", told, StringComparison.Ordinal);
        Assert.Contains($"dot product {(await Shown(page))[4].ToString(CultureInfo.InvariantCulture)}, ", told,
            StringComparison.Ordinal);

        await explorer.Push("Start again");
        Near(ExplorerPage.Rows(Table())[0], (await explorer.Table(1))[0], 1e-4);
        Assert.Equal("the and cat", await page.Text(Pair));
        Assert.Empty(page.Complaints);
        await page.Close();
    }

    [Fact]
    public async Task A_word_stays_on_the_map_and_at_its_middle_has_a_distance_and_no_angle()
    {
        TorchRuntime.Load();
        var table = tensor(new[,] { { 3f, 4 }, { 0, 0 } });
        var explorer = await ExplorerPage.Open(room, Explore.Map(["here", "there"], table));
        var shown = await Shown(explorer.Page);
        Assert.Equal([5, 0, 5, 0], shown.Where(value => !double.IsNaN(value)));
        Assert.Equal("none none", await explorer.Page.Text(
            "[...document.querySelectorAll('.gx-measures td')].map(cell => cell.textContent)"
            + ".filter(text => text === 'none').join(' ')"));
        var (x, y) = await Middle(explorer.Page, 1);
        await explorer.Page.Drag((x, y), (x + 900, y));
        var rows = await explorer.Table(1);
        Assert.Equal([5, 0], rows[1]);
        await explorer.Page.Close();
    }

    [Fact]
    public async Task Steps_of_a_training_are_moved_through_and_played_and_leave_a_trail()
    {
        var start = Table();
        var steps = stack(Enumerable.Range(0, 4).Select(step => start + step * tensor(new[,]
            { { 0.5f, -0.25f }, { 0, 0 }, { 0, 0 }, { 0, 0 }, { 0, 0 } })));
        var explorer = await ExplorerPage.Open(room, Explore.Map(_words, steps, first: 0, second: 3));
        var page = explorer.Page;
        const string Output = "document.querySelector('.gx-player span').textContent";
        Assert.Equal("before step 1 of 3", await page.Text(Output));
        await AssertMeasured(page, steps[0][0], steps[0][3]);

        await page.Run($"document.querySelector('{Slider}').focus()");
        await page.Press("ArrowRight");
        Assert.Equal("step 1 of 3", await page.Text(Output));
        Assert.Equal("step 1 of 3", await page.Text($"document.querySelector('{Slider}').ariaValueText"));
        await AssertMeasured(page, steps[1][0], steps[1][3]);

        // What was moved by hand is forgotten at the next step.
        await page.Run("document.querySelector('[data-word=\"0\"]').focus()");
        await page.Press("ArrowUp");
        await explorer.Push("Play");
        Assert.Equal("Pause", await page.Text("document.querySelector('.gx button').textContent"));
        await page.Evaluate("""
            new Promise(done => {
              const played = () => document.querySelector('.gx button').textContent === 'Play';
              const look = () => played() ? done() : setTimeout(look, 50);
              look();
            })
            """);
        Assert.Equal("step 3 of 3", await page.Text(Output));
        await AssertMeasured(page, steps[3][0], steps[3][3]);
        Assert.StartsWith("step 3 of 3. the, length ", await explorer.Told, StringComparison.Ordinal);
        Assert.Equal("4", await page.Text("document.querySelector('.gx polyline').points.length"));
        await page.Close();
    }

    [Theory]
    [InlineData(1280, false)]
    [InlineData(390, true)]
    public async Task It_is_free_of_barriers_fits_and_no_label_covers_another(int width, bool dark)
    {
        var explorer = await ExplorerPage.Open(room, Explore.Map(_words[..4], Table()[..4]), width, dark);
        var page = explorer.Page;
        await page.Run("document.querySelector('[data-word=\"2\"]').focus()");
        for (var i = 0; i < 12; i++)
        {
            await page.Press(i % 3 == 0 ? "ArrowUp" : "ArrowLeft");
            Assert.Equal("0 0", await page.Text("""
                (() => {
                  const plane = document.querySelector('.gx svg[role=group]').getBoundingClientRect();
                  const labels = [...document.querySelectorAll('.gx-labels text')]
                    .map(text => text.getBoundingClientRect());
                  const covered = labels.filter((one, i) => labels.some((other, j) => i < j
                    && Math.min(one.right, other.right) - Math.max(one.left, other.left) > 2
                    && Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 4)).length;
                  const outside = labels.filter(one => one.right > plane.right + 2 || one.left < plane.left - 2);
                  return `${covered} ${outside.length}`;
                })()
                """));
        }

        Assert.Empty(await page.Barriers("[data-explore]"));
        Assert.InRange((await page.Evaluate("document.documentElement.scrollWidth"))!.GetValue<int>(), 1, width);
        Assert.Empty(page.Complaints);
        await page.Close();
    }

    [Fact]
    public async Task It_takes_the_colors_of_the_page_when_they_change_and_shows_labels_as_text()
    {
        var explorer = await ExplorerPage.Open(room, Explore.Map(_words, Table(), title: Hostile));
        var page = explorer.Page;
        const string Ground = "document.querySelectorAll('.gx table')[1].querySelector('tbody td').style.background";
        await page.Run("document.querySelector('[data-word=\"4\"]').focus()");
        await page.Press("ArrowUp");
        var (light, pair) = (await page.Text(Ground), await page.Text(Pair));
        Assert.Contains(Hostile, pair, StringComparison.Ordinal);
        await page.Run("document.body.style.color = '#e3e6ea'; dispatchEvent(new Event('gpt-embeddings-theme'))");
        Assert.NotEqual(light, await page.Text(Ground));
        Assert.Equal(pair, await page.Text(Pair));
        Assert.Equal(Hostile, await page.Text("document.querySelector('.gx-title').textContent"));
        Assert.Equal("0", await page.Text("document.querySelectorAll('.gx img, .gx script').length"));
        Assert.Empty(page.Complaints);
        await page.Close();
    }

    [Fact]
    public void The_text_tells_the_measures_at_the_first_and_the_last_step()
    {
        TorchRuntime.Load();
        var table = tensor(new[,] { { 3f, 4 }, { 4, 3 } });
        Assert.Equal("""
            Explorer "Words on a map": cat mat
            cat and mat
            lengths 5.00 and 5.00, distance 1.41, angle 16.3°, dot product 24.00, cosine 0.96
            tensor([[3., 4.],  # cat
                    [4., 3.]])  # mat
            """.ReplaceLineEndings("\n"), Explore.Map(["cat", "mat"], table).ToString());
        var lines = Explore.Map(["cat", "mat"], stack([table, table, 0 * table])).ToString().Split('\n');
        Assert.StartsWith("step 0: lengths 5.00", lines[2], StringComparison.Ordinal);
        Assert.Equal("step 2: lengths 0.00 and 0.00, distance 0.00", lines[3]);
    }

    [Fact]
    public void Bad_input_is_told_by_its_name()
    {
        var table = Table();
        void Throws(string told, Action make) =>
            Assert.Contains(told, Assert.ThrowsAny<ArgumentException>(make).Message, StringComparison.Ordinal);

        Throws("'table' must have 5 rows and 2 columns, and has shape (4, 2)", () => Explore.Map(_words, table[..4]));
        Throws("has shape (5, 3)", () => Explore.Map(_words, zeros(5, 3)));
        Throws("has shape (2,)", () => Explore.Map(_words[..1], zeros(2)));
        Throws("'table' of shape (5, 2) holds NaN", () => Explore.Map(_words, table * float.NaN));
        Throws("'table' holds 201 steps", () => Explore.Map(_words, zeros(201, 5, 2)));
        foreach (var (first, second) in new[] { (0, 0), (-1, 1), (0, 5) })
            Throws($"The ids {first} and {second} are not", () => Explore.Map(_words, table, first, second));
    }

    private static Tensor Table()
    {
        TorchRuntime.Load();
        return tensor(new[,] { { -1.25f, 2.5f }, { 1.5f, 1.75f }, { 0.75f, -1.5f }, { -2, -0.75f }, { 2.5f, -0.3f } });
    }

    private async Task<ReadingPage> Open(ExplorerView view, int width = 1280) =>
        (await ExplorerPage.Open(room, view, width)).Page;

    private static async Task<double[]> Shown(ReadingPage page) =>
        [.. ((JsonArray)(await page.Evaluate(Measures))!).Select(value => value?.GetValue<double>() ?? double.NaN)];

    // Lengths, distance, angle, dot product and cosine, against TorchSharp's own operations.
    private static async Task AssertMeasured(ReadingPage page, Tensor a, Tensor b)
    {
        var shown = await Shown(page);
        var cosine = nn.functional.cosine_similarity(a.unsqueeze(0), b.unsqueeze(0), dim: 1).item<float>();
        Near([a.norm().item<float>(), b.norm().item<float>(), (a - b).norm().item<float>()], shown[..3], 1e-4);
        Assert.Equal(Math.Acos(cosine) * 180 / Math.PI, shown[3], 0.02);
        Near([a.dot(b).item<float>(), cosine], shown[4..], 1e-4);
    }

    // The measures are those of the numbers in the table, and the drawing has its lines where these numbers are.
    private static async Task AssertFollows(ExplorerPage explorer, int first, int second)
    {
        var rows = await explorer.Table(1);
        Assert.Equal($"{_words[first]} and {_words[second]}", await explorer.Page.Text(Pair));
        var (a, b) = (tensor(rows[first]).to(float32), tensor(rows[second]).to(float32));
        await AssertMeasured(explorer.Page, a, b);

        var zoom = await Zoom(explorer);
        var places = ((JsonArray)(await explorer.Page.Evaluate(Places))!)
            .Select(place => ((JsonArray)place!).Select(part => part!.GetValue<double>()).ToArray()).ToArray();
        var middle = places[^1][0];
        double[] Pixels(IEnumerable<double> place) =>
            [.. place.Zip([zoom, -zoom], (part, scale) => middle + scale * part)];
        for (var word = 0; word < rows.Length; word++) Near(Pixels(rows[word]), places[word], 0.6);

        var lines = ((JsonArray)(await explorer.Page.Evaluate("""
            ['6 4', '1 4'].map(dash => document.querySelector(`.gx [stroke-dasharray='${dash}']`).getAttribute('d')
              .match(/-?[\d.]+(e-?\d+)?/g).map(Number))
            """))!).Select(line => ((JsonArray)line!).Select(part => part!.GetValue<double>()).ToArray()).ToArray();
        Near([.. Pixels(rows[first]), .. Pixels(rows[second])], lines[0], 0.6);
        var foot = (b * (a.dot(b) / b.dot(b))).to(float64).data<double>().ToArray();
        Near([.. Pixels(rows[first]), .. Pixels(foot)], lines[1], 0.6);
    }

    // Pixels for a one.
    private static async Task<double> Zoom(ExplorerPage explorer) =>
        (await explorer.Page.Evaluate("document.querySelector('.gx svg[role=group]').getAttribute('width') / 2"))!
            .GetValue<double>() / (1.25 * 2.5);

    private static async Task<(double X, double Y)> Middle(ReadingPage page, int word)
    {
        var (x, y, width, height) = await page.Place($"[data-word='{word}'] > circle");
        return (x + width / 2, y + height / 2);
    }

    private static void Near(double[] expected, double[] actual, double distance) =>
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, distance));
}
