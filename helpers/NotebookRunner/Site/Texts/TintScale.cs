using System.Globalization;
using System.Text.RegularExpressions;

namespace GptEmbeddings.NotebookRunner.Site.Texts;

/// <summary>
/// The legend of a tensor's tints. Each tensor has a scale of its own, so the same number may have another tint in
/// another tensor: the header says which number has the fullest.
/// </summary>
internal static partial class TintScale
{
    /// <summary>Adds a legend to the header of every tensor with tints in a piece of HTML.</summary>
    public static string AddTo(string html) => Tensor().Replace(html, tensor =>
    {
        var fullest = Fullest().Matches(tensor.Groups["numbers"].Value)
            .Select(match => match.Groups["number"].Value.Trim().TrimStart('-'))
            .MaxBy(number => double.TryParse(number, CultureInfo.InvariantCulture, out var value) ? value : 0);
        return fullest is null ? tensor.Value : $"<span class=\"scale\">±{fullest}</span>{tensor.Value}";
    });

    /// <summary>Whether a piece of HTML shows a tensor with tints.</summary>
    public static bool HasTints(string html) => AddTo(html) != html;

    // Each ends where the next begins at the latest, so that all together take no longer than the text is.
    [GeneratedRegex("</div><pre style=\"[^\"]*\">(?<numbers>(?>(?:[^<]|</?span)*))</pre>")]
    private static partial Regex Tensor();

    // Half opaque, and no more, is the tint of the largest magnitude, and by rounding of some that are next to it.
    [GeneratedRegex(""",0\.50\)">(?<number>[^<>]+)</span>""")]
    private static partial Regex Fullest();
}
