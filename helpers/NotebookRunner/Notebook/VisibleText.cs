using System.Globalization;
using System.Text;

namespace GptEmbeddings.NotebookRunner.Notebook;

/// <summary>Text that is not ours, made such that a terminal shows it and never obeys it.</summary>
internal static class VisibleText
{
    private const int LongestLine = 1000, Tail = 200;

    /// <summary>Shows control characters and turns of direction as signs. Line breaks and tabs stay.</summary>
    public static string Of(string text)
    {
        var visible = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes()) visible.Append(IsHarmless(rune) ? rune : Sign(rune));
        return visible.ToString();
    }

    /// <summary>The same for a message: of long lines the middle is left out.</summary>
    public static string OfMessage(string message) => string.Join('\n', message.Split('\n').Select(line =>
        Of(line.Length <= LongestLine ? line : $"{line[..(LongestLine - Tail)]} … {line[^Tail..]}")));

    private static bool IsHarmless(Rune rune) => rune.Value is '\n' or '\t' or 0x200C or 0x200D   // joins of letters
        || Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    // Unicode has a picture of each of the first 32 control characters, and of the last of ASCII.
    private static Rune Sign(Rune rune) => rune.Value switch
    {
        < ' ' => new(0x2400 + rune.Value),
        0x7F => new(0x2421),
        _ => Rune.ReplacementChar,
    };
}
