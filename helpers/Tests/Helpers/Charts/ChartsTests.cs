using System.Globalization;
using System.Text.RegularExpressions;
using GptEmbeddings.NotebookRunner.Execution;
using Microsoft.DotNet.Interactive.Formatting;
using Newtonsoft.Json.Linq;
using XPlot.Plotly;
using Xunit;
using static TorchSharp.torch;

namespace GptEmbeddings.Tests;

public sealed partial class ChartsTests
{
    private const string Hostile = "</script><b>\"&amp;'\u2028$x$%{y}";

    private static readonly int[] _steps = [10, 20, 30];

    private static readonly string[] _words = ["the", "cat", "sat", "on", "the", "mat"];

    static ChartsTests() => TorchRuntime.Load();

    [Fact]
    public void A_heat_map_holds_each_number_in_its_row_and_column()
    {
        using var table = tensor(new float[,] { { 1, -2.5f, 3 }, { 0.1f, 0, 1e-9f } });
        var trace = Figure(Charts.Heatmap(table))["data"]!.Single();
        Assert.Equal("heatmap", (string?)trace["type"]);
        Assert.Equal(new double?[][] { [1, -2.5, 3], [0.1, 0, 0] }, trace["z"]!.ToObject<double?[][]>()!);
    }

    [Fact]
    public void A_heat_map_has_zero_in_the_middle_of_its_colors_unless_all_numbers_have_one_sign()
    {
        Assert.Equal((-2, 2, 3), Scale([-2, 1]));
        Assert.Equal((0, 2, 2), Scale([2, 1]));
        Assert.Equal((-2, 0, 2), Scale([-2, -1]));
        Assert.Equal((0, 1, 2), Scale([0, 0]));
        Assert.Equal((-5, 5, 3), Scale([-2, 1], limit: 5));

        static (double, double, int) Scale(float[] row, double? limit = null)
        {
            using var table = tensor(row).reshape(1, -1);
            var trace = Figure(Charts.Heatmap(table, limit: limit))["data"]!.Single();
            return ((double)trace["zmin"]!, (double)trace["zmax"]!, trace["colorscale"]!.Count());
        }
    }

    [Fact]
    public void The_same_word_can_label_two_rows()
    {
        using var table = ones(6, 2);
        var figure = Figure(Charts.Heatmap(table, _words));
        Assert.Equal(_words,
            figure["layout"]!["yaxis"]!["labelalias"]!.Select(label => (string)((JProperty)label).Value!));
        Assert.Equal(["0", "1", "2", "3", "4", "5"], figure["data"]!.Single()["y"]!.Select(y => y.ToString()));
    }

    [Fact]
    public void Any_dtype_and_stride_is_read_and_gradients_are_left_alone()
    {
        using var whole = tensor(new long[,] { { 1, 2 }, { 3, 4 }, { 5, 6 } });
        double?[][] expected = [[1, 3, 5], [2, 4, 6]];
        foreach (var dtype in new[] { ScalarType.Byte, ScalarType.Int8, ScalarType.Int16, ScalarType.Int32,
            ScalarType.Int64, ScalarType.Float16, ScalarType.BFloat16, ScalarType.Float32, ScalarType.Float64 })
        {
            using var typed = whole.to_type(dtype);
            using var transposed = typed.T;
            Assert.Equal(expected, Figure(Charts.Heatmap(transposed))["data"]!.Single()["z"]!.ToObject<double?[][]>()!);
        }

        using var flags = whole.gt(3);
        Assert.Equal("Heat map \"flags\": 3 x 2, from 0 to 1", Charts.Heatmap(flags).ToString());
        using var trainable = randn(2, 2, requires_grad: true);
        Charts.Heatmap(trainable);
        Assert.True(trainable.requires_grad);
        Assert.Null(trainable.grad);
    }

    [Fact]
    public void What_is_not_finite_is_a_gap()
    {
        using var table = tensor(new[,] { { 1, double.NaN }, { double.PositiveInfinity, double.NegativeInfinity } });
        var heatmap = Charts.Heatmap(table);
        Assert.Equal(new double?[][] { [1, null], [null, null] },
            Figure(heatmap)["data"]!.Single()["z"]!.ToObject<double?[][]>()!);
        Assert.EndsWith("from 1 to 1, 3 not finite", heatmap.ToString(), StringComparison.Ordinal);

        foreach (var chart in new[] { heatmap, Charts.Scatter(table),
            Charts.Lines([("a", new[] { 1, double.NaN, 3 })]) })
            Assert.DoesNotMatch("NaN|Infinity", Json(chart));
    }

    [Fact]
    public void Points_as_far_apart_as_numbers_can_be_have_axes()
    {
        using var points = tensor(new[,] { { double.MinValue, 0 }, { double.MaxValue, 1 } });
        Assert.DoesNotMatch("NaN|Infinity", Json(Charts.Scatter(points, ["low", "high"])));
    }

    [Fact]
    public void Lines_keep_their_names_values_and_order()
    {
        using var values = tensor(new[] { 3f, 2, 1 });
        var figure = Figure(Charts.Lines(
            [
                ("tensor", values), ("floats", new List<float> { 1, 2, 4 }),
                ("ints", Enumerable.Range(7, 3)), ("floor", 2.25),
            ],
            x: ("step", _steps)));
        var traces = figure["data"]!.ToArray();
        Assert.Equal(["tensor", "floats", "ints", "floor"], traces.Select(trace => (string?)trace["name"]));
        Assert.Equal([[3, 2, 1], [1, 2, 4], [7, 8, 9], [2.25, 2.25, 2.25]],
            traces.Select(trace => trace["y"]!.ToObject<double[]>()!));
        Assert.All(traces, trace => Assert.Equal([10, 20, 30], trace["x"]!.ToObject<double[]>()!));
        Assert.Equal("step", (string?)figure["layout"]!["xaxis"]!["title"]);
        Assert.Equal("tensor, floats, ints, floor", (string?)figure["layout"]!["title"]);
    }

    [Fact]
    public void Any_kind_of_numbers_is_a_series_and_a_single_one_is_a_level()
    {
        ChartSeries[] series =
        [
            ("a", new[] { 1.0 }), ("b", new[] { 1f }), ("c", new[] { 1 }), ("d", Enumerable.Repeat(1f, 1)),
            ("e", new HashSet<double> { 1 }), ("f", 1), ("g", 1f), ("h", 1.0),
        ];
        Assert.Equal([false, false, false, false, false, true, true, true], series.Select(one => one.IsLevel));
        Assert.All(series, one => Assert.Equal(1, one.Values.Single()));
    }

    [Fact]
    public void Each_line_differs_from_the_others_in_color_and_in_dash()
    {
        ChartSeries[] series = [.. Enumerable.Range(0, 5).Select(i => (ChartSeries)($"{i}", new[] { 1.0, i }))];
        var lines = Figure(Charts.Lines(series))["data"]!.Select(trace => trace["line"]!).ToArray();
        Assert.Equal(5, lines.Select(line => (string?)line["color"]).Distinct().Count());
        Assert.Equal(5, lines.Select(line => (string?)line["dash"]).Distinct().Count());
    }

    [Fact]
    public void A_scatter_chart_has_a_trace_for_each_group_with_the_labels_of_its_points()
    {
        using var points = arange(12).reshape(6, 2);
        var figure = Figure(Charts.Scatter(points, _words, ["det", "noun", "verb", "prep", "det", "noun"]));
        var traces = figure["data"]!.ToArray();
        Assert.All(traces, trace => Assert.Equal("scatter", (string?)trace["type"]));
        Assert.Equal(["det", "noun", "verb", "prep"], traces.Select(trace => (string?)trace["name"]));
        Assert.Equal([["the", "the"], ["cat", "mat"], ["sat"], ["on"]],
            traces.Select(trace => trace["text"]!.ToObject<string[]>()!));
        Assert.Equal([0.0, 8], traces[0]["x"]!.ToObject<double[]>()!);
        Assert.Equal(4, traces.Select(trace => (string?)trace["marker"]!["color"]).Distinct().Count());
        Assert.Equal(4, traces.Select(trace => (string?)trace["marker"]!["symbol"]).Distinct().Count());
        Assert.True((bool)figure["layout"]!["showlegend"]!);
    }

    [Fact]
    public void Points_are_connected_in_the_order_of_the_rows_within_their_group()
    {
        using var points = tensor(new float[,] { { 3, 0 }, { 9, 9 }, { 1, 0 }, { 2, 0 } });
        var traces = Figure(Charts.Scatter(points, groups: ["a", "b", "a", "a"], connected: true))["data"]!.ToArray();
        Assert.All(traces, trace => Assert.Equal("lines+markers", (string?)trace["mode"]));
        Assert.Equal([3, 1, 2], traces[0]["x"]!.ToObject<double[]>()!);
        Assert.Equal("markers", (string?)Figure(Charts.Scatter(points))["data"]!.Single()["mode"]);
    }

    [Fact]
    public void Two_charts_that_are_given_the_points_of_both_have_the_same_axes_that_hold_all_of_them()
    {
        using var before = rand(20, 2);
        using var after = rand(20, 2) * 7 - 3;
        using var both = cat([before, after]);
        var layouts = new[] { before, after }.Select(points => Figure(Charts.Scatter(points, within: both))["layout"]!);
        var axes = layouts.Select(layout => (X: Ends(layout["xaxis"]!), Y: Ends(layout["yaxis"]!))).ToArray();
        Assert.Equal(axes[0], axes[1]);
        Assert.True(axes[0].X.Low < both[.., 0].min().item<float>() && both[.., 0].max().item<float>() < axes[0]
            .X.High);
        Assert.True(axes[0].Y.Low < both[.., 1].min().item<float>() && both[.., 1].max().item<float>() < axes[0]
            .Y.High);
        Refused("(N, 2), and 'within' has shape (6,)", () => Charts.Scatter(before, within: ones(6)));

        static (double Low, double High) Ends(JToken axis) => ((double)axis["range"]![0]!, (double)axis["range"]![1]!);
    }

    [Fact]
    public void A_logarithmic_axis_keeps_the_digits_of_small_numbers_and_refuses_what_is_not_positive()
    {
        var figure = Figure(Charts.Lines([("loss", new[] { 1e6, 1.23456e-6 })], logarithmic: true));
        Assert.Equal("log", (string?)figure["layout"]!["yaxis"]!["type"]);
        Assert.Equal([1e6, 1.23456e-6], figure["data"]!.Single()["y"]!.ToObject<double[]>()!);
        Refused(
            "A logarithmic axis shows positive numbers only, and 'loss' has 0. Leave",
            () => Charts.Lines([("loss", new[] { 1.0, 0 })], logarithmic: true));
    }

    [Theory]
    [InlineData(10, null, true)]
    [InlineData(11, null, false)]
    [InlineData(10, false, false)]
    [InlineData(11, true, true)]
    public void Cells_show_their_numbers_where_there_is_room_or_as_asked(int size, bool? numbers, bool shown)
    {
        using var table = rand(size, size);
        var texts = (string?)Figure(Charts.Heatmap(table, numbers: numbers))["data"]!.Single()["texttemplate"];
        Assert.Equal(shown, texts != "");
    }

    [Fact]
    public void Labels_of_neighbors_stand_on_different_sides()
    {
        using var points = tensor(new float[,] { { 0, 0 }, { 0.01f, 0 }, { 5, 5 } });
        var trace = Figure(Charts.Scatter(points, ["first", "second", "far"]))["data"]!.Single();
        var sides = trace["textposition"]!.ToObject<string[]>()!;
        Assert.NotEqual(sides[0], sides[1]);
    }

    [Fact]
    public void Hostile_text_shows_as_itself_and_never_ends_the_script()
    {
        using var table = ones(1, 2);
        View[] charts =
        [
            Charts.Heatmap(table, [Hostile], [Hostile, Hostile], Hostile, Hostile, Hostile, Hostile),
            Charts.Lines([(Hostile, new[] { 1.0, 2 })], Hostile, Hostile, Hostile),
            Charts.Scatter(table, [Hostile], [Hostile], Hostile, Hostile, Hostile),
        ];
        foreach (var html in charts.Select(chart => chart.ToHtml()))
        {
            Assert.Equal(2, Regex.Count(html, "</script", RegexOptions.IgnoreCase));
            Assert.DoesNotContain("<b>", html, StringComparison.Ordinal);
            Assert.DoesNotContain('\u2028', html);
        }

        var layout = Figure(charts[1])["layout"]!;
        Assert.Equal("&lt;/script&gt;&lt;b&gt;\"&amp;amp;'\\u2028&#36;x&#36;%{y}", (string?)layout["xaxis"]!["title"]);
        Assert.DoesNotContain("%{y}:", (string?)Figure(charts[0])["data"]!.Single()["hovertemplate"],
            StringComparison.Ordinal);
    }

    [Fact]
    public void Without_scripts_the_reader_sees_kind_shape_and_range_and_what_is_missing()
    {
        using var table = tensor(new[,] { { 1.0, -0.9125 } });
        var chart = Charts.Heatmap(table, title: "cosine similarity");
        Assert.Equal("Heat map \"cosine similarity\": 1 x 2, from -0.9125 to 1.0000", chart.ToString());
        var visible = Script().Replace(chart.ToHtml(), "");
        Assert.Contains(
            "<p>Heat map &quot;cosine similarity&quot;: 1 x 2, from -0.9125 to 1.0000. The interactive chart needs "
            + "plotly.js from https://cdn.plot.ly/plotly-2.28.0.min.js, which has not been reached.</p>",
            visible, StringComparison.Ordinal);
        Assert.Contains(
            "role=\"img\" aria-label=\"Heat map &quot;cosine similarity&quot;: 1 x 2, from -0.9125 to 1.0000\"",
            visible, StringComparison.Ordinal);
    }

    [Fact]
    public void The_title_is_the_expression_unless_one_is_given()
    {
        using var table = ones(2, 2);
        Assert.Equal("table", Charts.Heatmap(table).Name);
        Assert.Equal("table", Charts.Scatter(table).Name);
        Assert.Equal("other", Charts.Scatter(table, title: "other").Name);
    }

    [Fact]
    public void The_same_numbers_give_the_same_html_also_when_their_last_bits_differ()
    {
        using var table = tensor(new[,] { { 1.0, 1.0 / 3 }, { 1e-12, -2.0 / 3 } });
        using var noise = tensor(new[,] { { 1e-15, -1e-15 }, { -3e-12, 1e-15 } });
        using var almost = table + noise;
        Assert.Equal(Charts.Heatmap(table, title: "t").ToHtml(), Charts.Heatmap(almost, title: "t").ToHtml());
        Assert.Equal(Charts.Scatter(table, ["a", "b"], title: "t").ToHtml(),
            Charts.Scatter(almost, ["a", "b"], title: "t").ToHtml());
    }

    [Fact]
    public void Numbers_are_written_the_same_in_every_culture()
    {
        using var table = tensor(new[,] { { 0.5, -1.5 } });
        var expected = Charts.Heatmap(table).ToHtml();
        var culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            Assert.Equal(expected, Charts.Heatmap(table).ToHtml());
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void A_chart_keeps_what_the_tensor_held_when_it_was_made()
    {
        using var table = ones(2, 2);
        var losses = new List<double> { 3, 2 };
        var (heatmap, lines) = (Charts.Heatmap(table), Charts.Lines([("loss", losses)]));
        var before = heatmap.ToHtml() + lines.ToHtml();
        table.fill_(7);
        losses.Add(1);
        Assert.Equal(before, heatmap.ToHtml() + lines.ToHtml());
    }

    [Fact]
    public void A_chart_disposes_every_tensor_that_it_makes()
    {
        using var table = randn(4, 3, dtype: ScalarType.Float16).T;
        using var row = randn(5);
        using var outer = NewDisposeScope();
        Charts.Heatmap(table);
        using var points = rand(5, 2, dtype: ScalarType.Float16);
        Charts.Scatter(points, within: points);
        Charts.Lines([("row", row)]);
        Assert.Equal(1, outer.DisposablesCount);
    }

    [Fact]
    public void A_tensor_that_cannot_be_drawn_is_refused_with_its_shape_and_a_remedy()
    {
        using var cube = ones(2, 3, 4);
        using var empty = ones(0, 3);
        using var nan = full(2, 2, double.NaN);
        using var complex = ones(2, 2, dtype: ScalarType.ComplexFloat32);
        using var one = ones(1);
        using var huge = one.expand(50257, 768);
        using var wide = ones(5, 4);
        var disposed = ones(2, 2);
        disposed.Dispose();

        Refused(
            "A heat map shows a 2-d tensor, and 'cube' has shape (2, 3, 4). "
            + "Choose one matrix of it, such as tensor[0]",
            () => Charts.Heatmap(cube));
        Refused("'one' has shape (1,). Make it a matrix", () => Charts.Heatmap(one));
        Refused("'empty' of shape (0, 3) is empty", () => Charts.Heatmap(empty));
        Refused("Each of the 4 numbers of 'nan' is NaN or infinite", () => Charts.Heatmap(nan));
        Refused("'complex' holds complex numbers", () => Charts.Heatmap(complex));
        Refused("'huge' of shape (50257, 768) has 38,597,376 numbers. A chart shows at most 200,000", () =>
            Charts.Heatmap(huge));
        Refused("'disposed' is disposed", () => Charts.Heatmap(disposed));
        Refused("tensor", () => Charts.Heatmap(null!));
        Refused("(N, 2), and 'wide' has shape (5, 4)", () => Charts.Scatter(wide));
        Refused("A series is a 1-d tensor, and 'loss' has shape (5, 4)", () => Charts.Lines([("loss", wide)]));
        Refused("'loss' is disposed", () => Charts.Lines([("loss", disposed)]));
    }

    [Fact]
    public void Labels_and_series_that_do_not_match_are_refused_with_both_counts()
    {
        using var table = ones(6, 2);
        Refused("'table' of shape (6, 2) has 6 rows, but there are 2 row names", () =>
            Charts.Heatmap(table, ["a", "b"]));
        Refused("'table' of shape (6, 2) has 2 columns, but there are 6 column names", () =>
            Charts.Heatmap(table, columns: _words));
        Refused("'table' of shape (6, 2) has 6 points, but there are 1 label names", () =>
            Charts.Scatter(table, ["a"]));
        Refused("'table' of shape (6, 2) has 6 points, but there are 1 group names", () =>
            Charts.Scatter(table, groups: ["a"]));
        Refused("The row name at index 1 is null", () => Charts.Heatmap(table, ["a", null!, "c", "d", "e", "f"]));
        Refused("-1 is not a positive number", () => Charts.Heatmap(table, limit: -1));
        Refused("needs at least one series of numbers, and there is none among 0", () => Charts.Lines([]));
        Refused("none among 1", () => Charts.Lines([("floor", 2)]));
        Refused("'loss' is empty", () => Charts.Lines([("loss", Array.Empty<float>())]));
        Refused("loss", () => Charts.Lines([("loss", (float[])null!)]));
        Refused("'loss' has 2 numbers, but there are 3 x values", () =>
            Charts.Lines([("loss", new[] { 1.0, 2 })], x: ("step", _steps)));
        Refused("series", () => Charts.Lines(null!));
        Refused("The name of a series is null.", () => Charts.Lines([((string)null!, new[] { 1.0 })]));
    }

    [Fact]
    public void A_title_that_is_null_is_refused_by_its_name()
    {
        using var table = ones(2, 2);
        Assert.Throws<ArgumentNullException>("xTitle", () => Charts.Heatmap(table, xTitle: null!));
        Assert.Throws<ArgumentNullException>("yTitle", () => Charts.Heatmap(table, yTitle: null!));
        Assert.Throws<ArgumentNullException>("valueTitle", () => Charts.Heatmap(table, valueTitle: null!));
        Assert.Throws<ArgumentNullException>("xTitle", () => Charts.Scatter(table, xTitle: null!));
        Assert.Throws<ArgumentNullException>("yTitle", () => Charts.Scatter(table, yTitle: null!));
        Assert.Throws<ArgumentNullException>("yTitle", () => Charts.Lines([("a", new[] { 1.0 })], yTitle: null!));
    }

    [Fact]
    public void Lines_share_the_limit_of_a_chart_and_the_runner_takes_what_is_within_it()
    {
        var half = new double[ChartValues.Most / 2];
        Refused("All lines together have 200,001 numbers. A chart shows at most 200,000.", () =>
            Charts.Lines([("a", half), ("b", half), ("c", new[] { 1.0 })]));
        Refused("have 300,000 numbers", () => Charts.Lines([("a", half), ("level", 2), ("b", half)]));
        Refused("have 400,000 numbers", () => Charts.Lines([("a", half), ("b", half)], x: ("step", half)));

        using var most = rand(ChartValues.Most / 2, 2) * -1e-30;
        Assert.InRange(Charts.Scatter(most).ToHtml().Length, 1_000_000, OutputCapture.Most(HtmlFormatter.MimeType));
        Assert.InRange(Charts.Heatmap(most).ToHtml().Length, 1_000_000, OutputCapture.Most(HtmlFormatter.MimeType));
    }

    [Fact]
    public void The_text_of_unequal_lines_tells_the_longest() =>
        Assert.Equal("Lines \"a, b\": 2 series of up to 2 points, from 1 to 3",
            Charts.Lines([("a", new[] { 3.0 }), ("b", new[] { 1.0, 2 })]).ToString());

    [Fact]
    public void NET_Interactive_shows_a_bare_chart_of_XPlot()
    {
        var chart =
            Chart.Plot(new[] { new Scatter { name = "</script>", x = _steps, y = new[] { 0.5, double.NaN, 1 } } });
        chart.WithTitle("bare");
        InteractiveFormatters.RegisterWherePresent();

        var html = chart.ToDisplayString(HtmlFormatter.MimeType);
        Assert.Equal("Chart \"bare\"", chart.ToDisplayString(PlainTextFormatter.MimeType));
        Assert.Equal(2, Regex.Count(html, "</script"));
        Assert.Equal("</script>", (string?)Figure(html)["data"]!.Single()["name"]);
        Assert.Equal(html, chart.ToDisplayString(HtmlFormatter.MimeType));
    }

    [Fact]
    public void A_picture_in_a_chart_is_found_and_taken_out_again_and_nothing_else_changes()
    {
        using var table = rand(3, 2);
        var (heatmap, lines) = (Charts.Heatmap(table, title: Hostile), Charts.Lines([("a", new[] { 1.0, 2 })]));
        var html = Tutorial.Show(heatmap, Tutorial.Show(table), lines).ToHtml();
        Assert.Equal([heatmap.ToHtml(), lines.ToHtml()], Drawings.Find(html).Select(chart => chart.Html));
        Assert.All(Drawings.Find(html), chart => Assert.Null(chart.Picture));

        string[] pictures =
        [
            "<img src=\"data:image/png;base64,aGVsbG8=\" alt=\"a\">",
            "<img src=\"data:image/png;base64,aA==\" alt=\"b\">",
        ];
        var pictured = Drawings.WithPictures(html, pictures);
        Assert.Equal(pictures, Drawings.Find(pictured).Select(chart => chart.Picture));
        Assert.Equal([heatmap.ToHtml(), lines.ToHtml()], Drawings.Find(pictured).Select(chart => chart.Html));
        Assert.Equal(pictured, Drawings.WithPictures(pictured, pictures));
        Assert.Equal(html, Drawings.WithoutPictures(pictured));
        Assert.Empty(Drawings.Find(Tutorial.Show(table).ToHtml()));
    }

    private static void Refused(string message, Func<View> draw) =>
        Assert.Contains(message, Assert.ThrowsAny<ArgumentException>(draw).Message, StringComparison.Ordinal);

    private static JObject Figure(View chart) => JObject.Parse(Json(chart));

    private static JObject Figure(string html) => JObject.Parse(FigureLine().Match(html).Groups[1].Value);

    private static string Json(View chart) => FigureLine().Match(chart.ToHtml()).Groups[1].Value;

    [GeneratedRegex("<script type=\"application/json\">(.*)</script></div>")]
    private static partial Regex FigureLine();

    [GeneratedRegex("<script.*</script>", RegexOptions.Singleline)]
    private static partial Regex Script();
}
