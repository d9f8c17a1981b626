using XPlot.Plotly;
using static GptEmbeddings.ChartValues;
using ChartLayout = XPlot.Plotly.Layout.Layout;

namespace GptEmbeddings;

public static partial class Charts
{
    // With more points than these, their symbols hide each other.
    private const int MostSymbols = 50;

    private static readonly string[] _dashes = ["solid", "dash", "dot", "dashdot", "longdash"];

    /// <summary>
    /// Lines over a common x axis:
    /// <c>Charts.Lines([("loss", losses), ("entropy of the language", 2.3)], xTitle: "step")</c>.
    /// </summary>
    /// <param name="series">
    /// Pairs of a name and numbers (a 1-d tensor, or any floats, doubles or ints), or of a name and one number for a
    /// level line.
    /// </param>
    /// <param name="title">What the chart shows; by default the names of the series.</param>
    /// <param name="xTitle">What x is, with its unit; by default the name of <paramref name="x"/>.</param>
    /// <param name="yTitle">What y is, with its unit.</param>
    /// <param name="x">
    /// The x values and their name, as many as the numbers of each series; by default 0, 1, 2 and so on.
    /// </param>
    /// <param name="logarithmic">
    /// Whether the y axis is logarithmic: equal steps on it are equal factors. All numbers must then be positive.
    /// </param>
    /// <exception cref="ArgumentException">
    /// There is no series, one is null, empty or without a finite number, or the x values do not match; a number is
    /// not positive where the axis is logarithmic; there are more than 200,000 numbers, the x values of each line
    /// counted.
    /// </exception>
    public static ChartView Lines(IReadOnlyList<ChartSeries> series, string? title = null, string? xTitle = null,
        string yTitle = "value", ChartSeries? x = null, bool logarithmic = false)
    {
        ArgumentNullException.ThrowIfNull(series);
        ArgumentNullException.ThrowIfNull(yTitle);
        var ranges = CheckSeries(series, x, logarithmic);
        var name = Name(title, string.Join(", ", series.Select(one => one.Name)));
        var length = series.Max(one => one.Values.Count);
        CheckCount(series.Sum(one => (one.IsLevel ? length : one.Values.Count) + (x?.Values.Count ?? 0L)),
            nameof(series));
        var (xs, xName) = (x is null ? null : Rounded(x.Values), xTitle ?? x?.Name ?? "index");
        var traces = series.Select((one, i) => Json(new ScatterTrace
        {
            name = Shown(one.Name),
            x = xs,
            y = Rounded(one.IsLevel ? [.. Enumerable.Repeat(one.Values[0], length)] : one.Values, logarithmic),
            mode = one.IsLevel || one.Values.Count > MostSymbols ? "lines" : "lines+markers",
            line = new Line { color = Color(i), width = 2, dash = _dashes[i % _dashes.Length] },
            marker = new Marker { symbol = _symbols[i % _symbols.Length], size = 7 },
            hovertemplate = "%{fullData.name}<br>" + Hover((xName, "x"), (yTitle, "y")),
        }));
        var layout = new ChartLayout
        {
            title = Shown(name),
            height = 420,
            xaxis = new Xaxis { title = Shown(xName) },
            yaxis = new Yaxis { title = Shown(yTitle), type = logarithmic ? "log" : null },
            showlegend = series.Count > 1,
        };
        var range = Describe(ranges.Min(one => one.Min), ranges.Max(one => one.Max), ranges.Sum(one => one.Gaps));
        var upTo = series.All(one => one.IsLevel || one.Values.Count == length) ? "" : "up to ";
        var facts = $"{Count(series.Count, "series", "series")} of {upTo}{Count(length, "point")}, {range}";
        return new("Lines", name, facts + (logarithmic ? ", logarithmic" : ""), traces, Json(layout), 900);
    }

    private static (double Min, double Max, int Gaps)[] CheckSeries(
        IReadOnlyList<ChartSeries> series, ChartSeries? x, bool logarithmic)
    {
        Require(series.Any(one => one is { IsLevel: false }),
            $"A line chart needs at least one series of numbers, and there is none among {series.Count}.",
            "Give for example [(\"loss\", losses)].", nameof(series));
        for (var i = 0; i < series.Count; i++)
            Require(series[i] is not null, $"Series {i} is null.", "Leave it out, or give it numbers.", nameof(series));
        var ranges = series.Select(one => Range(one.Values, one.Name, nameof(series))).ToArray();
        foreach (var (one, range) in series.Zip(ranges).Where(_ => logarithmic))
            Require(range.Min > 0, $"A logarithmic axis shows positive numbers only, and '{one.Name}' has {range.Min}.",
                "Leave `logarithmic` out, or draw another quantity.", nameof(logarithmic));
        if (x is null) return ranges;

        Range(x.Values, x.Name, nameof(x));
        foreach (var one in series.Where(one => !one.IsLevel))
            Require(one.Values.Count == x.Values.Count,
                $"The series '{one.Name}' has {one.Values.Count} numbers, but there are {x.Values.Count} x values.",
                "Give one for each number.", nameof(x));
        return ranges;
    }
}
