using System.Runtime.CompilerServices;
using XPlot.Plotly;
using static GptEmbeddings.ChartValues;
using static TorchSharp.torch;
using ChartLayout = XPlot.Plotly.Layout.Layout;

namespace GptEmbeddings;

public static partial class Charts
{
    // With more points than these, labels only hide each other; hovering still tells.
    private const int MostLabels = 200;

    // The part of the chart that its axes enclose, in pixels, on a page of usual width.
    private const double PlotWidth = 620, PlotHeight = 380;

    /// <summary>Points in the plane, with their labels beside them; groups differ in color and symbol.</summary>
    /// <param name="points">A point in each row: (N, 2), of any real dtype.</param>
    /// <param name="labels">A label for each of the N points; with more than 200, hovering alone shows them.</param>
    /// <param name="groups">The group of each of the N points.</param>
    /// <param name="title">What the chart shows; by default the tensor's own expression.</param>
    /// <param name="xTitle">What the first column is, with its unit.</param>
    /// <param name="yTitle">What the second column is, with its unit.</param>
    /// <param name="sameScale">
    /// Whether a step in x is as long on the screen as one in y, so that distances are true.
    /// </param>
    /// <param name="within">
    /// More points, (M, 2), that would fit into the axes. Two charts that are given the points of both have the same
    /// axes, so that a reader can compare them.
    /// </param>
    /// <param name="connected">
    /// Whether a line leads from each point to the next of its group, in the order of the rows.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The points are null, disposed, not (N, 2), empty, or without a finite number, or those of
    /// <paramref name="within"/> are; there is not one label or group for each.
    /// </exception>
    public static ChartView Scatter(
        Tensor points, IReadOnlyList<string>? labels = null, IReadOnlyList<string>? groups = null,
        [CallerArgumentExpression(nameof(points))] string? title = null, string xTitle = "column 0",
        string yTitle = "column 1", bool sameScale = true, Tensor? within = null, bool connected = false)
    {
        var name = Name(title, "points");
        ArgumentNullException.ThrowIfNull(points);
        ArgumentNullException.ThrowIfNull(xTitle);
        ArgumentNullException.ThrowIfNull(yTitle);
        var columns = Columns(points, name, nameof(points));
        var (count, (min, max, gaps)) = (columns.X.Length, Range([.. columns.X, .. columns.Y], name, nameof(points)));
        FormattableString has = $"'{name}' of shape {Shape(points)} has {count} points";
        CheckLabels(labels, count, "label", has, nameof(labels));
        CheckLabels(groups, count, "group", has, nameof(groups));
        var others = within is null ? ([], []) : Columns(within, nameof(within), nameof(within));

        var (xRange, yRange) = (Padded([.. columns.X, .. others.X]), Padded([.. columns.Y, .. others.Y]));
        var shownLabels = labels is null || count > MostLabels ? null : labels.Select(RowLabels.Escape).ToArray();
        var sides = shownLabels is null ? null : Sides(columns, shownLabels, xRange, yRange, sameScale);
        var hover = (groups is null ? "" : "%{fullData.name}<br>") + Hover((xTitle, "x"), (yTitle, "y"));
        var traces = ScatterTraces(columns, labels, groups, sides, hover, connected);
        var layout = new ChartLayout
        {
            title = Shown(name),
            height = 520,
            showlegend = groups is not null,
            xaxis = new Xaxis { title = Shown(xTitle), range = xRange },
            yaxis = new LabeledYaxis { title = Shown(yTitle), range = yRange, scaleanchor = sameScale ? "x" : null },
        };
        var grouped = groups is null ? "" : $", {Count(traces.Length, "group")}";
        var facts = $"{count} x 2{grouped}, {Describe(min, max, gaps)}";
        return new("Scatter", name, facts, traces.Select(Json), Json(layout), 900);
    }

    // A trace for each group.
    private static ScatterTrace[] ScatterTraces(
        (double[] X, double[] Y) points, IReadOnlyList<string>? labels, IReadOnlyList<string>? groups,
        string[]? sides, string hover, bool connected)
    {
        var (x, y) = (Rounded(points.X), Rounded(points.Y));
        var members = Enumerable.Range(0, x.Length).GroupBy(i => groups?[i] ?? "");
        return [.. members.Select((group, number) => new ScatterTrace
        {
            name = Shown(group.Key),
            x = group.Select(i => x[i]),
            y = group.Select(i => y[i]),
            mode = (connected ? "lines+" : "") + (sides is null ? "markers" : "markers+text"),
            text = group.Select(i => labels is null ? $"point {i}" : Shown(labels[i])),
            marker = Symbol(number),
            // Null, where no line is drawn, Plotly would trip over.
            line = new Line { color = Color(number), width = 1.5 },
            textposition = sides is null ? null : group.Select(i => sides[i]),
            cliponaxis = false,
            hovertemplate = "%{text}<br>" + hover,
        })];
    }

    private static (double[] X, double[] Y) Columns(Tensor points, string name, string parameter)
    {
        var numbers = Read(points, name, parameter);
        FormattableString given = $"'{name}' has shape {Shape(points)}";
        Require(points.dim() == 2 && points.shape[1] == 2,
            $"A scatter chart shows points as the rows of a tensor of shape (N, 2), and {given}.",
            "Choose two of its columns, such as tensor[.., ..2], or project it.", parameter);
        return ([.. numbers.Where((_, i) => i % 2 == 0)], [.. numbers.Where((_, i) => i % 2 == 1)]);
    }

    /// <summary>Room for the labels around the points.</summary>
    private static double[] Padded(double[] values)
    {
        var finite = values.Where(double.IsFinite).DefaultIfEmpty().ToArray();
        var (min, max) = (finite.Min(), finite.Max());
        var room = max > min ? max * 0.1 - min * 0.1 : 1;
        double[] ends = [Math.Max(min - room, double.MinValue), Math.Min(max + room, double.MaxValue)];
        return [.. Rounded(ends).Select(value => value!.Value)];
    }

    private static string[] Sides(
        (double[] X, double[] Y) points, string[] labels, double[] xRange, double[] yRange, bool sameScale)
    {
        var (xScale, yScale) = (PlotWidth / (xRange[1] - xRange[0]), PlotHeight / (yRange[1] - yRange[0]));
        if (sameScale) xScale = yScale = Math.Min(xScale, yScale);
        return LabelPlacement.Choose(
            [.. points.X.Zip(points.Y, (x, y) => (Pixel(x, xScale), -Pixel(y, yScale)))], labels);

        static double Pixel(double value, double scale) => double.IsFinite(value) ? value * scale : 0;
    }

    private static Marker Symbol(int group)
    {
        var symbol = _symbols[group % _symbols.Length];
        var outline = symbol.EndsWith("-open", StringComparison.Ordinal) ? 2 : 0;
        var line = new Line { color = Color(group), width = outline };
        return new() { color = Color(group), symbol = symbol, size = 9, line = line };
    }
}
