using System.Globalization;
using System.Text.Json.Nodes;
using Xunit;
using static TorchSharp.torch;

namespace GptEmbeddings.Tests;

/// <summary>The explorer of notebook 5: training, step by step, as a reader uses it in a browser.</summary>
public sealed class TrainingExplorerTests(ReadingRoom room)
{
    private const int V = 9, T = 5, C = 6, Every = 10;
    private const string Hostile = "<img src=x onerror=\"console.error('ran')\"></script>";
    private const string Slider = "input[type=range]";

    private static readonly string[] _words = ["the", "a", "cow", "cat", "fox", "eats", "sees", "hay", Hostile];

    private static readonly string[] _classes =
        ["article", "article", "animal", "animal", "animal", "verb", "verb", "food", "food"];

    private const string Table = "[...document.querySelectorAll('.gx tbody tr')].map(row => "
        + "[...row.cells].slice(0, 2).map(cell => cell.textContent))";

    // Of all saved steps and all words and positions: the table of the nearest, as text.
    private const string Everything = $$"""
        (() => {
          const [slider, select] = document.querySelectorAll('input[type=range], select'), all = [];
          for (let step = 0; step <= +slider.max; step++) {
            slider.value = step;
            slider.dispatchEvent(new Event('input'));
            for (let point = 0; point < select.querySelectorAll('option').length; point++) {
              select.value = point;
              select.dispatchEvent(new Event('change'));
              all.push({{Table}});
            }
          }
          return all;
        })()
        """;

    // At each step: where the points are, and how many labels there are, cover another, or lie outside.
    private const string Drawn = """
        (() => {
          const slider = document.querySelector('input[type=range]'), all = [];
          for (let step = 0; step <= +slider.max; step++) {
            slider.value = step;
            slider.dispatchEvent(new Event('input'));
            const plot = document.querySelector('.gx svg[role=group]'), box = plot.getBoundingClientRect();
            const labels = [...plot.querySelectorAll('text')].map(text => text.getBoundingClientRect());
            const covered = labels.filter((one, i) => labels.some((other, j) => i < j
              && Math.min(one.right, other.right) - Math.max(one.left, other.left) > -1
              && Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 3)).length;
            const places = [...plot.querySelectorAll('g > path')].map(mark =>
              mark.getAttribute('transform').match(/[-\d.]+/g).map(Number));
            all.push({ labels: labels.length, covered, places,
              outside: labels.filter(one => one.right > box.right + 1 || one.left < box.left - 1).length });
          }
          return all;
        })()
        """;

    // Of all saved steps and all texts: the table of the likeliest words, as text.
    private const string AllNext = $$"""
        (() => {
          const slider = document.querySelector('input[type=range]');
          const select = [...document.querySelectorAll('.gx select')].at(-1), all = [];
          for (let step = 0; step <= +slider.max; step++) {
            slider.value = step;
            slider.dispatchEvent(new Event('input'));
            for (let text = 0; text < select.options.length; text++) {
              select.value = text;
              select.dispatchEvent(new Event('change'));
              all.push({{Table}});
            }
          }
          return all;
        })()
        """;

    private const string Caption = "document.querySelector('.gx caption').textContent";

    [Fact]
    public async Task Nearest_words_and_positions_at_each_step_are_those_of_TorchSharp_in_all_dimensions()
    {
        var (saved, losses) = Walk();
        var page = await Open(Make(saved, losses));
        var shown = Tables(await page.Evaluate(Everything));
        var expected = saved.SelectMany(pair => Nearest(pair.Words, _words).Concat(
            Nearest(pair.Positions, [.. Enumerable.Range(0, T).Select(t => $"{t}")])));
        AssertNear(expected, shown, 1e-4);
        Assert.Empty(page.Complaints);
        await page.Close();
    }

    [Fact]
    public async Task So_are_those_of_the_saved_notebook_in_its_own_cosines()
    {
        var lesson = Repository.Lesson(5);
        var page = await room.Open();
        await page.Go(room.Write(lesson.CodeCells
            .Single(cell => cell.Source.Contains("Explore.Training", StringComparison.Ordinal))
            .SavedOutputs.Single().Parts["text/html"]));
        await page.Drawn();
        var cow = $"document.querySelector('.gx select').value = {ToyLanguage.Id("cow")}";
        await page.Run($"{cow}; document.querySelector('.gx select').dispatchEvent(new Event('change'))");
        var atTheEnd = Tables(new JsonArray(await page.Evaluate(Table))).Single()
            .ToDictionary(row => row.Name, row => row.Cosine);
        var printed = Repository.Output(lesson, "string[] Pair").Split('\n')[1];
        Assert.Equal(PrintedNumbers.Numbers(printed)[^1], atTheEnd["horse"], 0.006);
        Assert.All((JsonArray)(await page.Evaluate(Drawn))!, step => Assert.Equal(0, (int)step!["covered"]!));
        await page.Close();
    }

    [Theory]
    [InlineData(1280)]
    [InlineData(390)]
    public async Task Next_word_shows_the_likeliest_words_after_each_text_at_each_step(int width)
    {
        var (saved, losses) = Walk();
        var shares = randn(saved.Count, 2, V).softmax(-1);
        var page = await Open(Explore.Training(saved, losses, _words, _classes, Every, word: "cow",
            next: (["the cow", Hostile], shares)), width);
        var button = await page.Place(".gx-player button:last-of-type");
        Assert.StartsWith("Nearest to cow", await page.Text(Caption), StringComparison.Ordinal);
        await page.Click(button.X + 5, button.Y + 5);
        Assert.Equal($"The 8 likeliest words after \"the cow\" at step {Every * (saved.Count - 1)}",
            await page.Text(Caption));
        Assert.StartsWith($"step {losses.Count} of {losses.Count}, loss 1.04. After \"the cow\": ",
            await page.Text("document.querySelector('.gx [role=status]').textContent"), StringComparison.Ordinal);
        Assert.Empty(await page.Barriers("[data-explore]"));

        var (likeliest, ids) = shares.topk(8);
        var shown = (JsonArray)(await page.Evaluate(AllNext))!;
        Assert.Equal(ids.data<long>().Select(id => _words[id]),
            shown.SelectMany(table => (JsonArray)table!).Select(row => (string)row![0]!));
        Assert.Equal(likeliest.data<float>().Select(share => string.Create(CultureInfo.InvariantCulture,
            $"{100 * share:F1} %")), shown.SelectMany(table => (JsonArray)table!).Select(row => (string)row![1]!));
        Assert.True((await page.Evaluate("document.documentElement.scrollWidth"))!.GetValue<int>() <= width);

        // A click on a word asks for its nearest words again.
        var cat = await page.Place("[data-point='3'] > path");
        await page.Click(cat.X + cat.Width / 2, cat.Y + cat.Height / 2);
        Assert.StartsWith("Nearest to cat at", await page.Text(Caption), StringComparison.Ordinal);
        Assert.Empty(page.Complaints);
        await page.Close();
    }

    [Theory]
    [InlineData(1280)]
    [InlineData(390)]
    public async Task Points_lie_in_one_fixed_projection_and_no_label_covers_another(int width)
    {
        var (saved, losses) = Walk();
        var page = await Open(Make(saved, losses), width);
        var drawn = (JsonArray)(await page.Evaluate(Drawn))!;
        var axes = new PrincipalComponents(saved[^1].Words);
        var points = cat(saved.SelectMany(pair => new[] { pair.Words, pair.Positions }).ToArray());
        var projected = axes.Project(points, 2).data<double>().ToArray();
        var places = drawn.SelectMany(step => (JsonArray)step!["places"]!)
            .Select(place => (X: (double)place![0]!, Y: (double)place[1]!)).ToArray();
        Assert.Equal(points.shape[0], places.Length);
        // One scale and one origin for all steps, y upwards.
        var scale = (places[0].X - places[V - 1].X) / (projected[0] - projected[2 * (V - 1)]);
        Assert.True(scale > 0);
        Assert.All(Enumerable.Range(0, places.Length), i =>
        {
            Assert.Equal(places[0].X + scale * (projected[2 * i] - projected[0]), places[i].X, 0.05);
            Assert.Equal(places[0].Y - scale * (projected[2 * i + 1] - projected[1]), places[i].Y, 0.05);
        });
        Assert.All(drawn, step => Assert.Equal((0, 0), ((int)step!["covered"]!, (int)step["outside"]!)));
        Assert.All(drawn, step => Assert.InRange((int)step!["labels"]!, 5, V + T));
        Assert.True((await page.Evaluate("document.documentElement.scrollWidth"))!.GetValue<int>() <= width);
        // An editor cuts an output off at its box: what is for screen readers only must not hang below it.
        Assert.Equal("fits", await page.Text(
            "(view => view.scrollHeight <= view.clientHeight ? 'fits' : 'scrolls')(document.querySelector('.gx'))"));
        await page.Close();
    }

    [Fact]
    public async Task The_slider_is_dragged_moved_by_keys_and_played()
    {
        var (saved, losses) = Walk();
        var page = await Open(Make(saved, losses));
        Assert.EndsWith($"at step {Every * (saved.Count - 1)}, by the cosine of all 6 numbers",
            await page.Text(Caption), StringComparison.Ordinal);
        var slider = await page.Place(Slider);
        await page.Drag((slider.X + slider.Width - 8, slider.Y + slider.Height / 2),
            (slider.X - 20, slider.Y + slider.Height / 2));
        Assert.StartsWith("Nearest to cow at step 0,", await page.Text(Caption), StringComparison.Ordinal);
        await page.Press("ArrowRight");
        Assert.StartsWith($"Nearest to cow at step {Every},", await page.Text(Caption), StringComparison.Ordinal);
        var loss = losses[Every - 1].ToString("0.00", CultureInfo.InvariantCulture);
        Assert.StartsWith($"step {Every} of {losses.Count}, loss {loss}. Nearest to cow: ",
            await page.Text("document.querySelector('.gx [role=status]').textContent"), StringComparison.Ordinal);
        Assert.Equal($"step {Every} of {losses.Count}, loss {loss}",
            await page.Text($"document.querySelector('{Slider}').getAttribute('aria-valuetext')"));

        var play = await page.Place(".gx button");
        await page.Click(play.X + 5, play.Y + 5);
        Assert.Equal("Pause", await page.Text("document.querySelector('.gx button').textContent"));
        await page.Evaluate("""
            new Promise(done => {
              const played = () => document.querySelector('.gx button').textContent === 'Play';
              const look = () => played() ? done() : setTimeout(look, 50);
              look();
            })
            """);
        Assert.Contains($"at step {Every * (saved.Count - 1)},", await page.Text(Caption), StringComparison.Ordinal);
        await page.Close();
    }

    [Fact]
    public async Task A_word_is_chosen_by_mouse_finger_and_keyboard()
    {
        var (saved, losses) = Walk();
        var page = await Open(Make(saved, losses), 390);
        var cat = await page.Place("[data-point='3'] > path");
        await page.Click(cat.X + cat.Width / 2, cat.Y + cat.Height / 2);
        Assert.StartsWith("Nearest to cat at", await page.Text(Caption), StringComparison.Ordinal);
        var hay = await page.Place("[data-point='7'] > path");
        await page.Tap(hay.X + hay.Width / 2, hay.Y + hay.Height / 2);
        Assert.StartsWith("Nearest to hay at", await page.Text(Caption), StringComparison.Ordinal);
        await page.Run("document.querySelector('[data-point][tabindex=\"0\"]').focus()");
        await page.Press("ArrowLeft");
        await page.Press("ArrowLeft");
        Assert.StartsWith("Nearest to eats at", await page.Text(Caption), StringComparison.Ordinal);
        Assert.Equal("eats, verb", await page.Text("document.activeElement.getAttribute('aria-label')"));
        await page.Close();
    }

    [Fact]
    public async Task Folded_away_it_is_drawn_and_fits_when_it_is_opened()
    {
        var (saved, losses) = Walk();
        var page = await room.Open(390);
        await page.Go(room.Write($"<details><summary>Answer</summary>{Make(saved, losses).ToHtml()}</details>"));
        await page.Drawn();
        await page.Run("document.querySelector('details').open = true");
        Assert.Equal("true", await page.Text("""
            new Promise(done => {
              const fits = () => document.querySelector('.gx svg').getBoundingClientRect().right <= innerWidth;
              const look = () => fits() ? done('true') : setTimeout(look, 20);
              look();
            })
            """));
        Assert.Empty(page.Complaints);
        await page.Close();
    }

    [Theory]
    [InlineData(1280, false)]
    [InlineData(390, true)]
    public async Task It_is_free_of_barriers_and_shows_labels_as_text(int width, bool dark)
    {
        var (saved, losses) = Walk();
        var page = await Open(Make(saved, losses), width, dark);
        Assert.Empty(await page.Barriers("[data-explore]"));
        Assert.Contains(Hostile, await page.Text("document.querySelector('.gx select').textContent"),
            StringComparison.Ordinal);
        Assert.Equal("0", await page.Text("document.querySelectorAll('.gx img').length"));
        Assert.Empty(page.Complaints);
        await page.Close();
    }

    [Fact]
    public async Task It_takes_the_colors_of_the_page_when_they_change_and_keeps_its_step()
    {
        var (saved, losses) = Walk();
        var page = await Open(Make(saved, losses));
        const string Fill = "document.querySelector('.gx tbody rect').getAttribute('fill')";
        var light = await page.Text(Fill);
        await page.Run($"document.querySelector('{Slider}').focus()");
        await page.Press("Home");
        await page.Run("""
            document.body.style.color = '#e3e6ea';
            window.dispatchEvent(new Event('gpt-embeddings-theme'));
            """);
        Assert.NotEqual(light, await page.Text(Fill));
        Assert.Contains("at step 0,", await page.Text(Caption), StringComparison.Ordinal);
        await page.Close();
    }

    [Fact]
    public void The_text_tells_how_the_loss_fell_and_the_nearest_words()
    {
        var (saved, losses) = Walk();
        var lines = Make(saved, losses).ToString().Split('\n');
        Assert.Equal("Explorer \"Training, step by step\": 9 words and 5 positions, saved 5 times", lines[0]);
        Assert.Equal(" step   loss  nearest to cow, by the cosine", lines[1]);
        var nearest = Nearest(saved[^1].Words, _words).ToArray()[2];
        Assert.Equal(7, lines.Length);
        var told = string.Join(", ", nearest[1..4].Select(row =>
            string.Create(CultureInfo.InvariantCulture, $"{row.Name} {row.Cosine:0.00}")));
        Assert.EndsWith(told, lines[^1], StringComparison.Ordinal);

        var shares = zeros(5, 1, V);
        shares[4, 0, 7] = 0.75;
        shares[4, 0, 1] = 0.25;
        var next = Explore.Training(saved, losses, _words, _classes, Every, next: (["the cow"], shares)).ToString();
        Assert.Contains("\n step  next after \"the cow\"\n", next, StringComparison.Ordinal);
        Assert.EndsWith("\n   40  hay 0.75, a 0.25, the 0.00, cow 0.00", next, StringComparison.Ordinal);
    }

    [Fact]
    public void Bad_input_is_told_by_its_name()
    {
        var (saved, losses) = Walk();
        void Throws(string told, Action make) =>
            Assert.Contains(told, Assert.ThrowsAny<ArgumentException>(make).Message, StringComparison.Ordinal);

        Throws("tables has 1 pairs", () => Explore.Training(saved[..1], losses, _words, _classes, Every));
        Throws("has 3 names", () => Explore.Training(saved, losses, _words[..3], _classes, Every));
        Throws("classes has 2 names", () => Explore.Training(saved, losses, _words, _classes[..2], Every));
        Throws("there are 40 losses", () => Explore.Training(saved, losses, _words, _classes, Every + 1));
        Throws("The loss of step 3 is NaN", () =>
            Explore.Training(saved, [1, 1, double.NaN, .. losses], _words, _classes, Every));
        Throws("'dog' is none of the 9 words", () =>
            Explore.Training(saved, losses, _words, _classes, Every, word: "dog"));
        Throws("'tables[5].Words' has shape (9, 5)", () => Explore.Training(
            [.. saved, (zeros(V, C - 1), zeros(T, C))], losses, _words, _classes, Every));
        Throws("'tables[5].Positions' holds a number that is NaN", () => Explore.Training(
            [.. saved, (zeros(V, C), full(T, C, float.NaN))], losses, _words, _classes, Every));
        Throws("rows of positions 7", () => Explore.Training(
            [(zeros(V, C), zeros(T, 7)), (zeros(V, C), zeros(T, 7))], losses, _words, _classes, Every));
        Throws("at most 250,000", () => Explore.Training(
            [(zeros(2000, 100), zeros(T, 100)), (zeros(2000, 100), zeros(T, 100))], losses, _words, _classes, Every));
        Throws("'next.Shares' has shape (5, 9), not (tables, texts, words): (5, 1, 9)", () =>
            Explore.Training(saved, losses, _words, _classes, Every, next: (["the"], zeros(5, V))));
        Throws("holds NaN", () => Explore.Training(
            saved, losses, _words, _classes, Every, next: (["the"], full(5, 1, V, float.NaN))));
        Throws("next has no text", () => Explore.Training(
            saved, losses, _words, _classes, Every, next: ([], zeros(5, 1, V))));
        Throws("every", () => Explore.Training(saved, losses, _words, _classes, 0));
    }

    // Tables that wander, the words of a class together.
    private static (List<(Tensor Words, Tensor Positions)> Saved, List<double> Losses) Walk()
    {
        TorchRuntime.Load();
        manual_seed(5);
        var toward = randn(4, C).index_select(0, tensor(new long[] { 0, 0, 1, 1, 1, 2, 2, 3, 3 }));
        var (words, positions) = (0.02 * randn(V, C), 0.02 * randn(T, C));
        var saved = Enumerable.Range(0, 5).Select(step => (
            words + step * 0.2 * toward + step * 0.05 * randn(V, C), positions + 0.1 * step * randn(T, C))).ToList();
        return (saved, [.. Enumerable.Range(0, 4 * Every).Select(step => 1 + 2 * Math.Exp(-step / 10.0))]);
    }

    private static ExplorerView Make(List<(Tensor, Tensor)> saved, List<double> losses) =>
        Explore.Training(saved, losses, _words, _classes, Every, floor: ("floor", 1), word: "cow");

    private async Task<ReadingPage> Open(ExplorerView view, int width = 1280, bool dark = false) =>
        (await ExplorerPage.Open(room, view, width, dark)).Page;

    private static List<(string Name, double Cosine)[]> Tables(JsonNode? shown) =>
        [.. ((JsonArray)shown!).Select(table => ((JsonArray)table!).Select(row =>
            ((string)row![0]!, double.Parse((string)row[1]!, CultureInfo.InvariantCulture))).ToArray())];

    // For each row of a table: itself and its four nearest by TorchSharp's own cosine.
    private static IEnumerable<(string Name, double Cosine)[]> Nearest(Tensor table, string[] names)
    {
        for (var row = 0; row < names.Length; row++)
        {
            var cosines = nn.functional.cosine_similarity(table[row].unsqueeze(0), table, dim: 1)
                .data<float>().ToArray();
            var others = Enumerable.Range(0, names.Length).Where(other => other != row);
            yield return [(names[row], 1), .. others.OrderByDescending(other => cosines[other]).Take(4)
                .Select(other => (names[other], (double)cosines[other]))];
        }
    }

    private static void AssertNear(
        IEnumerable<(string Name, double Cosine)[]> expected, List<(string Name, double Cosine)[]> shown,
        double distance)
    {
        var all = expected.ToList();
        Assert.Equal(all.SelectMany(table => table.Select(row => row.Name)),
            shown.SelectMany(table => table.Select(row => row.Name)));
        Assert.All(all.SelectMany(table => table).Zip(shown.SelectMany(table => table)),
            pair => Assert.Equal(pair.First.Cosine, pair.Second.Cosine, distance));
    }
}
