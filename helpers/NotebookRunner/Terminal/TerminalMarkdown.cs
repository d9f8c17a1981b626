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

    /// <summary>Gives what to write, one part for each block of the text.</summary>
    public static IEnumerable<IRenderable> Render(string markdown) => MarkdownText.Parse(markdown).Select(Render);

    private static IRenderable Render(Block block) => block switch
    {
        HeadingBlock heading => Text(heading.Inline, _bold, new string('#', heading.Level) + " "),
        MarkdownTable table => Render(table),
        LeafBlock { Inline: { } inline } => Text(inline, Style.Plain),
        CodeBlock code => Indent(new Text(code.Lines.ToString(), _code)),
        HtmlBlock html => new Text(HtmlText.Of(html.Lines.ToString())),
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
        var shown = new Table { Border = TableBorder.Markdown };
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
        var pieces = new List<(string Text, Style Style)> { (prefix, style) };
        Append(pieces, inlines, style);
        KeepPunctuationWithItsWord(pieces);
        var paragraph = new Paragraph();
        foreach (var piece in pieces) paragraph.Append(piece.Text, piece.Style);
        return paragraph;
    }

    // A line may break between two pieces, which would put the period behind `code` at the start of the next line.
    private static void KeepPunctuationWithItsWord(List<(string Text, Style Style)> pieces)
    {
        for (var i = 1; i < pieces.Count; i++)
        {
            var (before, after) = (pieces[i - 1], pieces[i]);
            var closing = ClosingPunctuation().Match(after.Text).Length;
            var opening = before.Text.Length - OpeningPunctuation().Match(before.Text).Length;
            if (closing > 0 && opening == before.Text.Length)
                (before.Text, after.Text) = (before.Text + after.Text[..closing], after.Text[closing..]);
            else
                (before.Text, after.Text) = (before.Text[..opening], before.Text[opening..] + after.Text);
            (pieces[i - 1], pieces[i]) = (before, after);
        }
    }

    [GeneratedRegex(@"^[\p{Pe}\p{Pf}.,;:!?…""']+")]
    private static partial Regex ClosingPunctuation();

    [GeneratedRegex(@"[\p{Ps}\p{Pi}]+$")]
    private static partial Regex OpeningPunctuation();

    private static void Append(List<(string Text, Style Style)> text, IEnumerable<Inline>? inlines, Style style)
    {
        foreach (var inline in inlines ?? [])
            switch (inline)
            {
                case LiteralInline literal:
                    text.Add((literal.Content.ToString(), style));
                    break;
                case CodeInline code:
                    text.Add((code.Content, _code));
                    break;
                case LineBreakInline lineBreak:
                    text.Add((lineBreak.IsHard ? "\n" : " ", style));
                    break;
                case HtmlEntityInline entity:
                    text.Add((entity.Transcoded.ToString(), style));
                    break;
                case AutolinkInline link:
                    text.Add((link.Url, _dim));
                    break;
                case LinkInline { IsImage: true } image:
                    text.Add(("[picture: ", _dim));
                    Append(text, image, _dim);
                    text.Add(("]", _dim));
                    break;
                case LinkInline link:
                    Append(text, link, style);
                    if (Uri.IsWellFormedUriString(link.Url, UriKind.Absolute)) text.Add(($" ({link.Url})", _dim));
                    break;
                case EmphasisInline emphasis:
                    Append(text, emphasis, style.Combine(emphasis.DelimiterCount > 1 ? _bold : _italic));
                    break;
                case ContainerInline container:
                    Append(text, container, style);
                    break;
            }
    }
}
