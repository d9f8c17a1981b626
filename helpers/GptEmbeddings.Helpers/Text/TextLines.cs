using System.Buffers;
using System.Runtime.CompilerServices;

namespace GptEmbeddings;

/// <summary>Text under construction, which knows its column and keeps a comment for the end of the line.</summary>
internal sealed class TextLines : IDisposable
{
    /// <summary>No .NET string is longer.</summary>
    private const int MostCharacters = 0x3FFFFFDF;

    private char[] buffer = ArrayPool<char>.Shared.Rent(4096);
    private int lineStart;
    private string? comment;

    /// <summary>Characters so far.</summary>
    public int Length { get; private set; }

    /// <summary>Characters since the last line break, comments not counted.</summary>
    public int Column => Length - lineStart;

    /// <summary>Throws if a text of that many characters cannot be.</summary>
    /// <exception cref="InvalidOperationException">It would not fit into a string.</exception>
    public static void RequireFits(long characters)
    {
        if (characters > MostCharacters)
            throw new InvalidOperationException(
                $"The text of this tensor would be longer than a string can be ({MostCharacters:N0} characters). "
                + "Print it with a profile that summarizes, PrintOptions.Default or PrintOptions.Short.");
    }

    /// <summary>Room for that many more characters; they count once <see cref="Advance"/> is called.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<char> Reserve(long characters)
    {
        if (characters > buffer.Length - Length) Grow(Length + characters);
        return buffer.AsSpan(Length);
    }

    public void Advance(int characters) => Length += characters;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Append(ReadOnlySpan<char> text)
    {
        text.CopyTo(Reserve(text.Length));
        Length += text.Length;
    }

    public void Append(char character, int count = 1)
    {
        Reserve(count)[..count].Fill(character);
        Length += count;
    }

    /// <summary>Breaks the line, that many times, and indents the next.</summary>
    public void Break(int indent, int times = 1)
    {
        AppendComment();
        Append('\n', times);
        lineStart = Length;
        Append(' ', indent);
    }

    /// <summary>Puts <c>  # text</c> at the end of the current line, wherever that will be.</summary>
    public void CommentLine(string text) => comment = text;

    /// <summary>Ends the text.</summary>
    public override string ToString()
    {
        AppendComment();
        return new string(buffer, 0, Length);
    }

    public void Dispose()
    {
        ArrayPool<char>.Shared.Return(buffer);
        buffer = [];
    }

    private void AppendComment()
    {
        if (comment is null) return;
        Append("  # ");
        Append(comment);
        comment = null;
    }

    private void Grow(long needed)
    {
        RequireFits(needed);
        var larger = ArrayPool<char>.Shared.Rent((int)Math.Min(Math.Max(needed, 2L * buffer.Length), MostCharacters));
        buffer.AsSpan(0, Length).CopyTo(larger);
        ArrayPool<char>.Shared.Return(buffer);
        buffer = larger;
    }
}
