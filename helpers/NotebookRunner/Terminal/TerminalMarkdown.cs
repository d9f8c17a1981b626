using System.Text.RegularExpressions;
using GptEmbeddings.NotebookRunner.Notebook;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Spectre.Console;
using Spectre.Console.Rendering;
using MarkdownCell = Markdig.Extensions.Tables.TableCell;
using MarkdownRow = Markdig.Extensions.Tables.TableRow;
using MarkdownTable = Markdig.Extensions.Tables.Table;
using Table = Spectre.Console.Table;

namespace GptEmbeddings.NotebookRunner.Terminal;

/// <summary>Shows Markdown as text for a terminal; a picture shows as its description.</summary>
internal static partial class TerminalMarkdown
{
    private static readonly Style _bold = new(decoration: Decoration.Bold);
    private static readonly Style _italic = new(decoration: Decoration.Italic);
    private static readonly Style _code = new(Color.Teal);
    private static readonly Style _dim = new(Color.Grey);

    /// <summary>Writes each block of the text, at most that wide, with a blank line after it.</summary>
    public static void Write(string markdown, IAnsiConsole console, int width)
    {
        var whole = console.Profile.Width;
        console.Profile.Width = width;
        foreach (var block in MarkdownText.Parse(markdown))
        {
            console.Write(new Rows(Render(block)));
            console.WriteLine();
        }

        console.Profile.Width = whole;
    }

    private static IRenderable Render(Block block) => block switch
    {
        HeadingBlock heading => Text(heading.Inline, _bold, new string('#', heading.Level) + " "),
        MarkdownTable table => Render(table),
        LeafBlock { Inline: { } inline } => Text(inline, Style.Plain),
        CodeBlock code => Indent(new Preformatted([(code.Lines.ToString(), _code)])),
        HtmlBlock html => new Preformatted([(HtmlText.Of(html.Lines.ToString()), Style.Plain)]),
        ListBlock list => new Rows(list.OfType<ListItemBlock>().Select(item => Render(list, item))),
        QuoteBlock quote => Indent(Blocks(quote)),
        ThematicBreakBlock => new Rule { Style = _dim },
        ContainerBlock blocks => Blocks(blocks),
        _ => new Text(""),
    };

    private static Rows Blocks(ContainerBlock blocks) => new(blocks.Select(Render));

    private static Padder Indent(IRenderable content) => new(content, new Padding(2, 0, 0, 0));

    private static Grid Render(ListBlock list, ListItemBlock item) =>
        new Grid().AddColumn(new GridColumn().NoWrap().PadLeft(2).PadRight(1))
            .AddColumn(new GridColumn().PadLeft(0).PadRight(0))
            .AddRow(new Text(list.IsOrdered ? $"{item.Order}." : "•"), Blocks(item));

    private static Table Render(MarkdownTable table)
    {
        var shown = new Table { Border = TableBorder.Rounded };
        foreach (var (index, row) in table.OfType<MarkdownRow>().Index())
        {
            var cells = row.OfType<MarkdownCell>().Select(cell => (IRenderable)Blocks(cell));
            if (index == 0) shown.AddColumns([.. cells.Select(cell => new TableColumn(cell))]);
            else shown.AddRow(cells.Take(shown.Columns.Count));
        }

        return shown;
    }

    private static Paragraph Text(ContainerInline? inlines, Style style, string prefix = "")
    {
        List<Piece> pieces = [new(prefix, style), .. Pieces(inlines, style)];
        KeepPunctuationWithItsWord(pieces);
        var paragraph = new Paragraph();
        foreach (var piece in pieces) paragraph.Append(VisibleText.Of(piece.Text), piece.Style, piece.Link);
        return paragraph;
    }

    // A line may break between two pieces, which would put the period behind `code` at the start of the next line.
    private static void KeepPunctuationWithItsWord(List<Piece> pieces)
    {
        for (var i = 1; i < pieces.Count; i++)
        {
            var (before, after) = (pieces[i - 1], pieces[i]);
            var closing = ClosingPunctuation().Match(after.Text).Length;
            var opening = before.Text.Length - OpeningPunctuation().Match(before.Text).Length;
            if (closing > 0 && opening == before.Text.Length)
                (pieces[i - 1], pieces[i]) = (before with { Text = before.Text + after.Text[..closing] },
                    after with { Text = after.Text[closing..] });
            else
                (pieces[i - 1], pieces[i]) = (before with { Text = before.Text[..opening] },
                    after with { Text = before.Text[opening..] + after.Text });
        }
    }

    [GeneratedRegex(@"^[\p{Pe}\p{Pf}.,;:!?…""']+")]
    private static partial Regex ClosingPunctuation();

    [GeneratedRegex(@"[\p{Ps}\p{Pi}]+$")]
    private static partial Regex OpeningPunctuation();

    private static IEnumerable<Piece> Pieces(IEnumerable<Inline>? inlines, Style style, Link? link = null) =>
        (inlines ?? []).SelectMany(IEnumerable<Piece> (inline) => inline switch
        {
            LiteralInline literal => [new(literal.Content.ToString(), style, link)],
            CodeInline code => [new(code.Content, _code, link)],
            LineBreakInline lineBreak => [new(lineBreak.IsHard ? "\n" : " ", style)],
            HtmlEntityInline entity => [new(entity.Transcoded.ToString(), style, link)],
            AutolinkInline { Url: var url } => [new(url, _dim, LinkTo(url))],
            LinkInline { IsImage: true } image => [new("[picture: ", _dim), .. Pieces(image, _dim), new("]", _dim)],
            LinkInline { Url: var url } named when LinkTo(url) is { } address =>
                [.. Pieces(named, style, address), new($" ({url})", _dim, address)],
            EmphasisInline emphasis =>
                Pieces(emphasis, style.Combine(emphasis.DelimiterCount > 1 ? _bold : _italic), link),
            ContainerInline container => Pieces(container, style, link),
            _ => [],
        });

    // What a page links to, a terminal may open.
    private static Link? LinkTo(string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https" or "mailto")
            ? new(VisibleText.Of(uri.AbsoluteUri)) : null;

    private sealed record Piece(string Text, Style Style, Link? Link = null);
}
