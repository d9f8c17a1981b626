using GptEmbeddings.NotebookRunner.Terminal;
using Spectre.Console;

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
        var console = AnsiConsole.Create(new()
        {
            Out = new AnsiConsoleOutput(text),
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Enrichment = new() { UseDefaultEnrichers = false },
        });
        (console.Profile.Capabilities.Unicode, console.Profile.Width) = (true, Width);
        foreach (var block in TerminalMarkdown.Render(markdown))
        {
            console.Write(new Rows(block));
            text.WriteLine();
        }

        var lines = text.ToString().ReplaceLineEndings("\n").Trim('\n').Split(_lineBreaks);
        return string.Join('\n', lines.Select(line => $"// {line}".TrimEnd()));
    }
}
