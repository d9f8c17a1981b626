using Xunit;
using static GptEmbeddings.Tests.ExplorerPage;
using static TorchSharp.torch;

namespace GptEmbeddings.Tests;

/// <summary>The explorer of notebooks 2 and 3: attention over words in another order.</summary>
public sealed class OrderExplorerTests(ReadingRoom room)
{
    private const double Agreement = 1e-4;

    private static readonly string[] _words = ["the", "cat", "sat", "on", "the", "mat"];

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Weights_outputs_and_verdicts_are_those_of_TorchSharp(bool placed, bool masked)
    {
        var head = new Head();
        var explorer = await Open(room, head.Explorer());
        foreach (var (index, isOn) in new[] { (0, placed), (1, masked) })
            if (isOn) await explorer.Page.Run($"document.querySelectorAll('.gx input')[{index}].click()");
        await AssertShown(explorer, head, [0, 1, 2, 3, 4, 5], placed, masked);
        await explorer.Drag(3, 0);
        await AssertShown(explorer, head, [3, 0, 1, 2, 4, 5], placed, masked);
        await explorer.Swipe(1, 4);
        await AssertShown(explorer, head, [3, 1, 2, 4, 0, 5], placed, masked);
        await explorer.ClickToken(0);
        await explorer.ClickToken(2);
        await AssertShown(explorer, head, [2, 1, 3, 4, 0, 5], placed, masked);
        await explorer.Press(5, "Home", "ArrowRight");
        await AssertShown(explorer, head, [2, 5, 1, 3, 4, 0], placed, masked);
        await explorer.Push("First order");
        await AssertShown(explorer, head, [0, 1, 2, 3, 4, 5], placed, masked);
        Assert.Empty(explorer.Page.Complaints);
        await explorer.Page.Close();
    }

    [Fact]
    public async Task The_switches_are_told_and_worked_with_the_space_bar()
    {
        var explorer = await Open(room, new Head().Explorer());
        await explorer.Drag(0, 5);
        Assert.Equal("“the” is at place 5. Positions off, mask off. "
            + "0 of 6 words have another output than in the first order.", await explorer.Told);
        await explorer.Page.Run("document.querySelectorAll('.gx input')[1].focus()");
        await explorer.Page.Press("Space");
        Assert.StartsWith("Positions off, mask on. 6 of 6 words have another output than in the first order, by up to ",
            await explorer.Told, StringComparison.Ordinal);
        await explorer.Page.Close();

        var without = await Open(room, new Head().Explorer(positions: false));
        Assert.Equal("1", await without.Page.Text("document.querySelectorAll('.gx input').length"));
        await without.Drag(0, 1);
        Assert.Contains("Mask off.", await without.Told, StringComparison.Ordinal);
        await without.Page.Close();
    }

    [Fact]
    public void What_attention_cannot_read_is_refused()
    {
        var head = new Head();
        var (x, m) = (head.X, head.Query);
        Refused("'x' must have 2 rows, and has shape (6, 4)", () => Explore.Order(["a", "b"], x, m, m, m));
        Refused("'query' must have 4 rows", () => Explore.Order(_words, x, m[..3], m, m));
        Refused("'key' must have 4 rows and 4 columns", () => Explore.Order(_words, x, m, m[.., ..3], m));
        Refused("'value' must be a 2-d tensor", () => Explore.Order(_words, x, m, m, m[0]));
        Refused("'positions' must have 4 columns", () => Explore.Order(_words, x, m, m, m, rand(6, 5)));
        Refused("There are 6 words and only 5 positions", () => Explore.Order(_words, x, m, m, m, rand(5, 4)));
        Refused("'query' has 9 columns", () => Explore.Order(_words, x, rand(4, 9), rand(4, 9), m));
        Refused("holds NaN or an infinite number", () => Explore.Order(_words, x.log(), m, m, m));
        Refused("There are 9 words", () => Explore.Order([.. Enumerable.Repeat("a", 9)], rand(9, 4), m, m, m));
    }

    private static async Task AssertShown(ExplorerPage explorer, Head head, long[] order, bool placed, bool masked)
    {
        Assert.Equal(string.Join(' ', order.Select(word => _words[word])), await explorer.Sentence);
        var (weights, outputs) = head.Attention(order, placed, masked);
        AssertEqual(Rows(weights), await explorer.Table(0));
        AssertEqual(Rows(outputs), await explorer.Table(1));

        var first = head.Attention([0, 1, 2, 3, 4, 5], placed, masked).Outputs[tensor(order)];
        var apart = (outputs - first).abs().amax(1).data<double>().ToArray();
        var verdicts = (await explorer.Page.Text(
            "[...document.querySelectorAll('.gx .gx-note')].map(note => note.textContent).join('|')")).Split('|');
        Assert.Equal(6, verdicts.Length);
        foreach (var (distance, verdict) in apart.Zip(verdicts))
            if (distance < 1e-9) Assert.Equal("the same", verdict);
            else Assert.Equal(distance, double.Parse(verdict["differs by ".Length..],
                System.Globalization.CultureInfo.InvariantCulture), Agreement);
        Assert.Equal(string.Join(' ', Enumerable.Range(0, 6).Where(t => apart[t] >= 1e-9)),
            await explorer.Changed(1));
    }

    private static void AssertEqual(double[][] expected, double[][] shown)
    {
        Assert.Equal(expected.Select(row => row.Length), shown.Select(row => row.Length));
        foreach (var (row, shownRow) in expected.Zip(shown))
            foreach (var (number, shownNumber) in row.Zip(shownRow)) Assert.Equal(number, shownNumber, Agreement);
    }

    private static void Refused(string message, Func<View> make) =>
        Assert.Contains(message, Assert.ThrowsAny<ArgumentException>(make).Message, StringComparison.Ordinal);

    /// <summary>One head of attention as notebook 2 writes it, in double precision; two of its words are one.</summary>
    private sealed class Head
    {
        private readonly Tensor _key, _value, _positions;

        public Head()
        {
            TorchRuntime.Load();
            var generator = new Generator(5);
            Tensor Random(int rows) => randn([rows, 4], ScalarType.Float64, generator: generator);
            X = Random(6);
            X[4] = X[0];
            (Query, _key, _value, _positions) = (Random(4), Random(4), Random(4), Random(8));
        }

        public Tensor X { get; }

        public Tensor Query { get; }

        public ExplorerView Explorer(bool positions = true) =>
            Explore.Order(_words, X, Query, _key, _value, positions ? _positions : null);

        public (Tensor Weights, Tensor Outputs) Attention(long[] order, bool placed, bool masked)
        {
            var rows = X[tensor(order)];
            if (placed) rows += _positions[..6];
            var scores = rows.mm(Query).mm(rows.mm(_key).T) / Math.Sqrt(4);
            if (masked) scores = scores.masked_fill(ones(6, 6).triu(1).to(@bool), double.NegativeInfinity);
            var weights = scores.softmax(-1);
            return (weights, weights.mm(rows.mm(_value)));
        }
    }
}
