using System.Text.Json;
using System.Text.RegularExpressions;
using GptEmbeddings.NotebookRunner.Notebook;
using Xunit;
using static TorchSharp.torch;

namespace GptEmbeddings.Tests;

/// <summary>
/// What notebooks 1 to 3 say around their explorers is so, for every order of the words, computed from the numbers that
/// the explorers hold.
/// </summary>
public sealed partial class ExplorersInLessonsTests
{
    private const double Rounding = 1e-9, Change = 1e-4;
    private const int T = 6;
    private const string Lookup = "Explore.LookupAndAdd(", Order = "Explore.Order(";

    private static readonly long[] _first = [0, 1, 2, 3, 4, 5];

    static ExplorersInLessonsTests() => TorchRuntime.Load();

    [Fact]
    public void Each_explorer_holds_the_tables_of_its_notebook()
    {
        foreach (var lesson in new[] { 1, 3 })
        {
            var data = Data(lesson, Lookup);
            Assert.Equal(Printed(1, "var original"), Numbers(data.GetProperty("table")));
            if (lesson > 1) Assert.Equal(Printed(2, "var original"), Numbers(data.GetProperty("positions")));
        }

        Assert.Equal(Printed(2, "var x = Lookup"), Numbers(Data(2, Order).GetProperty("x")));
        Assert.Equal(Printed(2, "var original"), Numbers(Data(2, Order).GetProperty("positions")));
    }

    [Fact]
    public void The_map_measures_what_notebook_1_says_of_cat_and_mat()
    {
        var map = Matrix(Data(1, "Explore.Map(words, map").GetProperty("steps")[0]);
        var (cat, mat) = (map[1], map[5]);
        var dot = cat.dot(mat).item<double>();
        var lengths = (cat.norm().item<double>(), mat.norm().item<double>());
        Assert.Equal((5.0, 5.0, 24.0), (lengths.Item1, lengths.Item2, dot));
        Assert.Equal(1.4142, (cat - mat).norm().item<double>(), 0.00005);
        Assert.Equal(0.96, dot / lengths.Item1 / lengths.Item2, 0.00001);
    }

    [Fact]
    public void On_the_map_the_and_a_come_together_at_each_step_and_no_other_word_moves()
    {
        var saved = Data(1, "torch.stack(steps)").GetProperty("steps");
        var steps = saved.EnumerateArray().Select(Matrix).ToArray();
        Assert.Equal(21, steps.Length);
        var others = tensor(new long[] { 1, 2, 3, 5 });
        for (var step = 1; step < steps.Length; step++)
        {
            double Apart(int i) => (steps[i][0] - steps[i][4]).norm().item<double>();
            Assert.Equal(0.8 * Apart(step - 1), Apart(step), 1e-4);
            Assert.True(steps[step][others].eq(steps[0][others]).all().item<bool>());
        }
    }

    [Fact]
    public void Without_positions_and_mask_every_word_keeps_its_output_in_every_order()
    {
        var head = new Head(Data(2, Order));
        foreach (var order in Orders())
            Assert.All(head.Changes(order, false, false), change => Assert.InRange(change, 0, Rounding));
    }

    [Fact]
    public void With_the_mask_alone_a_word_keeps_its_output_as_long_as_the_same_words_stand_before_it()
    {
        var head = new Head(Data(2, Order));
        foreach (var order in Orders())
        {
            var changes = head.Changes(order, false, true);
            for (var t = 0; t < T; t++)
                Assert.Equal(order[..t].Order().SequenceEqual(_first[..(int)order[t]]), changes[t] < Rounding);
        }
    }

    [Fact]
    public void With_the_positions_a_swap_changes_every_output_and_with_the_mask_from_the_first_of_the_two_on()
    {
        var head = new Head(Data(2, Order));
        for (var a = 0; a < T; a++)
            for (var b = a + 1; b < T; b++)
            {
                var order = _first.ToArray();
                (order[a], order[b]) = (order[b], order[a]);
                Assert.All(head.Changes(order, true, false), change => Assert.True(change > Change));
                var changes = head.Changes(order, true, true);
                Assert.All(changes[..a], change => Assert.InRange(change, 0, Rounding));
                Assert.All(changes[a..], change => Assert.True(change > Change));
            }
    }

    [Fact]
    public void The_two_the_have_one_output_until_the_positions_or_the_mask_are_on()
    {
        var head = new Head(Data(3, Order));
        foreach (var (placed, masked) in new[] { (false, false), (true, false), (false, true), (true, true) })
        {
            var outputs = head.Outputs(_first, placed, masked);
            var apart = (outputs[0] - outputs[4]).abs().max().item<double>();
            Assert.True(placed || masked ? apart > Change : apart < Rounding);
        }
    }

    [Fact]
    public void Swapping_the_and_sat_makes_two_new_sums_and_leaves_that_of_cat()
    {
        var data = Data(3, Lookup);
        var (table, positions) = (Matrix(data.GetProperty("table")), Matrix(data.GetProperty("positions"))[..3]);
        var (before, after) = (table[..3] + positions, table[tensor(new long[] { 2, 1, 0 })] + positions);
        var apart = cdist(after, before);
        Assert.Equal(0, apart[1, 1].item<double>());
        foreach (var t in new[] { 0, 2 }) Assert.True(apart[t].min().item<double>() > Change);
    }

    private static JsonElement Data(int lesson, string code)
    {
        var html = Cell(lesson, code).SavedOutputs.Single().Parts["text/html"];
        var json = JsonDocument.Parse(Json().Match(html).Groups[1].Value);
        return json.RootElement.GetProperty("data");
    }

    private static NotebookCell Cell(int lesson, string code) => Repository.Lesson(lesson).CodeCells.Single(
        cell => cell.Source.Contains(code, StringComparison.Ordinal));

    private static double[] Printed(int lesson, string code) =>
        [.. Repository.Text(Cell(lesson, code)).Split('\n').Where(line => line.Contains('[', StringComparison.Ordinal))
            .SelectMany(line => PrintedNumbers.Numbers(line.Split(']')[0]))];

    private static double[] Numbers(JsonElement matrix) => [.. matrix.EnumerateArray()
        .SelectMany(row => row.EnumerateArray()).Select(number => Math.Round(number.GetDouble(), 4))];

    private static Tensor Matrix(JsonElement matrix) => tensor(matrix.EnumerateArray()
        .SelectMany(row => row.EnumerateArray()).Select(number => number.GetDouble()).ToArray())
        .reshape(matrix.GetArrayLength(), -1);

    private static IEnumerable<long[]> Orders(params long[] start) => start.Length == T ? [start]
        : _first.Except(start).SelectMany(word => Orders([.. start, word]));

    [GeneratedRegex("<script type=\"application/json\">(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Json();

    private sealed class Head(JsonElement data)
    {
        private readonly Tensor _x = Matrix(data.GetProperty("x")), _positions = Matrix(data.GetProperty("positions"));

        private readonly Tensor _query = Matrix(data.GetProperty("query")), _key = Matrix(data.GetProperty("key")),
            _value = Matrix(data.GetProperty("value"));

        /// <summary>How far each word's output is from its output in the first order.</summary>
        public double[] Changes(long[] order, bool placed, bool masked)
        {
            using var scope = NewDisposeScope();
            var first = Outputs(_first, placed, masked)[tensor(order)];
            return (Outputs(order, placed, masked) - first).abs().amax(1).data<double>().ToArray();
        }

        public Tensor Outputs(long[] order, bool placed, bool masked)
        {
            var rows = _x[tensor(order)];
            if (placed) rows += _positions;
            var scores = rows.mm(_query).mm(rows.mm(_key).T) / Math.Sqrt(4);
            if (masked) scores = scores.masked_fill(ones(T, T).triu(1).to(@bool), double.NegativeInfinity);
            return scores.softmax(-1).mm(rows.mm(_value));
        }
    }
}
