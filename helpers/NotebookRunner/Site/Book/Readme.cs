using GptEmbeddings.NotebookRunner.Notebook;
using GptEmbeddings.NotebookRunner.Site.Texts;
using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace GptEmbeddings.NotebookRunner.Site.Book;

/// <summary>
/// What the README of a repository of notebooks says of them, so that the pages say the same: the glossary, and the
/// question that each notebook answers. Both are tables: one below the heading <c>Glossary</c>, and one whose first
/// column links to the notebooks.
/// </summary>
internal sealed class Readme
{
    private const int MostBytes = 1_000_000;

    private readonly Dictionary<string, string> _questions = [];
    private readonly string? _root;

    private Readme(string? root, MarkdownDocument document)
    {
        _root = root;
        var section = document
            .SkipWhile(block => block is not HeadingBlock heading || Prose.Text(heading) != "Glossary").Skip(1)
            .TakeWhile(block => block is not HeadingBlock).ToList();
        GlossaryIntroduction = section.OfType<ParagraphBlock>().Select(Prose.Text).FirstOrDefault() ?? "";
        Glossary = new([.. section.OfType<Table>().Take(1).SelectMany(Rows).Select(ToTerm)
            .Where(term => term.Name.Length > 0).DistinctBy(term => term.Anchor)]);
        foreach (var row in document.OfType<Table>().SelectMany(Rows).Where(row => row.Count > 1))
            if (row[0].Descendants<LinkInline>().FirstOrDefault()?.Url is { } link
                && link.EndsWith(".ipynb", StringComparison.Ordinal))
                _questions[Path.GetFullPath(Path.Combine(root!, Uri.UnescapeDataString(link)))] = Prose.Text(row[1]);
    }

    public Glossary Glossary { get; }

    /// <summary>The paragraph before them, as text.</summary>
    public string GlossaryIntroduction { get; }

    /// <summary>Reads that of the repository that holds a folder; an empty one where there is none.</summary>
    public static Readme Of(string folder)
    {
        var path = NotebookPaths.WithAbove(folder).Where(NotebookPaths.IsRoot)
            .Select(root => Path.Combine(root, "README.md"))
            .FirstOrDefault(file => FileStatus.IsRegularFile(file) && new FileInfo(file).Length <= MostBytes);
        return path is null ? new(null, [])
            : new(Path.GetDirectoryName(path), MarkdownText.Parse(File.ReadAllText(path)));
    }

    /// <summary>What a notebook answers, as text; null where the README does not say.</summary>
    public string? Question(string notebook) => _questions.GetValueOrDefault(notebook);

    /// <summary>The folder of a notebook within the repository; null when it lies in none.</summary>
    public string? FolderOf(string notebook) => _root is null ? null
        : SiteAddress.Of(Path.GetRelativePath(_root, Path.GetDirectoryName(notebook)!));

    private static IEnumerable<TableRow> Rows(Table table) => table.OfType<TableRow>().Where(row => !row.IsHeader);

    private static Term ToTerm(TableRow row)
    {
        var cells = row.Select(cell => Prose.Text((TableCell)cell)).ToList();
        return new(cells[0], string.Join(" · ", cells.Skip(1).Where(cell => cell.Length > 0)));
    }
}
