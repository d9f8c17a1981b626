using System.Globalization;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using static GptEmbeddings.ChartValues;

namespace GptEmbeddings;

/// <summary>
/// Charts of tensors for the end of a cell. In all of them blue is negative and orange positive, and the first group or
/// series has the same color, symbol and dash. A chart keeps the numbers of the moment it was made; what is not finite
/// is a gap.
/// </summary>
public static partial class Charts
{
    // Their number shares no factor with that of the colors.
    private static readonly string[] _symbols =
        ["circle", "square", "diamond", "cross", "circle-open", "square-open", "diamond-open"];

    private static readonly JsonSerializer _withoutNulls = new() { NullValueHandling = NullValueHandling.Ignore };

    private static string Name(string? title, string otherwise) => string.IsNullOrWhiteSpace(title) ? otherwise : title;

    private static string Color(int i) => Palette.Groups[i % Palette.Groups.Count];

    private static string Count(int count, string one, string? many = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many ?? one + "s")}");

    private static void CheckLabels(
        IReadOnlyList<string>? labels, int count, string what, FormattableString has, string parameter)
    {
        if (labels is null) return;
        FormattableString problem = $"{has}, but there are {labels.Count} {what} names.";
        Require(labels.Count == count, problem, "Give one for each.", parameter);
        for (var i = 0; i < count; i++)
            Require(labels[i] is not null, $"The {what} name at index {i} is null.",
                "Give a string, if need be an empty one.", parameter);
    }

    /// <summary>An object of XPlot for Plotly, without what is null.</summary>
    private static JObject Json(object xplot) => JObject.FromObject(xplot, _withoutNulls);

    /// <summary>Text as Plotly shows it: it would take tags, entities and formulas in it for its own.</summary>
    private static string Shown(string text) => RowLabels.Escape(text)
        .Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal).Replace("$", "&#36;", StringComparison.Ordinal);

    /// <summary>What hovering tells: a line for each of Plotly's variables, after its title.</summary>
    private static string Hover(params (string Title, string Variable)[] lines) =>
        string.Join("<br>", lines.Select(line => $"{Title(line.Title)}: %{{{line.Variable}}}")) + "<extra></extra>";

    private static string Title(string text) => Shown(text).Replace("%", "&#37;", StringComparison.Ordinal);
}
