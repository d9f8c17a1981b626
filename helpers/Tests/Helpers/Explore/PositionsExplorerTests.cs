using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Xunit;
using static TorchSharp.torch;

namespace GptEmbeddings.Tests;

/// <summary>The explorer of notebook 7: four ways to place a word, as a reader uses it in a browser.</summary>
public sealed partial class PositionsExplorerTests(ReadingRoom room)
{
    private const int T = 10, C = 8, Heads = 4;

    private const string Told = "document.querySelector('.gx [role=status]').textContent";

    [Theory]
    [InlineData("learned")]
    [InlineData("sinusoids")]
    [InlineData("rotary")]
    [InlineData("alibi")]
    public async Task Each_pair_of_positions_has_the_value_of_TorchSharp_and_the_verdict_on_its_offset(string way)
    {
        var (learned, query, key) = Tensors();
        const int head = 2;
        var values = way switch
        {
            "learned" => learned.mm(learned.T),
            "sinusoids" => Sinusoids(T, C).mm(Sinusoids(T, C).T),
            "rotary" => Rotate(query.expand(T, C)).mm(Rotate(key.expand(T, C)).T),
            _ => LinearBias(T, Heads)[head],
        };
        var page = await Open(Explore.Positions(learned, query, key, Heads));
        var told = (JsonArray)(await page.Evaluate($$"""
            (() => {
              const set = (input, value) => { input.value = value; input.dispatchEvent(new Event('input')); };
              document.querySelector('[value={{way}}]').click();
              const [, first, second, head] = document.querySelectorAll('.gx input[type=range]'), all = [];
              if ('{{way}}' === 'alibi') set(head, {{head}});
              for (let i = 0; i < {{T}}; i++) for (let j = 0; j < {{T}}; j++) {
                set(first, i);
                set(second, j);
                all.push({{Told}});
              }
              return all;
            })()
            """))!;
        Assert.Equal(T * T, told.Count);
        for (var i = 0; i < T; i++)
            for (var j = 0; j < T; j++)
                AssertTold((string)told[i * T + j]!, values, i, j, isMasked: way == "alibi" && j > i,
                    decides: way != "learned");
        Assert.Empty(page.Complaints);
        await page.Close();
    }

    [Fact]
    public async Task A_learned_table_ends_where_its_rows_end_and_the_others_go_on()
    {
        var page = await Open(Make());
        await page.Run("document.querySelector('.gx input[type=range]').focus()");
        await page.Press("End");
        Assert.Equal("64", await page.Text("document.querySelector('.gx label span').textContent"));
        await page.Run("document.querySelectorAll('.gx input[type=range]')[1].focus()");
        await page.Press("End");
        Assert.EndsWith("The table has 10 rows: there is none for a position from 10 on.", await page.Text(Told),
            StringComparison.Ordinal);
        await page.Run("document.querySelector('[value=learned]').focus()");
        await page.Press("ArrowRight");
        Assert.StartsWith("First position 63, second 2, offset -61. The dot product of the two rows: ",
            await page.Text(Told), StringComparison.Ordinal);
        var expected = Sinusoids(64, C)[63].dot(Sinusoids(64, C)[2]).item<float>();
        Assert.Equal(expected, Value(await page.Text(Told)), 1e-4);
        await page.Close();
    }

    [Fact]
    public async Task The_heat_map_holds_the_colors_of_the_values()
    {
        var (learned, query, key) = Tensors();
        var page = await Open(Explore.Positions(learned, query, key, Heads));
        await page.Run("document.querySelector('[value=rotary]').click()");
        // The fills of the cells on the diagonal and of those farthest from it.
        var fills = (JsonArray)(await page.Evaluate("""
            (() => {
              const map = document.querySelector('.gx svg[role=img] > g'), cells = [];
              for (const path of map.querySelectorAll('path[fill^=rgb]'))
                for (const [, x, y, w] of path.getAttribute('d').matchAll(/M([\d.]+) ([\d.]+)h([\d.]+)/g))
                  cells.push([y, x].map(part => Math.round(part / w)).concat([
                    path.getAttribute('fill').match(/\d+/g).map(Number)]));
              return cells;
            })()
            """))!;
        Assert.Equal(T * T, fills.Count);
        var values = Rotate(query.expand(T, C)).mm(Rotate(key.expand(T, C)).T);
        var largest = values.abs().max().item<float>();
        Assert.All(fills, cell =>
        {
            var share = values[(int)cell![0]!, (int)cell[1]!].item<float>() / largest;
            double[] end = share < 0 ? [33, 102, 172] : [230, 97, 1];
            for (var part = 0; part < 3; part++)
                Assert.Equal(242 + (end[part] - 242) * Math.Abs(share), (double)cell[2]![part]!, 5.0);
        });
        await page.Close();
    }

    [Fact]
    public async Task A_click_and_a_tap_in_the_map_pick_both_positions_and_in_the_table_the_first()
    {
        var page = await Open(Make(), 390);
        const string Maps = ".gx figure svg.gx-picked";
        async Task<(double X, double Y)> Cell(string map, int row, int column, int columns)
        {
            var place = await page.Place(map);
            var (left, top) = (26, 18);
            return (place.X + left + (column + 0.5) * (place.Width - left - 2) / columns,
                place.Y + top + (row + 0.5) * (place.Height - top - 2) / T);
        }

        var (x, y) = await Cell($"figure:nth-child(2) svg.gx-picked", 7, 3, T);
        await page.Click(x, y);
        Assert.StartsWith("First position 7, second 3, offset -4.", await page.Text(Told), StringComparison.Ordinal);
        (x, y) = await Cell($"figure:nth-child(2) svg.gx-picked", 1, 9, T);
        await page.Tap(x, y);
        Assert.StartsWith("First position 1, second 9, offset 8.", await page.Text(Told), StringComparison.Ordinal);
        (x, y) = await Cell(Maps, 4, 2, C);
        await page.Click(x, y);
        Assert.StartsWith("First position 4, second 9, offset 5.", await page.Text(Told), StringComparison.Ordinal);
        await page.Close();
    }

    [Theory]
    [InlineData(1280, false)]
    [InlineData(390, true)]
    public async Task It_is_free_of_barriers_and_as_wide_as_the_window_with_each_way(int width, bool dark)
    {
        var page = await Open(Make(), width, dark);
        foreach (var way in new[] { "learned", "sinusoids", "rotary", "alibi" })
        {
            await page.Run($"document.querySelector('[value={way}]').click()");
            Assert.Empty(await page.Barriers("[data-explore]"));
            Assert.True((await page.Evaluate("document.documentElement.scrollWidth"))!.GetValue<int>() <= width);
        }

        Assert.Empty(page.Complaints);
        await page.Close();
    }

    [Fact]
    public void The_text_tells_which_ways_depend_on_the_distance_alone()
    {
        var lines = Make().ToString().Split('\n');
        Assert.Equal(
            "Explorer \"Four ways to place a word\": 10 positions, over all pairs at an offset", lines[0]);
        var (learned, query, key) = Tensors();
        var stripe = learned.mm(learned.T).diagonal(-1);
        var span = FormattableString.Invariant(
            $"{stripe.min().item<float>():0.00} to {stripe.max().item<float>():0.00}");
        Assert.Contains(span, lines[2], StringComparison.Ordinal);
        var score = Rotate(query.expand(T, C))[1].dot(Rotate(key.expand(T, C))[0]).item<float>();
        Assert.Equal(score, PrintedNumbers.Numbers(lines[4])[0], 0.0051);
        Assert.Equal([-0.25, -0.5, -1, -2], PrintedNumbers.Numbers(lines[5])[1..]);
    }

    [Fact]
    public void Bad_input_is_told_by_its_name()
    {
        var (learned, query, key) = Tensors();
        void Throws(string told, Action make) =>
            Assert.Contains(told, Assert.ThrowsAny<ArgumentException>(make).Message, StringComparison.Ordinal);

        Throws("'learned' must be a 2-d tensor, and has shape (8,)", () => Explore.Positions(query, query, key));
        Throws("'learned' has 7 columns, and its numbers are taken in pairs", () =>
            Explore.Positions(zeros(4, 7), query, key));
        Throws("'query' must be one vector, and has shape (10, 8)", () => Explore.Positions(learned, learned, key));
        Throws("'key' of shape (8,) holds NaN", () => Explore.Positions(learned, query, full(C, float.NaN)));
        Throws("The query has 8 numbers, the key 6", () => Explore.Positions(learned, query, zeros(6)));
        Throws("There are 0 heads", () => Explore.Positions(learned, query, key, heads: 0));
        Throws("The largest length is 3", () => Explore.Positions(learned, query, key, longest: 3));
        Throws("is disposed", () =>
        {
            var gone = zeros(C);
            gone.Dispose();
            Explore.Positions(learned, gone, key);
        });
        Throws("'learned' has 200 columns", () => Explore.Positions(zeros(4, 200), query, key));
    }

    private static (Tensor Learned, Tensor Query, Tensor Key) Tensors()
    {
        TorchRuntime.Load();
        manual_seed(6);
        return (randn(T, C), randn(C), randn(C));
    }

    private static ExplorerView Make()
    {
        var (learned, query, key) = Tensors();
        return Explore.Positions(learned, query, key, Heads);
    }

    private async Task<ReadingPage> Open(ExplorerView view, int width = 1280, bool dark = false) =>
        (await ExplorerPage.Open(room, view, width, dark)).Page;

    private static void AssertTold(string told, Tensor values, int i, int j, bool isMasked, bool decides)
    {
        if (isMasked)
        {
            Assert.Equal(
                $"First position {i}, second {j}. A query does not see the keys after it, so there is no bias.", told);
            return;
        }

        Assert.StartsWith($"First position {i}, second {j}, offset {j - i}. ", told, StringComparison.Ordinal);
        Assert.Equal(values[i, j].item<float>(), Value(told), 1e-4);
        var stripe = values.diagonal(j - i);
        if (stripe.shape[0] == 1)
            Assert.EndsWith("No other pair has this offset.", told, StringComparison.Ordinal);
        else if (decides)
            Assert.EndsWith($"All {stripe.shape[0]} pairs with this offset have the same: the offset alone decides.",
                told, StringComparison.Ordinal);
        else
        {
            Assert.EndsWith("the offset alone does not decide.", told, StringComparison.Ordinal);
            var ends = Ends().Match(told).Groups;
            Assert.Equal(stripe.min().item<float>(), Number(ends[1].Value), 1e-4);
            Assert.Equal(stripe.max().item<float>(), Number(ends[2].Value), 1e-4);
        }
    }

    private static double Value(string told) => Number(Pair().Match(told).Groups[1].Value);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    // The three formulas as notebook 7 has them.
    private static Tensor Angles(long length, long width) =>
        (arange(length).unsqueeze(1) * pow(10000.0, -arange(0, width, 2) / (double)width)).to(float32);

    private static Tensor Sinusoids(long length, long width) =>
        stack([Angles(length, width).sin(), Angles(length, width).cos()], 2).view(length, width);

    private static Tensor Rotate(Tensor x)
    {
        var angles = Angles(x.shape[^2], x.shape[^1]);
        var (cos, sin) = (angles.cos(), angles.sin());
        var (even, odd) = (x[TensorIndex.Ellipsis, TensorIndex.Slice(0, null, 2)],
            x[TensorIndex.Ellipsis, TensorIndex.Slice(1, null, 2)]);
        return stack([even * cos - odd * sin, even * sin + odd * cos], -1).flatten(-2);
    }

    private static Tensor LinearBias(long length, int heads)
    {
        var slopes = pow(2.0, -8.0 * arange(1, heads + 1) / heads);
        return (-slopes.view(heads, 1, 1) * (arange(length).unsqueeze(1) - arange(length))).to(float32);
    }

    [GeneratedRegex(@": (-?\d+\.\d{4})\.")]
    private static partial Regex Pair();

    [GeneratedRegex(@"have (-?\d+\.\d+) to (-?\d+\.\d+):")]
    private static partial Regex Ends();
}
