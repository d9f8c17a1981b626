namespace GptEmbeddings.NotebookRunner.Site;

/// <summary>Addresses inside the site, which work from the file system too.</summary>
internal static class SiteAddress
{
    /// <summary>The address of one file as a link from another has it.</summary>
    /// <param name="from">The page with the link, from the top of the site, <c>/</c> between folders.</param>
    /// <param name="to">Where it leads.</param>
    public static string Between(string from, string to)
    {
        var relative = Path.GetRelativePath(Path.GetDirectoryName($"/{from}")!, $"/{to}");
        return string.Join('/', relative.Split(Path.DirectorySeparatorChar).Select(Uri.EscapeDataString));
    }

    /// <summary>Gives a link that a page has as the index has it.</summary>
    public static string FromIndex(string page, string link)
    {
        var folder = Path.GetDirectoryName(page)!;
        return folder.Length == 0 ? link : $"{Between("index.html", folder)}/{link}";
    }

    /// <summary>A relative path with <c>/</c> between folders.</summary>
    public static string Of(string path) => path.Replace(Path.DirectorySeparatorChar, '/');

    /// <summary>The folders that a file lies in, the innermost first.</summary>
    public static IEnumerable<string> FoldersOf(string address)
    {
        while (Path.GetDirectoryName(address) is { Length: > 0 } folder) yield return address = Of(folder);
    }
}
