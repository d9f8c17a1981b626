// What plotly.js 2 knows and XPlot, written for plotly.js 1, does not: each class adds just the attributes that the
// charts here need to one of XPlot's, under Plotly's own names (https://plotly.com/javascript/reference/).
// What is null is not written.

using XPlot.Plotly;

namespace GptEmbeddings;

#pragma warning disable IDE1006 // These names become JSON.

/// <summary>A heat map with texts in its cells and gaps between them.</summary>
internal sealed class HeatmapTrace : Heatmap
{
    public string? hovertemplate { get; set; }
    public IEnumerable<string[]>? celltexts { get; set; }   // Of chart.js, which gives them their ink.
    public bool hoverongaps { get; set; }
    public int xgap { get; set; }
    public int ygap { get; set; }
    public string? texttemplate { get; set; }
}

/// <summary>Points or lines with a text of their own when hovered; points on the edge show whole.</summary>
internal sealed class ScatterTrace : Scatter
{
    public string? hovertemplate { get; set; }
    public bool? cliponaxis { get; set; }
}

/// <summary>An x axis whose labels stand for positions.</summary>
internal sealed class LabeledXaxis : Xaxis
{
    public IReadOnlyDictionary<string, string>? labelalias { get; set; }
}

/// <summary>A y axis whose labels stand for positions, or whose scale is that of another axis.</summary>
internal sealed class LabeledYaxis : Yaxis
{
    public IReadOnlyDictionary<string, string>? labelalias { get; set; }
    public string? scaleanchor { get; set; }
}
