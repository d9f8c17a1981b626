using System.Text.Encodings.Web;
using System.Text.Json;

namespace GptEmbeddings.NotebookRunner.Site.Book;

/// <summary>
/// The words of all pages as a script, which a page can load from the file system, too: an array for each page with its
/// address, its title and its sections, each an array of anchor, title and text.
/// </summary>
internal static class SearchIndex
{
    private static readonly JsonSerializerOptions _readable = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Of(IEnumerable<(string Address, string Title, IReadOnlyList<Section> Sections)> pages)
    {
        var index = pages.Select(page => new object[]
        {
            page.Address, page.Title,
            page.Sections.Where(section => section.Title.Length + section.Text.Length > 0)
                .Select(section => new[] { section.Anchor, section.Title, section.Text }),
        });
        return $"window.gptEmbeddingsSearch = {JsonSerializer.Serialize(index, _readable)};\n";
    }

    /// <summary>What a result leads to: a heading, and its text in one line.</summary>
    internal sealed record Section(string Anchor, string Title, string Text);
}
