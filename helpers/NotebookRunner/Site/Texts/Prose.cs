using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using GptEmbeddings.NotebookRunner.Notebook;
using Markdig.Extensions.Tables;
using Markdig.Helpers;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace GptEmbeddings.NotebookRunner.Site.Texts;

/// <summary>
/// The Markdown of one notebook as HTML: headings can be linked to, links between notebooks lead to their pages, and
/// nothing in it is active.
/// </summary>
/// <param name="resolve">Gives the address that a link or picture has on the page; null when it has none.</param>
/// <param name="addLinks">Adds the links that nobody wrote.</param>
internal sealed partial class Prose(Func<string, string?> resolve, Action<MarkdownDocument> addLinks)
{
    private const string Attachment = "attachment:";

    private readonly HashSet<string> _anchors = [];
    private readonly List<Heading> _headings = [];

    /// <summary>The headings so far, in order.</summary>
    public IReadOnlyList<Heading> Headings => _headings;

    /// <summary>The first sentence of the first paragraph, without marks; empty when there is none.</summary>
    public string FirstSentence { get; private set; } = "";

    /// <summary>The address of the first picture, and its description.</summary>
    public (string Address, string Description)? FirstPicture { get; private set; }

    /// <summary>The words for the search, for each heading; those before the first heading have an empty one.</summary>
    public List<(Heading Heading, StringBuilder Text)> Words { get; } = [(new(1, "", ""), new())];

    /// <summary>Gives the HTML of a cell.</summary>
    /// <param name="markdown">Its text.</param>
    /// <param name="attached">Gives the address of a picture that the cell holds, by name; null when it has
    /// none.</param>
    public string ToHtml(string markdown, Func<string, string?> attached)
    {
        var document = MarkdownText.Parse(markdown);
        var headings = document.Descendants<HeadingBlock>().ToDictionary(heading => heading, AddAnchor);
        foreach (var link in document.Descendants<LinkInline>().ToList()) Resolve(link, attached);
        if (FirstSentence.Length == 0 && document.OfType<ParagraphBlock>().FirstOrDefault() is { } paragraph)
            FirstSentence = Sentence().Match(Text(paragraph).ReplaceLineEndings(" ")).Value;
        AddWords(document, headings);
        addLinks(document);
        var html = Attached().Replace(Render(document), match =>
            attached(Name(match.Groups["name"].Value)) is { } file ? $"src=\"{file}\"" : match.Value);
        // A corner of a table that says nothing is no header.
        return EmptyHeader().Replace(
            SafeHtml.Of(html) ?? Render(MarkdownText.AsWritten(markdown)), "<td$1></td>");
    }

    /// <summary>The text of a piece of Markdown, without marks.</summary>
    public static string Text(MarkdownObject part) => HtmlText.Of(Render(part));

    private void AddWords(MarkdownDocument document, Dictionary<HeadingBlock, Heading> headings)
    {
        foreach (var block in document)
            if (block is HeadingBlock heading) Words.Add((headings[heading], new()));
            else Words[^1].Text.Append(Text(block)).Append(' ');
    }

    private Heading AddAnchor(HeadingBlock block)
    {
        var title = Text(block);
        var slug = LinkHelper.UrilizeAsGfm(title) is { Length: > 0 } letters ? letters : "section";
        var anchor = slug;
        for (var i = 1; !_anchors.Add(anchor); i++) anchor = $"{slug}-{i}";
        block.GetAttributes().Id = anchor;
        (block.Inline ??= new()).AppendChild(new HtmlInline(
            $"<a class=\"anchor\" href=\"#{Html.Encode(anchor)}\" aria-label=\"Link to this section\"></a>"));
        var heading = new Heading(block.Level, title, anchor);
        _headings.Add(heading);
        return heading;
    }

    private static string Name(string url) => Uri.UnescapeDataString(WebUtility.HtmlDecode(url));

    private void Resolve(LinkInline link, Func<string, string?> attached)
    {
        var url = link.Url ?? "";
        var address = url.StartsWith(Attachment, StringComparison.OrdinalIgnoreCase)
            ? attached(Name(url[Attachment.Length..])) : resolve(url);
        // A picture from elsewhere would be a request as soon as the page opens.
        if (address is not null && address.Contains(':', StringComparison.Ordinal)) link.IsImage = false;
        if (link.IsImage && address is not null)
            FirstPicture
            ??= (address, string.Concat(link.Descendants<LiteralInline>().Select(text => text.Content.ToString())));
        if (address is null && link.IsImage && link.FirstChild is null) link.AppendChild(new LiteralInline(url));
        // Nothing to lead to: its text stays.
        if (address is null) link.ReplaceBy(new ContainerInline());
        else link.Url = address;
    }

    private static string Render(MarkdownObject part)
    {
        using var text = new StringWriter { NewLine = "\n" };
        var html = new HtmlRenderer(text);
        MarkdownText.Pipeline.Setup(html);
        html.ObjectRenderers.Replace<HtmlTableRenderer>(new WideTables());
        html.ObjectRenderers.Replace<CodeBlockRenderer>(new HighlightedCode());
        html.Render(part);
        return text.ToString();
    }

    [GeneratedRegex(@"^.*?([.?!](?= |\z)|\z)")]
    private static partial Regex Sentence();

    [GeneratedRegex("src=\"attachment:(?<name>[^\"<>]*)\"")]
    private static partial Regex Attached();

    [GeneratedRegex("<th( [^>]*)?></th>")]
    private static partial Regex EmptyHeader();

    /// <summary>A heading, of level 1 for the title; a link to it has the anchor after the <c>#</c>.</summary>
    internal sealed record Heading(int Level, string Title, string Anchor);

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
