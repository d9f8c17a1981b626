using System.Text;

namespace GptEmbeddings.NotebookRunner.Export;

/// <summary>The prose of a notebook, as it is written, as a comment in C#.</summary>
internal static class ProseComment
{
    private const int Width = 96;

    // Where C# ends a line, and with it the comment.
    private static readonly char[] _lineBreaks = ['\r', '\n', '\u0085', '\u2028', '\u2029'];

    public static string Of(string markdown) => string.Join('\n', markdown.ReplaceLineEndings("\n").Trim('\n')
        .Split(_lineBreaks).SelectMany(Wrapped).Select(line => $"// {line}".TrimEnd()));

    // A table and code would not be legible with other line breaks.
    private static IEnumerable<string> Wrapped(string text)
    {
        var line = new StringBuilder();
        foreach (var word in text.StartsWith('|') || text.StartsWith(' ') ? [text] : text.Split(' '))
        {
            if (line.Length > 0 && line.Length + word.Length >= Width)
            {
                yield return line.ToString();
                line.Clear();
            }

            line.Append(line.Length > 0 ? " " : "").Append(word);
        }

        yield return line.ToString();
    }
}
