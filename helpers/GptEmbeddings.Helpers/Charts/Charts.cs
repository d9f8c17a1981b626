using System.Globalization;
using System.Runtime.CompilerServices;
using Newtonsoft.Json.Linq;
using XPlot.Plotly;
using static GptEmbeddings.ChartValues;
using static TorchSharp.torch;
using ChartLayout = XPlot.Plotly.Layout.Layout;

namespace GptEmbeddings;

/// <summary>
/// Charts of tensors for the end of a cell. In all of them blue is negative and orange positive, and the first group or
/// series has the same color, symbol and dash. A chart keeps the numbers of the moment it was made; what is not finite is a gap.
/// </summary>
public static class Charts
{
    // With more points than these, symbols or labels only hide each other; hovering still tells.
    private const int MostSymbols = 50, MostLabels = 200, MostCellTexts = 100, MostCellBorders = 50;

    // The part of a scatter chart that its axes enclose, in pixels, on a page of usual width.
    private const double PlotWidth = 620, PlotHeight = 380;

    // Those that both flat and spatial charts know. Their number shares no factor with that of the colors.
    private static readonly string[] Symbols = ["circle", "square", "diamond", "cross", "circle-open", "square-open", "diamond-open"];
    private static readonly string[] Dashes = ["solid", "dash", "dot", "dashdot", "longdash"];

    /// <summary>A heat map: each number of a matrix as a colored cell, row 0 on top.</summary>
    /// <param name="tensor">The matrix, of any real dtype: (R, C).</param>
    /// <param name="rows">A label for each of the R rows; without, their index.</param>
    /// <param name="columns">A label for each of the C columns; without, their index.</param>
    /// <param name="title">What the chart shows; by default the tensor's own expression.</param>
    /// <param name="xTitle">What a column is.</param>
    /// <param name="yTitle">What a row is.</param>
    /// <param name="valueTitle">What a number is, with its unit.</param>
    /// <param name="limit">The magnitude that has the fullest color, so that two charts compare; by default the largest in the tensor.</param>
    /// <exception cref="ArgumentException">The tensor is null, disposed, empty, not 2-d, or without a finite number; labels do not match its shape; the limit is not positive.</exception>
    public static ChartView Heatmap(Tensor tensor, IReadOnlyList<string>? rows = null, IReadOnlyList<string>? columns = null,
        [CallerArgumentExpression(nameof(tensor))] string? title = null,
        string xTitle = "column", string yTitle = "row", string valueTitle = "value", double? limit = null)
    {
        var name = Name(title, "heat map");
        ArgumentNullException.ThrowIfNull(tensor);
        var numbers = Read(tensor, name, nameof(tensor));
        Require(
            tensor.dim() == 2,
            $"A heat map shows a 2-d tensor, and '{name}' has shape {Shape(tensor)}. {(tensor.dim() < 2 ? "Make it a matrix, such as tensor.reshape(1, -1)" : "Choose one matrix of it, such as tensor[0]")}.",
            nameof(tensor));
        var (height, width) = ((int)tensor.shape[0], (int)tensor.shape[1]);
        var (min, max, gaps) = Range(numbers, name, nameof(tensor));
        CheckLabels(rows, height, "row", $"'{name}' of shape {Shape(tensor)} has {height} rows", nameof(rows));
        CheckLabels(columns, width, "column", $"'{name}' of shape {Shape(tensor)} has {width} columns", nameof(columns));
        Require(
            limit is null or > 0 and < double.PositiveInfinity,
            $"The limit is the magnitude that has the fullest color, and {limit} is not a positive number. Leave it out, or give for example 1.",
            nameof(limit));

        var most = limit ?? (Math.Max(-min, max) is var largest and > 0 ? Rounded([largest])[0]!.Value : 1);
        var (low, high) = (min < 0 ? -most : 0, max > 0 || min == 0 ? most : 0);
        var trace = Merge(
            new Heatmap
            {
                x = rows is null && columns is null ? null : Enumerable.Range(0, width),
                y = rows is null && columns is null ? null : Enumerable.Range(0, height),
                z = Rounded(numbers).Chunk(width),
                zmin = low,
                zmax = high,
                colorscale = Palette.Scale(low, high),
                colorbar = new Colorbar { title = Shown(valueTitle) + "<br> ", thickness = 14, outlinewidth = 0 },
            },
            new
            {
                hovertemplate = Hover((yTitle, "y"), (xTitle, "x"), (valueTitle, "z")),
                hoverongaps = false,
                xgap = width <= MostCellBorders ? 1 : 0,
                ygap = height <= MostCellBorders ? 1 : 0,
                texttemplate = numbers.Length > MostCellTexts ? "" : numbers.All(double.IsInteger) ? "%{z}" : most is >= 0.1 and < 1000 ? "%{z:.2f}" : "%{z:.3~g}",
            });
        var layout = Merge(
            new ChartLayout
            {
                title = Shown(name),
                height = 130 + Math.Clamp(height * 40, 160, rows is null ? 460 : Math.Clamp(height * 17, 460, 900)) + Math.Clamp(Longest(columns) * 4 - 40, 0, 120),
                xaxis = new Xaxis { title = Shown(xTitle), showgrid = false, zeroline = false, type = AxisType(columns), dtick = Step(width) },
                yaxis = new Yaxis { title = Shown(yTitle), showgrid = false, zeroline = false, type = AxisType(rows), dtick = Step(height), autorange = "reversed" },
            },
            new { xaxis = Labels(columns), yaxis = Labels(rows) });
        return new("Heat map", name, $"{height} x {width}, {Describe(min, max, gaps)}", [trace], layout, Math.Clamp(width * 70 + Longest(rows) * 7 + 220, 460, 900));
    }

    /// <summary>
    /// Lines over a common x axis: <c>Charts.Lines([("loss", losses), ("entropy of the language", 2.3)], xTitle: "step")</c>.
    /// </summary>
    /// <param name="series">Pairs of a name and numbers (a 1-d tensor, or any floats, doubles or ints), or of a name and one number for a level line.</param>
    /// <param name="title">What the chart shows; by default the names of the series.</param>
    /// <param name="xTitle">What x is, with its unit; by default the name of <paramref name="x"/>.</param>
    /// <param name="yTitle">What y is, with its unit.</param>
    /// <param name="x">The x values and their name, as many as the numbers of each series; by default 0, 1, 2 and so on.</param>
    /// <exception cref="ArgumentException">There is no series, one is null, empty or without a finite number, or the x values do not match.</exception>
    public static ChartView Lines(IReadOnlyList<ChartSeries> series, string? title = null, string? xTitle = null, string yTitle = "value", ChartSeries? x = null)
    {
        ArgumentNullException.ThrowIfNull(series);
        Require(
            series.Any(one => one is { IsLevel: false }),
            $"A line chart needs at least one series of numbers, and there is none among {series.Count}. Give for example [(\"loss\", losses)].",
            nameof(series));
        for (var i = 0; i < series.Count; i++) Require(series[i] is not null, $"Series {i} is null. Leave it out, or give it numbers.", nameof(series));

        var name = Name(title, string.Join(", ", series.Select(one => one.Name)));
        var ranges = series.Select(one => Range(one.Values, one.Name, nameof(series))).ToArray();
        if (x is not null)
        {
            Range(x.Values, x.Name, nameof(x));
            foreach (var one in series.Where(one => !one.IsLevel))
                Require(
                    one.Values.Count == x.Values.Count,
                    $"The series '{one.Name}' has {one.Values.Count} numbers, but there are {x.Values.Count} x values. Give one for each number.",
                    nameof(x));
        }

        var length = series.Max(one => one.Values.Count);
        var (xs, xName) = (x is null ? null : Rounded(x.Values), xTitle ?? x?.Name ?? "index");
        var traces = series.Select((one, i) => Merge(
            new Scatter
            {
                name = Shown(one.Name),
                x = xs,
                y = Rounded(one.IsLevel ? [.. Enumerable.Repeat(one.Values[0], length)] : one.Values),
                mode = one.IsLevel || one.Values.Count > MostSymbols ? "lines" : "lines+markers",
                line = new Line { color = Color(i), width = 2, dash = Dashes[i % Dashes.Length] },
                marker = new Marker { symbol = Symbols[i % Symbols.Length], size = 7 },
            },
            new { hovertemplate = "%{fullData.name}<br>" + Hover((xName, "x"), (yTitle, "y")) }));
        var layout = new ChartLayout
        {
            title = Shown(name),
            height = 420,
            xaxis = new Xaxis { title = Shown(xName) },
            yaxis = new Yaxis { title = Shown(yTitle) },
            showlegend = series.Count > 1,
        };
        var facts = $"{Count(series.Count, "series", "series")} of {Count(length, "point")}, {Describe(ranges.Min(r => r.Min), ranges.Max(r => r.Max), ranges.Sum(r => r.Gaps))}";
        return new("Lines", name, facts, traces, JObject.FromObject(layout), 900);
    }

    /// <summary>Points in two or three dimensions, with their labels beside them; groups differ in color and symbol.</summary>
    /// <param name="points">A point in each row: (N, 2) or (N, 3), of any real dtype.</param>
    /// <param name="labels">A label for each of the N points.</param>
    /// <param name="groups">The group of each of the N points.</param>
    /// <param name="title">What the chart shows; by default the tensor's own expression.</param>
    /// <param name="xTitle">What the first column is, with its unit.</param>
    /// <param name="yTitle">What the second column is, with its unit.</param>
    /// <param name="zTitle">What the third column is, with its unit.</param>
    /// <param name="sameScale">Whether a step in x is as long on the screen as one in y, so that distances are true.</param>
    /// <exception cref="ArgumentException">The points are null, disposed, not (N, 2) or (N, 3), empty, or without a finite number; there is not one label or group for each.</exception>
    public static ChartView Scatter(Tensor points, IReadOnlyList<string>? labels = null, IReadOnlyList<string>? groups = null,
        [CallerArgumentExpression(nameof(points))] string? title = null,
        string xTitle = "column 0", string yTitle = "column 1", string zTitle = "column 2", bool sameScale = true)
    {
        var name = Name(title, "points");
        ArgumentNullException.ThrowIfNull(points);
        var numbers = Read(points, name, nameof(points));
        Require(
            points.dim() == 2 && points.shape[1] is 2 or 3,
            $"A scatter chart shows points as the rows of a tensor of shape (N, 2) or (N, 3), and '{name}' has shape {Shape(points)}. Choose two or three of its columns, such as tensor[.., ..2], or project it.",
            nameof(points));
        var (count, dimensions) = ((int)points.shape[0], (int)points.shape[1]);
        var (min, max, gaps) = Range(numbers, name, nameof(points));
        CheckLabels(labels, count, "label", $"'{name}' of shape {Shape(points)} has {count} points", nameof(labels));
        CheckLabels(groups, count, "group", $"'{name}' of shape {Shape(points)} has {count} points", nameof(groups));

        var isFlat = dimensions == 2;
        var columns = Enumerable.Range(0, dimensions).Select(c => Enumerable.Range(0, count).Select(row => numbers[row * dimensions + c]).ToArray()).ToArray();
        var shownLabels = labels is null || count > MostLabels ? null : labels.Select(RowLabels.Escape).ToArray();
        var (xRange, yRange) = (Padded(columns[0]), Padded(columns[1]));
        var sides = isFlat && shownLabels is not null ? Sides() : [];
        var rounded = columns.Select(Rounded).ToArray();
        var traces = Enumerable.Range(0, count).GroupBy(i => groups?[i] ?? "").Select((members, group) => Trace([.. members], group)).ToArray();

        var layout = new ChartLayout { title = Shown(name), height = 560, showlegend = groups is not null };
        if (isFlat)
        {
            layout.height = 520;
            layout.xaxis = new Xaxis { title = Shown(xTitle), range = xRange };
            layout.yaxis = new Yaxis { title = Shown(yTitle), range = yRange };
        }
        else
        {
            layout.scene = new Scene
            {
                aspectmode = sameScale ? "data" : "cube",
                xaxis = new Xaxis { title = InSpace(xTitle) },
                yaxis = new Yaxis { title = InSpace(yTitle) },
                zaxis = new Zaxis { title = InSpace(zTitle) },
            };
        }


        var facts = $"{count} x {dimensions}{(groups is null ? "" : $", {Count(traces.Length, "group")}")}, {Describe(min, max, gaps)}";
        return new("Scatter", name, facts, traces, Merge(layout, isFlat && sameScale ? new { yaxis = new { scaleanchor = "x" } } : new { }), 900);

        JObject Trace(int[] members, int group)
        {
            var (groupName, mode) = (Shown(groups?[members[0]] ?? ""), shownLabels is null ? "markers" : "markers+text");
            var told = members.Select(i => labels is null ? $"point {i}" : Shown(labels[i])).ToArray();
            var symbol = Symbols[group % Symbols.Length];
            var isOpen = symbol.EndsWith("-open", StringComparison.Ordinal);
            var marker = new Marker { color = Color(group), symbol = symbol, size = isFlat ? 9 : 5, line = new Line { color = Color(group), width = isOpen ? 2 : 0 } };
            var (x, y) = (members.Select(i => rounded[0][i]), members.Select(i => rounded[1][i]));
            var groupLine = groups is null ? "" : "%{fullData.name}<br>";
            if (isFlat)
            {
                var textposition = sides.Length > 0 ? members.Select(i => sides[i]) : null;
                return Merge(
                    new Scatter { name = groupName, x = x, y = y, mode = mode, text = told, marker = marker, textposition = textposition },
                    new { cliponaxis = false, hovertemplate = "%{text}<br>" + groupLine + Hover((xTitle, "x"), (yTitle, "y")) });
            }

            var z = members.Select(i => rounded[2][i]);
            var text = shownLabels is null ? null : members.Select(i => InSpace(labels![i]));
            return Merge(
                new Scatter3d { name = groupName, x = x, y = y, z = z, mode = mode, text = text, marker = marker },
                new { customdata = told, hovertemplate = "%{customdata}<br>" + groupLine + Hover((xTitle, "x"), (yTitle, "y"), (zTitle, "z")) });
        }

        string[] Sides()
        {
            var (xScale, yScale) = (PlotWidth / (xRange[1] - xRange[0]), PlotHeight / (yRange[1] - yRange[0]));
            if (sameScale) xScale = yScale = Math.Min(xScale, yScale);
            return LabelPlacement.Choose([.. columns[0].Zip(columns[1], (x, y) => (Pixel(x, xScale), -Pixel(y, yScale)))], shownLabels);
        }

        static double Pixel(double value, double scale) => double.IsFinite(value) ? value * scale : 0;
    }

    private static string Name(string? title, string otherwise) => string.IsNullOrWhiteSpace(title) ? otherwise : title;

    private static string Color(int i) => Palette.Groups[i % Palette.Groups.Count];

    private static string Count(int count, string one, string? many = null) => string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many ?? one + "s")}");

    private static int Longest(IReadOnlyList<string>? labels) => labels is null ? 0 : labels.Max(label => label.Length);

    private static void CheckLabels(IReadOnlyList<string>? labels, int count, string what, FormattableString has, string parameter)
    {
        if (labels is null) return;
        Require(labels.Count == count, $"{has}, but there are {labels.Count} {what} names. Give one for each.", parameter);
        for (var i = 0; i < count; i++) Require(labels[i] is not null, $"The {what} name at index {i} is null. Give a string, if need be an empty one.", parameter);
    }

    /// <summary>Room for the labels around the points.</summary>
    private static double[] Padded(double[] values)
    {
        var finite = values.Where(double.IsFinite).DefaultIfEmpty().ToArray();
        var (min, max) = (finite.Min(), finite.Max());
        var room = max > min ? (max - min) * 0.1 : 1;
        return [.. Rounded([min - room, max + room]).Select(value => value!.Value)];
    }

    /// <summary>Text as Plotly shows it: it would take tags, entities and formulas in it for its own.</summary>
    private static string Shown(string text) => RowLabels.Escape(text).Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal).Replace("$", "&#36;", StringComparison.Ordinal);

    // In space Plotly knows tags but no entities: a space without width keeps a tag from being one.
    private static string InSpace(string text) => RowLabels.Escape(text).Replace("<", "<\u200B", StringComparison.Ordinal);

    /// <summary>What hovering tells: a line for each of Plotly's variables, after its title.</summary>
    private static string Hover(params (string Title, string Variable)[] lines) =>
        string.Join("<br>", lines.Select(line => $"{Shown(line.Title).Replace("%", "&#37;", StringComparison.Ordinal)}: %{{{line.Variable}}}")) + "<extra></extra>";

    // Labels stand for positions: a word may occur twice, and Plotly would take equal labels for one and the same position.
    private static object Labels(IReadOnlyList<string>? labels) => labels is null
        ? new { }
        : new { labelalias = labels.Select((label, i) => (label, i)).ToDictionary(pair => pair.i.ToString(CultureInfo.InvariantCulture), pair => Shown(pair.label)) };

    private static string? AxisType(IReadOnlyList<string>? labels) => labels is null ? "linear" : "category";

    // No ticks between two cells.
    private static int? Step(int count) => count <= 20 ? 1 : null;

    /// <summary>An object of XPlot as JSON, with what Plotly has learned since XPlot was written.</summary>
    private static JObject Merge(object xplot, object added)
    {
        var json = JObject.FromObject(xplot);
        json.Merge(JObject.FromObject(added));
        return json;
    }
}
