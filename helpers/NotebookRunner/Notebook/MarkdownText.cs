using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace GptEmbeddings.NotebookRunner.Notebook;

/// <summary>The Markdown of a cell, read alike for the terminal and for the pages.</summary>
internal static class MarkdownText
{
    // Markdig reads and renders some 130 levels. The terminal's tables, one in another for the items of lists, take
    // twice the time for each level.
    private const int MostLevels = 32;

    /// <summary>What is understood beyond CommonMark: tables with pipes.</summary>
    public static MarkdownPipeline Pipeline { get; } = new MarkdownPipelineBuilder().UsePipeTables().Build();

    /// <summary>Reads it; what is nested too deeply to be understood, or takes too long, is shown as it is
    /// written.</summary>
    public static MarkdownDocument Parse(string markdown)
    {
        try
        {
            if (Bounded.Run(() => Markdown.Parse(markdown, Pipeline)) is { } document && !IsTooDeep(document))
                return document;
        }
        catch (ArgumentException)
        {
            // Markdig's own limit.
        }

        return AsWritten(markdown);
    }

    /// <summary>The text as code.</summary>
    public static MarkdownDocument AsWritten(string markdown) =>
        // Indented by four, every line is code.
        Markdown.Parse(string.Join('\n', markdown.Split('\n').Select(line => "    " + line)), Pipeline);

    private static bool IsTooDeep(MarkdownDocument document)
    {
        MarkdownObject[] level = [document];
        for (var depth = 0; depth <= MostLevels; depth++) level = [.. level.SelectMany(Parts)];
        return level.Length > 0;
    }

    private static IEnumerable<MarkdownObject> Parts(MarkdownObject whole) => whole switch
    {
        ContainerBlock blocks => blocks,
        LeafBlock { Inline: { } inlines } => [inlines],
        ContainerInline inlines => inlines,
        _ => [],
    };
}
