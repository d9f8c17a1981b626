using System.Globalization;
using System.Text.Json.Nodes;
using CsCheck;
using GptEmbeddings.NotebookRunner.Comparison;
using GptEmbeddings.NotebookRunner.Notebook;
using Xunit;
using static TorchSharp.torch;

namespace GptEmbeddings.Tests;

/// <summary>What is reported in the outputs that cells really have: printed tensors, their HTML, charts.</summary>
public sealed class OutputComparisonTests
{
    private const double Unit = 1e-4;
    private static readonly string[] _words = ["the", "cat", "sat", "on"];

    // 4 x 3 numbers in units of their last printed digit, far enough from 0 to be printed without an exponent.
    private static readonly Gen<long[]> _table =
        Gen.Select(Gen.Long[1000, 90_000], Gen.Bool, (units, negative) => negative ? -units : units).Array[12];

    private static readonly Gen<(long[] Table, int Place)> _place = Gen.Select(_table, Gen.Int[0, 11]);

    static OutputComparisonTests() => TorchRuntime.Load();

    [Fact]
    public void A_tensor_whose_decimals_moved_by_one_unit_is_the_same() =>
        Gen.Select(_table, Gen.Long[-1, 1].Array[12]).Sample((table, moves) =>
        {
            // One stays, so that the mean in the header moves by less than a unit.
            moves[0] = 0;
            Assert.Empty(Differences(Tensor(table), Tensor([.. table.Zip(moves, (units, move) => units + move)])));
        });

    [Fact]
    public void The_mean_above_a_tensor_is_as_exact_as_its_elements()
    {
        Assert.Empty(Differences(Tensor([5000, -5000]), Tensor([5001, -4999])));
        Assert.NotEmpty(Differences(Html("mean 0.0000"), Html("mean 0.0001")));
    }

    [Fact]
    public void Two_units_are_told_with_both_numbers() => _place.Sample((table, place) =>
    {
        var moved = With(table, place, units => units + 2);
        var differences = Differences(Tensor(table), Tensor(moved));
        Assert.Contains(
            $"text/plain, line {place / 3 + 1}: {Printed(table[place])} saved, {Printed(moved[place])} now",
            differences[0],
            StringComparison.Ordinal);
        Assert.Equal("text/html differs as well", differences[^1]);
        Assert.NotEmpty(Differences(OnlyHtml(Tensor(table)), OnlyHtml(Tensor(moved))));
    });

    [Fact]
    public void A_sign_a_missing_number_two_rows_a_label_and_a_shape_are_reported() => _place.Sample((table, place) =>
    {
        long[] rowsSwapped = [.. table[3..6], .. table[..3], .. table[6..]];
        Reported(Tensor(table), Tensor(With(table, place, units => -units)));
        Reported(Tensor(table), Tensor(table, values => values[place] = double.NaN));
        Reported(Tensor(table), Tensor(table, values => values[place] = double.PositiveInfinity));
        if (Math.Abs(table[0] - table[3]) > 1) Reported(Tensor(table), Tensor(rowsSwapped));
        Reported(Tensor(table), Tensor(table, rows: [.. _words[..3], "off"]));
        Reported(Tensor(table), Tensor(table, rows: [_words[1], _words[0], .. _words[2..]]));
        Reported(Tensor(table), Tensor(table, name: "another"));
        Reported(Tensor(table), Tensor(table, columns: 4, rows: _words[..3]));
    });

    [Fact]
    public void An_id_that_is_another_one_is_reported() =>
        Gen.Select(Gen.Long[-100, 100_000].Array[6], Gen.Int[0, 5]).Sample((ids, place) =>
        {
            var shown = Output(Tutorial.Show(tensor(ids), name: "ids"));
            Assert.Empty(Differences(shown, Output(Tutorial.Show(tensor(ids), name: "ids"))));
            ids[place]++;
            Reported(shown, Output(Tutorial.Show(tensor(ids), name: "ids")));
        });

    [Theory]
    [InlineData("varies")]
    [InlineData("other")]
    public void Numbers_of_a_drawing_that_varies_may_change_and_its_script_may_not(string tag)
    {
        var (old, now) = (Chart([.. Enumerable.Range(0, 12)]), Chart([.. Enumerable.Range(5, 12)]));
        var cell = new NotebookCell(
            new() { ["metadata"] = new JsonObject { ["tags"] = new JsonArray(tag) } }, "", 1, "code");
        cell.SetOutputs([old]);
        IReadOnlyList<string> Of(CellOutput output) => OutputComparison.Differences(new(cell, [output], default));
        Assert.Equal(tag == "varies", Of(now).Count == 0);
        var html = old.Parts["text/html"].Replace("draw()", "paint()", StringComparison.Ordinal);
        Assert.NotEmpty(Of(CellOutput.Result(new Dictionary<string, string>(old.Parts) { ["text/html"] = html })));
    }

    [Fact]
    public void A_chart_whose_numbers_moved_by_little_of_the_largest_is_the_same() =>
        Gen.Select(_table, Gen.Double[-0.98, 0.98].Array[12]).Sample((table, moves) =>
        {
            var (min, max, largest) = (Unit * table.Min(), Unit * table.Max(), Unit * table.Max(Math.Abs));
            Assert.Empty(Differences(Chart(table), Chart(table, Move)));

            // The range stays: its sentence rounds once more.
            void Move(double[] values)
            {
                for (var i = 0; i < values.Length; i++)
                    if (values[i] != min && values[i] != max)
                        values[i] = Math.Clamp(values[i] + moves[i] * 1e-4 * largest, min, max);
            }
        });

    [Fact]
    public void A_chart_in_which_anything_else_changed_is_reported() => _place.Sample((table, place) =>
    {
        var largest = Unit * table.Max(Math.Abs);
        Reported(Chart(table), Chart(table, values => values[place] += 1.1e-4 * largest));
        Reported(Chart(table), Chart(table, values => values[place] = -values[place]));
        Reported(Chart(table), Chart(table, values => values[place] = double.NaN));
        Reported(Chart(table), Chart(table, rows: [.. _words[..3], "off"]));
        Reported(Chart(table), Chart(table, title: "another"));
        Reported(Chart(table), Chart(table, columns: 4, rows: _words[..3]));
    });

    [Fact]
    public void An_explorer_is_compared_by_its_words_and_the_numbers_of_its_data()
    {
        CellOutput Explorer(float number, string word = "cat") =>
            Output(Explore.LookupAndAdd([word], tensor(new[,] { { 1f, number } })));
        Assert.Empty(Differences(Explorer(0.5f), Explorer(0.50004f)));
        Reported(Explorer(0.5f), Explorer(0.5003f));
        Reported(Explorer(0.5f), Explorer(0.5f, "dog"));
    }

    [Fact]
    public void A_number_of_a_figure_is_told_with_its_place() => Assert.Equal(
        ["text/html, figure.data[0].y[1]: 0.5 saved, 0.7 now"],
        Differences(Figure("[1.0,0.5]"), Figure("[1.0,0.7]")));

    [Theory]
    [InlineData("[1000.0,0.01]", "[1000.0,0.02]", true)]
    [InlineData("[[1000.0],[0.01]]", "[[1000.0],[0.02]]", true)]
    [InlineData("[1.0,0.01]", "[1.0,0.02]", false)]
    [InlineData("[20000,1]", "[20000,2]", false)]
    [InlineData("[1.0,null]", "[1.0,0.0]", false)]
    [InlineData("[1.0,2.0]", "[1.0]", false)]
    [InlineData("[0.0]", "[-0.0]", true)]
    [InlineData("[\"cat\"]", "[\"dog\"]", false)]
    public void Numbers_of_a_figure_are_compared_with_the_largest_of_their_array(string saved, string now, bool same) =>
        Assert.Equal(same, Differences(Figure(saved), Figure(now)).Count == 0);

    [Fact]
    public void The_picture_within_a_chart_and_its_hash_do_not_count()
    {
        const string picture = "<img alt=\"from 0.1 to 0.2\" src=\"data:image/png;base64,AAAA\">";
        Assert.Empty(Differences(
            Figure("[0.013939]", "0123456789AB", picture), Figure("[0.01394]", "BA9876543210")));
    }

    [Fact]
    public void What_draws_a_chart_counts() =>
        Assert.NotEmpty(Differences(Figure("[1.0]"), Replaced(Figure("[1.0]"), "draw(0.5)", "draw(0.6)")));

    [Fact]
    public void Other_colors_behind_the_same_numbers_are_reported() => Assert.Equal(
        ["text/html: the colors behind the numbers differ"],
        Differences(OnlyHtml(Tensor([5000])), Replaced(Tensor([5000]), "230,97,1", "1,97,230")));

    [Theory]
    [InlineData("<p style=\"background:rgba(1,2,3,1.2.3)\">")]
    [InlineData("<p style=\"background:rgba(1,2,3,.)\">")]
    [InlineData("<p style=\"background:rgba(1,2,3,\u0663)\">")]
    [InlineData("<script type=\"application/json\">{\"a\":\"\\ud800\"}</script>")]
    [InlineData("<script type=\"application/json\">{\"\\ud800\":1}</script>")]
    public void What_only_looks_like_a_tint_or_a_figure_is_markup(string html)
    {
        Assert.Empty(Differences(Html($"{html}1.000"), Html($"{html}1.001")));
        Assert.NotEmpty(Differences(Html(html), Html(html.Replace("1", "2", StringComparison.Ordinal) + " ")));
    }

    private static void Reported(CellOutput saved, CellOutput now)
    {
        Assert.NotEmpty(Differences(saved, now));
        Assert.NotEmpty(Differences(OnlyHtml(saved), OnlyHtml(now)));
    }

    private static IReadOnlyList<string> Differences(CellOutput saved, CellOutput now)
    {
        var json = new JsonObject
        {
            ["cell_type"] = "code",
            ["metadata"] = new JsonObject(),
            ["outputs"] = new JsonArray(saved.ToJson(1)),
        };
        return OutputComparison.Differences(new(new NotebookCell(json, "code", 1, ""), [now], TimeSpan.Zero));
    }

    private static CellOutput Tensor(
        long[] table, Action<double[]>? change = null, string[]? rows = null, int columns = 3, string name = "table") =>
        Shown(table, change, columns, values => Tutorial.Show(values, table.Length < 12 ? null : rows ?? _words, name));

    private static CellOutput Chart(
        long[] table, Action<double[]>? change = null, string[]? rows = null, int columns = 3,
        string title = "chart") =>
        Shown(table, change, columns, values => Charts.Heatmap(values, rows ?? _words, title: title));

    private static CellOutput Shown(long[] table, Action<double[]>? change, int columns, Func<Tensor, View> view)
    {
        double[] values = [.. table.Select(units => units * Unit)];
        change?.Invoke(values);
        using var scope = NewDisposeScope();
        return Output(view(table.Length < columns ? tensor(values) : tensor(values).reshape(-1, columns)));
    }

    // A chart as a page without scripts has it, its figure as JSON in a script of its own.
    private static CellOutput Figure(string numbers, string key = "0123456789AB", string picture = "") => Html(
        $$$"""
        <div data-chart="{{{key}}}" role="img" aria-label="a chart">{{{picture}}}<p>a chart</p></div>
        <script type="application/json">{"data":[{"y":{{{numbers}}}}],"layout":{"height":420.0}}</script>
        <script>draw(0.5); find('{{{key}}}');</script>
        """);

    private static CellOutput Output(View view) => CellOutput.Result(
        new Dictionary<string, string> { ["text/html"] = view.ToHtml(), ["text/plain"] = view.ToString() });

    private static CellOutput Replaced(CellOutput output, string old, string now) =>
        Html(output.Parts["text/html"].Replace(old, now, StringComparison.Ordinal));

    private static CellOutput OnlyHtml(CellOutput output) => Html(output.Parts["text/html"]);

    private static CellOutput Html(string html) =>
        CellOutput.Result(new Dictionary<string, string> { ["text/html"] = html });

    private static long[] With(long[] table, int place, Func<long, long> change)
    {
        long[] changed = [.. table];
        changed[place] = change(changed[place]);
        return changed;
    }

    private static string Printed(long units) =>
        (units * Unit).ToString("0.0000", CultureInfo.InvariantCulture);
}
