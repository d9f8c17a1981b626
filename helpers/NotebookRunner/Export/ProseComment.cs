using GptEmbeddings.NotebookRunner.Terminal;

namespace GptEmbeddings.NotebookRunner.Export;

/// <summary>The prose of a notebook as a comment in C#.</summary>
internal static class ProseComment
{
    private const int Width = 96;

    // Where C# ends a line, and with it the comment.
    private static readonly char[] _lineBreaks = ['\r', '\n', '\u0085', '\u2028', '\u2029'];

    public static string Of(string markdown)
    {
        using var text = new StringWriter { NewLine = "\n" };
        TerminalMarkdown.Write(markdown, TerminalReport.ConsoleOn(text, hasColors: false), Width);
        var lines = text.ToString().ReplaceLineEndings("\n").Trim('\n').Split(_lineBreaks);
        return string.Join('\n', lines.Select(line => $"// {line}".TrimEnd()));
    }
}
