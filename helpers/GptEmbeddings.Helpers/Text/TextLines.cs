using System.Globalization;
using System.Text;

namespace GptEmbeddings;

/// <summary>Text under construction, which knows its column and keeps a comment for the end of the line.</summary>
internal sealed class TextLines(List<PrintedNumber>? numbers)
{
    private const int MostCharacters = 0x3FFFFFDF;   // No .NET string is longer.

    private readonly StringBuilder _text = new(4096);
    private int _lineStart;
    private string? _comment;

    /// <summary>Receives where each number stands, in the order of the text; or null.</summary>
    public List<PrintedNumber>? Numbers => numbers;

    public int Length => _text.Length;

    /// <summary>Characters since the last line break, comments not counted.</summary>
    public int Column => Length - _lineStart;

    /// <summary>Throws if a text of that many characters cannot be.</summary>
    public static void RequireFits(long characters)
    {
        if (characters > MostCharacters)
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"The text of this tensor would be longer than a string can be ({MostCharacters:N0} characters). "
                + $"Print it with a profile that summarizes, PrintOptions.Default or PrintOptions.Short."));
    }

    public void Append(ReadOnlySpan<char> text, int padding = 0)
    {
        // StringBuilder's own repetition is vector code, which .NET compiles before its first use: that takes 1 ms.
        for (; padding > 0; padding--) _text.Append(' ');
        _text.Append(text);
    }

    /// <summary>Breaks the line, that many times, and indents the next.</summary>
    public void Break(int indent, int times = 1)
    {
        AppendComment();
        RequireFits(Length);
        for (; times > 0; times--) _text.Append('\n');
        _lineStart = Length;
        Append("", indent);
    }

    /// <summary>Puts <c>  # text</c> at the end of the current line, wherever that will be.</summary>
    public void CommentLine(string text) => _comment = text;

    public override string ToString()
    {
        AppendComment();
        RequireFits(Length);
        return _text.ToString();
    }

    private void AppendComment()
    {
        if (_comment is not null) _text.Append("  # ").Append(_comment);
        _comment = null;
    }
}
