using GptEmbeddings.NotebookRunner.Notebook;
using GptEmbeddings.NotebookRunner.Site.Texts;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace GptEmbeddings.NotebookRunner.Site.Book;

/// <summary>
/// How long a notebook takes to be read: 200 words of prose a minute, folded ones too, 0.4 minutes a code cell, 0.5 a
/// picture in the prose, 1 an explorer. The self-test and the exercises stand apart.
/// </summary>
internal static class ReadingTime
{
    private const double WordsAMinute = 200, CodeCell = 0.4, Drawing = 0.5, Explorer = 1;

    /// <summary>Gives the minutes; explorers are those among the saved outputs.</summary>
    public static double Minutes(NotebookFile notebook)
    {
        var (minutes, counts) = (0.0, true);
        foreach (var cell in notebook.Cells)
            if (cell.Type == "markdown")
                foreach (var block in MarkdownText.Parse(cell.Source))
                {
                    if (block is HeadingBlock { Level: <= 2 } heading)
                        counts = Prose.Text(heading) is not ("Self-test" or "Exercises");
                    if (counts) minutes += Minutes(block);
                }
            else if (counts && cell.Number is not null)
                minutes += CodeCell + Explorer * cell.SavedOutputs.SelectMany(output => output.Drawings)
                    .Count(drawing => drawing.IsExplorer);
        return minutes;
    }

    private static double Minutes(Block block)
    {
        var words = Prose.Text(block).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
        MarkdownObject parts = block is LeafBlock { Inline: { } inline } ? inline : block;
        return words / WordsAMinute + parts.Descendants<LinkInline>().Count(link => link.IsImage) * Drawing;
    }
}
