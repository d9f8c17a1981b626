using System.Globalization;
using System.Runtime.CompilerServices;
using XPlot.Plotly;
using static GptEmbeddings.ChartValues;
using static TorchSharp.torch;
using ChartLayout = XPlot.Plotly.Layout.Layout;

namespace GptEmbeddings;

public static partial class Charts
{
    // With more cells than these, numbers and gaps only hide what is there; hovering still tells.
    private const int MostCellTexts = 100, MostCellGaps = 50;

    /// <summary>A heat map: each number of a matrix as a colored cell, row 0 on top.</summary>
    /// <param name="tensor">The matrix, of any real dtype: (R, C).</param>
    /// <param name="rows">A label for each of the R rows; without, their index.</param>
    /// <param name="columns">A label for each of the C columns; without, their index.</param>
    /// <param name="title">What the chart shows; by default the tensor's own expression.</param>
    /// <param name="xTitle">What a column is.</param>
    /// <param name="yTitle">What a row is.</param>
    /// <param name="valueTitle">What a number is, with its unit.</param>
    /// <param name="limit">
    /// The magnitude that has the fullest color, so that two charts compare; by default the largest in the tensor.
    /// </param>
    /// <param name="numbers">Whether each cell shows its number; by default where there are at most 100 cells.</param>
    /// <exception cref="ArgumentException">
    /// The tensor is null, disposed, empty, not 2-d, or without a finite number; labels do not match its shape; the
    /// limit is not positive.
    /// </exception>
    public static ChartView Heatmap(
        Tensor tensor, IReadOnlyList<string>? rows = null, IReadOnlyList<string>? columns = null,
        [CallerArgumentExpression(nameof(tensor))] string? title = null, string xTitle = "column",
        string yTitle = "row", string valueTitle = "value", double? limit = null, bool? numbers = null)
    {
        var name = Name(title, "heat map");
        ArgumentNullException.ThrowIfNull(tensor);
        CheckTitles(xTitle, yTitle, valueTitle);
        var values = Read(tensor, name, nameof(tensor));
        CheckMatrix(tensor, name);
        var (height, width) = ((int)tensor.shape[0], (int)tensor.shape[1]);
        var (min, max, gaps) = Range(values, name, nameof(tensor));
        FormattableString shape = $"'{name}' of shape {Shape(tensor)}";
        CheckLabels(rows, height, "row", $"{shape} has {height} rows", nameof(rows));
        CheckLabels(columns, width, "column", $"{shape} has {width} columns", nameof(columns));
        CheckLimit(limit);

        var most = limit ?? (Math.Max(-min, max) is var largest and > 0 ? Rounded([largest])[0]!.Value : 1);
        var format = numbers ?? values.Length <= MostCellTexts ? CellFormat(values, most) : null;
        // Plotly 2.28 formats a missing number as 0.
        var texts = gaps > 0 && format is not null ? values.Select(value => Text(value, format)).Chunk(width) : null;
        var trace = new HeatmapTrace
        {
            x = rows is null && columns is null ? null : Enumerable.Range(0, width),
            y = rows is null && columns is null ? null : Enumerable.Range(0, height),
            z = Rounded(values).Chunk(width),
            zmin = min < 0 ? -most : 0,
            zmax = max > 0 || min == 0 ? most : 0,
            colorbar = new Colorbar { title = Shown(valueTitle) + "<br> ", thickness = 14, outlinewidth = 0 },
            hovertemplate = Hover((yTitle, "y"), (xTitle, "x"), (valueTitle, "z")),
            celltexts = texts,
            xgap = width <= MostCellGaps ? 1 : 0,
            ygap = height <= MostCellGaps ? 1 : 0,
            texttemplate = texts is not null ? "%{text}"
                : format switch { null => "", "" => "%{z}", _ => $"%{{z:{format}}}" },
        };
        trace.colorscale = Palette.Scale(trace.zmin, trace.zmax);
        var layout = HeatmapLayout(Shown(name), Shown(xTitle), Shown(yTitle), (height, rows), (width, columns));
        var pixels = Math.Clamp(width * 70 + Longest(rows) * 7 + 220, 460, 900);
        var facts = $"{height} x {width}, {Describe(min, max, gaps)}";
        return new("Heat map", name, facts, [Json(trace)], Json(layout), pixels);
    }

    private static void CheckTitles(string? xTitle, string? yTitle, string? valueTitle)
    {
        ArgumentNullException.ThrowIfNull(xTitle);
        ArgumentNullException.ThrowIfNull(yTitle);
        ArgumentNullException.ThrowIfNull(valueTitle);
    }

    private static void CheckMatrix(Tensor tensor, string name) => Require(
        tensor.dim() == 2, $"A heat map shows a 2-d tensor, and '{name}' has shape {Shape(tensor)}.",
        tensor.dim() < 2
            ? "Make it a matrix, such as tensor.reshape(1, -1)." : "Choose one matrix of it, such as tensor[0].",
        nameof(tensor));

    private static void CheckLimit(double? limit) => Require(
        limit is null or > 0 and < double.PositiveInfinity,
        $"The limit is the magnitude that has the fullest color, and {limit} is not a positive number.",
        "Leave it out, or give for example 1.", nameof(limit));

    // Whole numbers need no format.
    private static string CellFormat(double[] values, double most) =>
        values.Where(double.IsFinite).All(double.IsInteger) ? "" : most is >= 0.1 and < 1000 ? ".2f" : ".3~g";

    // As d3 writes a number in this format, which is how plotly.js writes those of a map without gaps.
    private static string Text(double value, string format)
    {
        if (!double.IsFinite(value)) return "";
        var (rounded, pattern) = (value, format == ".2f" ? "F2" : "0");
        if (format == ".3~g")
        {
            rounded = double.Parse(value.ToString("E2", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
            pattern = rounded == 0 || Math.Abs(rounded) is >= 1e-6 and < 1000 ? "0.########" : "0.##e+0";
        }

        return rounded.ToString(pattern, CultureInfo.InvariantCulture).Replace('-', '−');
    }

    private static ChartLayout HeatmapLayout(
        string title, string xTitle, string yTitle,
        (int Count, IReadOnlyList<string>? Labels) rows, (int Count, IReadOnlyList<string>? Labels) columns)
    {
        var most = rows.Labels is null ? 460 : Math.Clamp(rows.Count * 17, 460, 900);
        return new()
        {
            title = title,
            height = 130 + Math.Clamp(rows.Count * 40, 160, most)
                + Math.Clamp(Longest(columns.Labels) * 4 - 40, 0, 120),
            xaxis = new LabeledXaxis
            {
                title = xTitle,
                showgrid = false,
                zeroline = false,
                type = AxisType(columns.Labels),
                dtick = Step(columns.Count),
                labelalias = Aliases(columns.Labels),
            },
            yaxis = new LabeledYaxis
            {
                title = yTitle,
                showgrid = false,
                zeroline = false,
                type = AxisType(rows.Labels),
                dtick = Step(rows.Count),
                labelalias = Aliases(rows.Labels),
                autorange = "reversed",
            },
        };
    }

    private static string AxisType(IReadOnlyList<string>? labels) => labels is null ? "linear" : "category";

    // No ticks between two cells.
    private static int? Step(int count) => count <= 20 ? 1 : null;

    // Labels stand for positions: Plotly would take a word that occurs twice for one and the same position.
    private static Dictionary<string, string>? Aliases(IReadOnlyList<string>? labels) =>
        labels?.Select((label, i) => (label, i)).ToDictionary(
            pair => pair.i.ToString(CultureInfo.InvariantCulture), pair => Shown(pair.label));

    private static int Longest(IReadOnlyList<string>? labels) => labels is null ? 0 : labels.Max(label => label.Length);
}
