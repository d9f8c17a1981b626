using System.Net;
using GptEmbeddings.NotebookRunner.Notebook;
using GptEmbeddings.NotebookRunner.Terminal;
using Markdig.Extensions.Tables;
using Markdig.Helpers;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace GptEmbeddings.NotebookRunner.Site;

/// <summary>The Markdown of one notebook as HTML: headings can be linked to, links between notebooks lead to their
/// pages.</summary>
/// <param name="resolve">Gives the address that a link or picture has on the page; null when there is nothing to link
/// to.</param>
internal sealed class Prose(Func<string, string?> resolve)
{
    private readonly HashSet<string> _anchors = [];
    private readonly List<Heading> _headings = [];

    /// <summary>The headings so far, in order.</summary>
    public IReadOnlyList<Heading> Headings => _headings;

    /// <summary>The first sentence of the first paragraph, without marks; empty when there is none.</summary>
    public string FirstSentence { get; private set; } = "";

    /// <summary>The address of the first picture, and its description.</summary>
    public (string Address, string Description)? FirstPicture { get; private set; }

    /// <summary>Gives the HTML of the next cell.</summary>
    public string ToHtml(string markdown)
    {
        var document = MarkdownText.Parse(markdown);
        foreach (var heading in document.Descendants<HeadingBlock>()) AddAnchor(heading);
        foreach (var link in document.Descendants<LinkInline>().ToList()) Resolve(link);
        if (FirstSentence.Length == 0 && document.OfType<ParagraphBlock>().FirstOrDefault() is { } paragraph)
            FirstSentence = Sentence(Text(paragraph));
        return Render(document);
    }

    private void AddAnchor(HeadingBlock heading)
    {
        var title = Text(heading);
        var slug = LinkHelper.UrilizeAsGfm(title) is { Length: > 0 } letters ? letters : "section";
        var anchor = slug;
        for (var i = 1; !_anchors.Add(anchor); i++) anchor = $"{slug}-{i}";
        heading.GetAttributes().Id = anchor;
        _headings.Add(new(heading.Level, title, anchor));
    }

    private void Resolve(LinkInline link)
    {
        var address = resolve(link.Url ?? "");
        if (link.IsImage && address is not null)
            FirstPicture
            ??= (address, string.Concat(link.Descendants<LiteralInline>().Select(text => text.Content.ToString())));
        // Nothing to lead to: its text stays.
        if (address is null) link.ReplaceBy(new ContainerInline());
        else link.Url = address;
    }

    private static string Text(LeafBlock block) => HtmlText.Of(Render(block)).TrimEnd('#');

    private static string Sentence(string paragraph)
    {
        var text = paragraph.ReplaceLineEndings(" ");
        var end = Enumerable.Range(0, text.Length)
            .Where(i => text[i] is '.' or '?' or '!' && (i + 1 == text.Length || text[i + 1] == ' '))
            .DefaultIfEmpty(text.Length - 1).First();
        return text[..(end + 1)];
    }

    private static string Render(MarkdownObject part)
    {
        using var text = new StringWriter { NewLine = "\n" };
        var html = new HtmlRenderer(text);
        MarkdownText.Pipeline.Setup(html);
        html.ObjectRenderers.Replace<HeadingRenderer>(new LinkedHeadings());
        html.ObjectRenderers.Replace<HtmlTableRenderer>(new WideTables());
        html.ObjectRenderers.Replace<CodeBlockRenderer>(new HighlightedCode());
        html.Render(part);
        return text.ToString();
    }

    /// <summary>A heading of the page.</summary>
    /// <param name="Level">1 for the title, and so on.</param>
    /// <param name="Title">Its text.</param>
    /// <param name="Anchor">What a link to it has after the <c>#</c>.</param>
    internal sealed record Heading(int Level, string Title, string Anchor);

    private sealed class LinkedHeadings : HtmlObjectRenderer<HeadingBlock>
    {
        protected override void Write(HtmlRenderer renderer, HeadingBlock heading)
        {
            var anchor = heading.TryGetAttributes()?.Id;
            renderer.Write($"<h{heading.Level}").WriteAttributes(heading).Write(">").WriteLeafInline(heading);
            if (anchor is not null)
                renderer.Write($"<a class=\"anchor\" href=\"#{WebUtility.HtmlEncode(anchor)}\"")
                    .Write(" aria-label=\"Link to this section\"></a>");
            renderer.WriteLine($"</h{heading.Level}>");
        }
    }

    private sealed class WideTables : HtmlTableRenderer
    {
        protected override void Write(HtmlRenderer renderer, Table table)
        {
            renderer.WriteLine("<div class=\"wide\">");
            base.Write(renderer, table);
            renderer.WriteLine("</div>");
        }
    }

    private sealed class HighlightedCode : CodeBlockRenderer
    {
        protected override void Write(HtmlRenderer renderer, CodeBlock code)
        {
            if (code is FencedCodeBlock { Info: "csharp" or "cs" or "C#" })
                renderer.WriteLine($"<pre><code>{CSharpHighlighter.ToHtml(code.Lines.ToString())}</code></pre>");
            else base.Write(renderer, code);
        }
    }
}
