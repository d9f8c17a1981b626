using System.Text.RegularExpressions;
using Markdig.Helpers;

namespace GptEmbeddings.NotebookRunner.Site.Book;

/// <summary>The terms that the pages explain.</summary>
internal sealed class Glossary
{
    private const string Nothing = "(?!)";

    private readonly Dictionary<string, Term> _byName;
    private readonly Regex _pattern;

    /// <summary>Takes the terms; none means that nothing is explained.</summary>
    public Glossary(IReadOnlyList<Term> terms)
    {
        Terms = terms;
        _byName = terms.DistinctBy(term => term.Name.ToLowerInvariant())
            .ToDictionary(term => term.Name, StringComparer.OrdinalIgnoreCase);
        // The longest first: an embedding table is no embedding.
        var names = _byName.Keys.OrderByDescending(name => name.Length).Select(Regex.Escape).DefaultIfEmpty(Nothing);
        _pattern = new($@"(?<![\w-])(?<name>{string.Join('|', names)})(?:e?s)?(?![\w-])", RegexOptions.IgnoreCase);
    }

    public IReadOnlyList<Term> Terms { get; }

    /// <summary>The places in a text where a term stands, also in the plural.</summary>
    public IEnumerable<(Range Place, Term Term)> Find(string text) =>
        _pattern.Matches(text).Select(match =>
            (match.Index..(match.Index + match.Length), _byName[match.Groups["name"].Value]));
}

/// <summary>A term of the glossary.</summary>
/// <param name="Name">How it is written within a sentence.</param>
/// <param name="Meaning">One sentence, as text, with the shape where it has one.</param>
internal sealed record Term(string Name, string Meaning)
{
    /// <summary>What a link to it has after the <c>#</c>.</summary>
    public string Anchor { get; } = "term-" + LinkHelper.UrilizeAsGfm(Name);
}
