using Markdig;
using Markdig.Syntax;

namespace GptEmbeddings.NotebookRunner.Notebook;

/// <summary>The Markdown of a cell, read alike for the terminal and for the pages.</summary>
internal static class MarkdownText
{
    /// <summary>What is understood beyond CommonMark: tables with pipes.</summary>
    public static MarkdownPipeline Pipeline { get; } = new MarkdownPipelineBuilder().UsePipeTables().Build();

    /// <summary>Reads it; what is nested too deeply to be understood is shown as it is written.</summary>
    public static MarkdownDocument Parse(string markdown)
    {
        try
        {
            return Markdown.Parse(markdown, Pipeline);
        }
        catch (ArgumentException)
        {
            // Markdig's limit. Indented by four, every line is code.
            return Markdown.Parse(string.Join('\n', markdown.Split('\n').Select(line => "    " + line)), Pipeline);
        }
    }
}
