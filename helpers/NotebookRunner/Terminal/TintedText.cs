using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using GptEmbeddings.NotebookRunner.Notebook;
using Spectre.Console;

namespace GptEmbeddings.NotebookRunner.Terminal;

/// <summary>The plain text of an output, with the tints that its numbers have in its HTML.</summary>
internal static partial class TintedText
{
    // Fainter ones would be all but the background.
    private const double Faintest = 0.05, Fullest = 0.8;

    /// <summary>Gives the text in pieces: a single one, without a tint, where its HTML shows another text.</summary>
    public static IReadOnlyList<(string Text, Style Style)> Of(CellOutput output)
    {
        var plain = PlainText(output);
        if (!output.Parts.TryGetValue("text/html", out var html)) return [(plain, Style.Plain)];
        var pieces = Block().Matches(html).Select(block => block.Groups[1].Value)
            .SelectMany((block, index) => Pieces(index == 0 ? block : "\n" + block)).ToList();
        return string.Concat(pieces.Select(piece => piece.Text)) == plain ? pieces : [(plain, Style.Plain)];
    }

    private static string PlainText(CellOutput output)
    {
        if (output.Parts.TryGetValue("text/plain", out var plain)) return ScreenText.Of(plain).TrimEnd('\n');
        if (output.Parts.TryGetValue("text/html", out var html)) return HtmlText.Of(html);
        return output.Type is "stream" or "error"
            ? ScreenText.Of(output.Parts.Values.Single()).TrimEnd('\n') : $"({output.Kind})";
    }

    private static IEnumerable<(string Text, Style Style)> Pieces(string html)
    {
        var (start, style) = (0, Style.Plain);
        foreach (Match tag in Tag().Matches(html))
        {
            if (tag.Index > start) yield return (WebUtility.HtmlDecode(html[start..tag.Index]), style);
            start = tag.Index + tag.Length;
            style = Background().Match(tag.Value) is { Success: true } tint ? Tint(tint) : Style.Plain;
        }

        if (start < html.Length) yield return (WebUtility.HtmlDecode(html[start..]), style);
    }

    // Both colors are set, so that a number can be read whatever the terminal's own are.
    private static Style Tint(Match tint)
    {
        var alpha = double.Parse(tint.Groups["alpha"].Value, CultureInfo.InvariantCulture);
        var (paper, strength) = (IsLight ? 255 : 0, Fullest * Math.Sqrt(2 * Math.Min(alpha, 0.5)));
        return alpha < Faintest ? Style.Plain
            : new(IsLight ? Color.Black : Color.White, new(Mixed("red"), Mixed("green"), Mixed("blue")));

        byte Mixed(string name) => (byte)Math.Clamp(
            paper + (int.Parse(tint.Groups[name].Value, CultureInfo.InvariantCulture) - paper) * strength,
            0, 255);
    }

    // Terminals that tell their colors do it so, "foreground;background"; most are dark.
    private static bool IsLight => Environment.GetEnvironmentVariable("COLORFGBG")?.Split(';')[^1] is "7" or "15";

    // Each ends where the next begins at the latest, so that all together take no longer than the text is.
    [GeneratedRegex("<pre[^<>]*>((?>(?:[^<]|<(?!/?pre))*))</pre>")]
    private static partial Regex Block();

    [GeneratedRegex("<[^<>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex(
        @"background:rgba\((?<red>\d{1,3}),(?<green>\d{1,3}),(?<blue>\d{1,3}),(?<alpha>[01]\.\d{1,4})\)")]
    private static partial Regex Background();
}
