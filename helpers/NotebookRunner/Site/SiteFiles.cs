using System.Security.Cryptography;
using System.Text;

namespace GptEmbeddings.NotebookRunner.Site;

/// <summary>
/// The files of a site before they are written: every address is given once, and none is a folder as well. Letters
/// count alike in both cases, as some file systems have it.
/// </summary>
internal sealed class SiteFiles
{
    /// <summary>The folders for <see cref="AddContent(string, string, byte[])"/>.</summary>
    public const string Pictures = "pictures", Data = "data";

    private readonly Dictionary<string, Action<string>> _files = new(StringComparer.OrdinalIgnoreCase);
    // From the start, those whose files have no name before their content is known.
    private readonly HashSet<string> _folders = new([Pictures, Data], StringComparer.OrdinalIgnoreCase);

    /// <summary>All addresses, from the top of the site, with <c>/</c> between folders.</summary>
    public IReadOnlyCollection<string> Addresses => _files.Keys;

    /// <summary>Takes the first of these addresses that is free, for a file that is written later.</summary>
    /// <param name="wanted">The addresses, the best first; the last may go on without end.</param>
    /// <param name="write">Writes the file to the path that it is given.</param>
    public string Add(IEnumerable<string> wanted, Action<string>? write = null)
    {
        var address = wanted.First(IsFree);
        _files[address] = write ?? (_ => { });
        _folders.UnionWith(FoldersOf(address));
        return address;
    }

    /// <summary>Says what to write at an address that was taken.</summary>
    public void Set(string address, string text) => _files[address] = path => File.WriteAllText(path, text);

    /// <summary>Says how to write the file of an address that was taken.</summary>
    public void Set(string address, Action<string> write) => _files[address] = write;

    /// <summary>Writes no file at an address that was taken.</summary>
    public void Remove(string address) => _files.Remove(address);

    /// <summary>Adds content under a name that it gives itself: the same content is one file.</summary>
    public string AddContent(string folder, string extension, byte[] content)
    {
        var name = Convert.ToHexStringLower(SHA256.HashData(content))[..16] + extension;
        var address = $"{folder}/{name}";
        _files[address] = path => File.WriteAllBytes(path, content);
        return address;
    }

    /// <summary>The same for text.</summary>
    public string AddContent(string folder, string extension, string content) =>
        AddContent(folder, extension, Encoding.UTF8.GetBytes(content));

    /// <summary>Writes all of them.</summary>
    public void WriteTo(string folder)
    {
        foreach (var (address, write) in _files)
        {
            var path = Path.Combine(folder, address);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            write(path);
        }
    }

    private bool IsFree(string address) => !_files.ContainsKey(address) && !_folders.Contains(address)
        && !FoldersOf(address).Any(_files.ContainsKey);

    private static IEnumerable<string> FoldersOf(string address)
    {
        for (var end = address.LastIndexOf('/'); end > 0; end = address.LastIndexOf('/', end - 1))
            yield return address[..end];
    }
}
