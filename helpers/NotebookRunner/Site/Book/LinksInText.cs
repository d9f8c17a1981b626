using System.Globalization;
using System.Text.RegularExpressions;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace GptEmbeddings.NotebookRunner.Site.Book;

/// <summary>
/// Links that running text has on a page though nobody wrote them: where it names a notebook by its number, and at the
/// first use of a term in each section. Not in headings, code and other links.
/// </summary>
/// <param name="lesson">Gives the address of the notebook of a number; null when there is none.</param>
/// <param name="glossary">The terms.</param>
/// <param name="glossaryAddress">The address of the page that explains them.</param>
internal sealed partial class LinksInText(Func<int, string?> lesson, Glossary glossary, string glossaryAddress)
{
    private readonly HashSet<Term> _explained = [];

    public void AddTo(MarkdownDocument document)
    {
        foreach (var block in document)
        {
            if (block is HeadingBlock { Level: <= 2 }) _explained.Clear();
            var paragraphs = block is ParagraphBlock own ? [own] : block.Descendants<ParagraphBlock>();
            foreach (var text in paragraphs.SelectMany(RunningText).ToList()) AddTo(text);
        }
    }

    // HTML that the author wrote may be a link itself.
    private static IEnumerable<LiteralInline> RunningText(ParagraphBlock paragraph) =>
        paragraph.Inline is not { } inline || inline.Descendants<HtmlInline>().Any() ? []
            : inline.Descendants<LiteralInline>().Where(text => text.FindParentOfType<LinkInline>().All(_ => false));

    private void AddTo(LiteralInline literal)
    {
        var text = literal.Content.ToString();
        var end = 0;
        foreach (var (start, length, tag) in Notebooks(text).Concat(Terms(text)).OrderBy(link => link.Start))
        {
            if (start < end) continue;
            literal.InsertBefore(new LiteralInline(text[end..start]));
            literal.InsertBefore(new HtmlInline(tag));
            literal.InsertBefore(new LiteralInline(text[start..(end = start + length)]));
            literal.InsertBefore(new HtmlInline("</a>"));
        }

        literal.Content = new(text[end..]);
    }

    private IEnumerable<(int Start, int Length, string Tag)> Notebooks(string text)
    {
        foreach (Match match in NotebookNumbers().Matches(text))
            foreach (Capture number in match.Groups["number"].Captures)
            {
                var address = lesson(int.Parse(number.Value, CultureInfo.InvariantCulture));
                if (address is null) continue;
                // The first has the word before it.
                var start = number == match.Groups["number"].Captures[0] ? match.Index : number.Index;
                yield return (start, number.Index + number.Length - start, $"<a href=\"{address}\">");
            }
    }

    private IEnumerable<(int Start, int Length, string Tag)> Terms(string text)
    {
        foreach (var (place, term) in glossary.Find(text))
            if (_explained.Add(term))
                yield return (place.Start.Value, place.End.Value - place.Start.Value,
                    $"<a class=\"term\" href=\"{glossaryAddress}#{term.Anchor}\" "
                    + $"data-meaning=\"{Html.Encode(term.Meaning)}\">");
    }

    [GeneratedRegex(@"\bnotebooks?\s+(?<number>\d{1,3})\b(?:(?:,\s*|,?\s+(?:and|or|to)\s+)(?<number>\d{1,3})\b)*",
        RegexOptions.IgnoreCase)]
    private static partial Regex NotebookNumbers();
}
