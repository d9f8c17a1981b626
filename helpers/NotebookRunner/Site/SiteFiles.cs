using System.Security.Cryptography;

namespace GptEmbeddings.NotebookRunner.Site;

/// <summary>
/// The files of a site before they are written: every address is given once, and none is a folder as well. Letters
/// count alike in both cases, as some file systems have it.
/// </summary>
internal sealed class SiteFiles
{
    /// <summary>The folders for <see cref="AddContent"/>.</summary>
    public const string Pictures = "pictures", Data = "data";

    private readonly Dictionary<string, Action<string>> _files = new(StringComparer.OrdinalIgnoreCase);
    // From the start, those whose files have no name before their content is known.
    private readonly HashSet<string> _folders = new([Pictures, Data], StringComparer.OrdinalIgnoreCase);

    /// <summary>All addresses, from the top of the site, with <c>/</c> between folders.</summary>
    public IReadOnlyCollection<string> Addresses => _files.Keys;

    /// <summary>Takes the first of these addresses that is free, for a file that is written to the path given, or
    /// not at all as long as nothing is set.</summary>
    public string Add(IEnumerable<string> wanted, Action<string>? write = null)
    {
        var address = wanted.First(IsFree);
        _files[address] = write ?? (_ => { });
        _folders.UnionWith(SiteAddress.FoldersOf(address));
        return address;
    }

    /// <summary>Says what to write at an address that was taken.</summary>
    public void Set(string address, string text) => Set(address, path => File.WriteAllText(path, text));

    public void Set(string address, Action<string> write) => _files[address] = write;

    /// <summary>Adds content under a name that it gives itself: the same content is one file.</summary>
    public string AddContent(string folder, string extension, byte[] content)
    {
        var address = $"{folder}/{Convert.ToHexStringLower(SHA256.HashData(content))[..16]}{extension}";
        Set(address, path => File.WriteAllBytes(path, content));
        return address;
    }

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
        && !SiteAddress.FoldersOf(address).Any(_files.ContainsKey);
}
