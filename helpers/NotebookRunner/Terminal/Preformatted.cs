using Spectre.Console;
using Spectre.Console.Rendering;

namespace GptEmbeddings.NotebookRunner.Terminal;

/// <summary>Text whose spaces and line breaks stay: a line that is too long goes on in the next one.</summary>
/// <param name="pieces">The text.</param>
/// <param name="gutter">What stands before the first line; as much room stays free before the others.</param>
/// <param name="edge">What follows the gutter on each line.</param>
/// <param name="wraps">Whether a line may not be longer than there is room.</param>
internal sealed class Preformatted(
    IEnumerable<(string Text, Style Style)> pieces, string gutter = "", string edge = "", bool wraps = true)
    : Renderable
{
    private static readonly Style _gutterStyle = new(Color.Blue), _edgeStyle = new(Color.Grey);

    /// <summary>How many columns of a terminal a text takes.</summary>
    public static int Columns(string text) => new Segment(text).CellCount();

    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        var room = wraps ? Math.Max(1, maxWidth - Columns(gutter + edge)) : int.MaxValue;
        var before = gutter;
        foreach (var line in Lines(room))
        {
            if (before.Length > 0) yield return new(before, _gutterStyle);
            if (edge.Length > 0) yield return new(line.Count > 0 ? edge : edge.TrimEnd(), _edgeStyle);
            foreach (var segment in line) yield return segment;
            yield return Segment.LineBreak;
            before = new(' ', before.Length);
        }
    }

    // Letter by letter: Spectre.Console joins those of one style.
    private List<List<Segment>> Lines(int room)
    {
        var lines = new List<List<Segment>> { new() };
        var used = 0;
        foreach (var (text, style) in pieces)
            foreach (var rune in Visible(text).EnumerateRunes())
            {
                var letter = new Segment(rune.ToString(), style);
                var columns = letter.CellCount();
                if (rune.Value == '\n' || used + columns > room && used > 0)
                {
                    lines.Add(rune.Value == '\n' || letter.IsWhiteSpace ? [] : CutWord(lines[^1]));
                    used = lines[^1].Sum(moved => moved.CellCount());
                }

                if (rune.Value == '\n') continue;
                lines[^1].Add(letter);
                used += columns;
            }

        return lines;
    }

    // The word at the end of a full line, which goes on whole: a number in two parts reads as two numbers.
    private static List<Segment> CutWord(List<Segment> line)
    {
        var start = line.FindLastIndex(letter => letter.IsWhiteSpace) + 1;
        if (line.Take(start).All(letter => letter.IsWhiteSpace)) return [];
        var word = line[start..];
        line.RemoveRange(start, word.Count);
        return word;
    }

    // A tab's width depends on the column, which nobody here knows.
    private string Visible(string text) =>
        wraps ? VisibleText.Of(text).Replace("\t", "    ", StringComparison.Ordinal) : VisibleText.Of(text);
}
