using Newtonsoft.Json.Linq;
using XPlot.Plotly;

namespace GptEmbeddings;

/// <summary>
/// A chart: interactive HTML where scripts run and plotly.js can be reached, otherwise one line with kind, shape and
/// range: <c>Heat map "cosine similarity": 6 x 6, from -0.9125 to 1.0000</c>.
/// </summary>
public sealed class ChartView : View
{
    private readonly string _html;

    /// <summary>A chart of ours: its kind, such as "Heat map", its shape and range, its width in pixels.</summary>
    internal ChartView(
        string kind, string title, string facts, IEnumerable<JObject> traces, JObject layout, int width) : base(title)
    {
        Text = $"{kind} \"{RowLabels.Escape(Name!)}\": {facts}";
        _html = ChartHtml.Write(Text, new(traces), layout, width);
    }

    /// <summary>Any chart that XPlot makes.</summary>
    internal ChartView(PlotlyChart chart) : base(null)
    {
        // The chart gives its traces away only as the script that draws them: JSON on a line each.
        var script = chart.GetPlottingJS().Split('\n');
        var (traces, layout) = (Read("data") as JArray ?? [], Read("layout") as JObject ?? []);
        layout["height"] ??= chart.Height;
        Text = (string?)layout["title"] is { } title ? $"Chart \"{RowLabels.Escape(title)}\"" : "Chart";
        _html = ChartHtml.Write(Text, traces, layout, chart.Width);

        JToken Read(string variable)
        {
            var start = $"var {variable} = ";
            var line = script.Select(line => line.Trim())
                .First(line => line.StartsWith(start, StringComparison.Ordinal));
            return JToken.Parse(line[start.Length..].TrimEnd(';'));
        }
    }

    /// <summary>
    /// The sentence, which a script replaces by the chart. Plotly.js is loaded once a page,
    /// from its CDN; a page that has a <c>window.Plotly</c> of its own makes no request.
    /// </summary>
    public override string ToHtml() => _html;
}
