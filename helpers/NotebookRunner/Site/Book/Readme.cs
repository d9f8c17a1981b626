using GptEmbeddings.NotebookRunner.Notebook;
using GptEmbeddings.NotebookRunner.Site.Texts;
using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace GptEmbeddings.NotebookRunner.Site.Book;

/// <summary>
/// What a repository says of its notebooks, so that the pages say the same: the terms, in the table of the
/// <c>glossary.md</c> beside them, and the question that each answers, in the tables of the README whose first column
/// links to notebooks.
/// </summary>
internal sealed class Readme
{
    private const int MostBytes = 1_000_000;

    private readonly Dictionary<string, string> _questions = [];
    private readonly string? _root;

    private Readme(string? root, MarkdownDocument document, MarkdownDocument glossary)
    {
        _root = root;
        GlossaryIntroduction = glossary.OfType<ParagraphBlock>().Select(Prose.Text).FirstOrDefault() ?? "";
        Glossary = new([.. glossary.OfType<Table>().Take(1).SelectMany(Rows).Select(ToTerm)
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
        var root = NotebookPaths.WithAbove(folder)
            .FirstOrDefault(folder => NotebookPaths.IsRoot(folder) && IsReadable(Path.Combine(folder, "README.md")));
        return root is null ? new(null, [], [])
            : new(root, Read(Path.Combine(root, "README.md")), Read(GlossaryIn(root)));
    }

    /// <summary>The file with the terms; null where there is no repository.</summary>
    public string? GlossaryFile => _root is null ? null : GlossaryIn(_root);

    private static string GlossaryIn(string root) => Path.Combine(root, "notebooks", "glossary.md");

    private static MarkdownDocument Read(string file) =>
        IsReadable(file) ? MarkdownText.Parse(File.ReadAllText(file)) : [];

    private static bool IsReadable(string file) =>
        FileStatus.IsRegularFile(file) && new FileInfo(file).Length <= MostBytes;

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
