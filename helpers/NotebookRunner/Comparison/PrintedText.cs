using System.Text.RegularExpressions;

namespace GptEmbeddings.NotebookRunner.Comparison;

/// <summary>Text as the numbers that are printed in it, and what stands between them.</summary>
internal sealed partial class PrintedText
{
    private readonly List<PrintedNumber> _numbers = [];
    private readonly List<string> _between = [];

    // Beside each number the one whose share it may differ by: itself, or the largest of its tensor.
    private readonly List<PrintedNumber> _largest;

    public PrintedText(string text)
    {
        var end = 0;
        foreach (var match in Pattern().Matches(text).Where(match => match.Groups["number"].Success))
        {
            _between.Add(text[end..match.Index]);
            _numbers.Add(new(match.Value, match.Index));
            end = match.Index + match.Length;
        }

        _between.Add(text[end..]);
        _largest = [.. _numbers];
        var next = 0;
        foreach (var tensor in Tensor().Matches(text).Select(match => match.Groups["elements"].Captures))
        {
            var elements = new List<int>();
            foreach (var part in tensor.AsEnumerable())
                for (; next < _numbers.Count && _numbers[next].Start < part.Index + part.Length; next++)
                    if (_numbers[next].Start >= part.Index)
                        elements.Add(next);
            if (Largest(elements.Select(i => _numbers[i]).Where(number => number.IsRounded)) is not { } largest)
                continue;
            foreach (var i in elements) _largest[i] = largest;
        }
    }

    /// <summary>The pairs of numbers that do not agree; null when more than numbers differs. Texts that tell a chart
    /// have its range: <c>from -0.9125 to 1.0000</c>.</summary>
    public static IReadOnlyList<(PrintedNumber Saved, PrintedNumber Now)>? Differences(
        string saved, string now, bool tellsChart)
    {
        if (saved == now) return [];
        var (a, b) = (new PrintedText(saved), new PrintedText(now));
        if (a._numbers.Count != b._numbers.Count) return null;
        // A number that is wider pads its column anew, and with it, in a tensor, all others.
        var padded = a._numbers.Zip(b._numbers).Any(pair => pair.First.Text.Length != pair.Second.Text.Length);
        for (var i = 0; i < a._between.Count; i++)
            if (a._between[i] != b._between[i] && !(padded && Unpadded(a._between[i]) == Unpadded(b._between[i])))
                return null;
        var differ = Enumerable.Range(0, a._numbers.Count).Where(i => !Agree(i));
        return [.. differ.Select(i => (a._numbers[i], b._numbers[i]))];

        bool Agree(int i)
        {
            if (a._numbers[i].Agrees(b._numbers[i], Largest([a._largest[i], b._largest[i]])!)) return true;
            if (!tellsChart || a.OtherEndOfRange(i) is not { } other) return false;
            return a._numbers[i].Agrees(b._numbers[i], Figures.Share, a._numbers[other], b._numbers[other]);
        }
    }

    private static PrintedNumber? Largest(IEnumerable<PrintedNumber> numbers) =>
        numbers.MaxBy(number => number.Magnitude);

    private int? OtherEndOfRange(int number)
    {
        if (BeginsRange(number)) return number + 1;
        return number > 0 && BeginsRange(number - 1) ? number - 1 : null;
    }

    private bool BeginsRange(int number) => number + 1 < _numbers.Count
        && _between[number].EndsWith("from ", StringComparison.Ordinal) && _between[number + 1] == " to ";

    private static string Unpadded(string between) => Padding().Replace(between, "");

    // Spaces beside a number, also where HTML wraps it; and the line break of a list of numbers that fills its line.
    [GeneratedRegex(@"(?<=,)\n +| +(?=<|\z)|(?<=>|\A) +")]
    private static partial Regex Padding();

    // As it is printed: no labels of rows, no shape; with the line above it in HTML, of its least and greatest element.
    [GeneratedRegex(
        """
        (?:·\ (?<elements>min\ (?>[^()<\n]{0,200}))[^()]{0,300}?)?\btensor\(
        (?>(?:(?<elements>[^()\#]+)|\#[^\n]*|(?<!tensor)\([^()]*\))*)\)
        """,
        RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Tensor();

    // Code, to its end or that of the text, and styles are the same or not. So is what is a number only in part: a
    // version, a date, a name. A dash after a word or a number is no sign, but for that of an imaginary part.
    [GeneratedRegex(
        """
        <(?<code>script|style)\b.*?(?:</\k<code>\s*>|\z)|<!--.*?(?:-->|\z)|\bstyle="[^"]*"
        |(?<number>
            (?:(?<![\w.)\]])[-+−]|(?<=\d\.?)[-+](?=[\d.]+(?:e[-+]\d+)?j\b)|(?<!\w|\w[-./:]))
            (?:
                (?:(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d*)?|(?<![\w.])\.\d+)(?:[eE][-+]?\d{1,3}(?!(?!j\b)\w))?
                |nan|inf|infinity|∞
            )
            (?!(?!j\b)\w|[./:]\w|-(?![\d.]+(?:e[-+]\d+)?j\b)\w))
        """,
        RegexOptions.Singleline | RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Pattern();
}
