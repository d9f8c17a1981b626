namespace GptEmbeddings.NotebookRunner.Site.Book;

/// <summary>The page that explains all terms.</summary>
internal static class GlossaryPage
{
    public static string ToHtml(Readme readme, string address, string sidebar)
    {
        var entries = readme.Glossary.Terms.Select(term => $"""
            <dt id="{term.Anchor}">{Html.Encode(term.Name)}</dt>
            <dd>{Html.Encode(term.Meaning)}</dd>
            """);
        return HtmlFile.Of("Glossary", address, $"""
            <div class="page">
            {sidebar}
            <main id="text">
            <h1>Glossary</h1>
            <p>{Html.Encode(readme.GlossaryIntroduction)}</p>
            <dl class="glossary">
            {string.Join('\n', entries)}
            </dl>
            </main>
            </div>
            """);
    }

    /// <summary>What the search finds of it.</summary>
    public static IReadOnlyList<SearchIndex.Section> Words(Glossary glossary) =>
        [.. glossary.Terms.Select(term => new SearchIndex.Section(term.Anchor, term.Name, term.Meaning))];
}
